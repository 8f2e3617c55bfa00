import type { PrePushHook } from './app-settings';
import type { MessageEvent, PushConfig } from './message-event';

/** What an app's webhook changes of one message; what it leaves out stays as it is. */
export interface HookChange {
  readonly messageId: string;
  readonly pushEnabled?: boolean | undefined;
  readonly pushContent?: string | undefined;
  readonly forcePushContent?: string | undefined;
  /** Who is left of the recipients; none can be added. */
  readonly recipients?: readonly string[] | undefined;
}

/** What of a message's push properties the webhook changed. */
export type HookedConfig = Partial<
  Pick<PushConfig, 'pushEnabled' | 'pushContent' | 'forcePushContent'>
>;

/** Asks an app's webhook about the messages of a call. */
export interface HookClient {
  /** `failed` when it did not answer within 2 s, or not as it should; says why, without the answer. */
  ask(
    appKey: string,
    hook: PrePushHook,
    events: readonly MessageEvent[],
  ): Promise<
    | { readonly kind: 'answered'; readonly changes: readonly HookChange[] }
    | { readonly kind: 'failed'; readonly code: string }
  >;
}
