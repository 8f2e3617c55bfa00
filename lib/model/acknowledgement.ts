import type { EpochMs } from './time';

/** A device says that it has a message. */
export interface Acknowledgement {
  readonly messageId: string;
  readonly accountId: string;
  readonly deviceId: string;
}

/** Which devices have said that they have a message; kept for a day. */
export interface AckStore {
  /** Stores them; a repeat changes nothing. */
  save(appKey: string, acks: readonly Acknowledgement[], now: EpochMs): Promise<void>;
  /** Those of the ones asked for that have been stored, by `ackKey`; 100 a call, strongly consistent. */
  among(
    appKey: string,
    asked: readonly Acknowledgement[],
    now: EpochMs,
  ): Promise<ReadonlySet<string>>;
}

/** Tells acknowledgements apart: no id holds a `/`. */
export function ackKey({ messageId, accountId, deviceId }: Acknowledgement): string {
  return `${messageId}/${accountId}/${deviceId}`;
}
