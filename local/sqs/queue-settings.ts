import type { MessageJournal } from './message-journal';
import type { Queue } from './queue';

/** How a standard queue behaves. */
export interface QueueBehaviour {
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  readonly maximumMessageBytes: number;
  readonly receiveWaitSeconds: number;
  readonly redrive:
    | { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number }
    | undefined;
}

/** A queue's names and behaviour. */
export interface QueueSettings extends QueueBehaviour {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
}

export interface ReceiveOptions {
  /** 1 to 10. */
  readonly maxMessages: number;
  /** How long to wait for a first message; 0 answers at once. */
  readonly waitMs: number;
  /** The queue's own if absent. */
  readonly visibilityTimeoutSeconds?: number | undefined;
  /** Ends the wait with what there is: nothing. */
  readonly signal?: AbortSignal | undefined;
}

/** What a queue needs from the others. */
export interface QueueSurroundings {
  readonly journal: MessageJournal;
  nextSequence(): number;
  findByArn(arn: string): Queue | undefined;
}
