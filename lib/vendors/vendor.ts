import type { GenericSchema } from 'valibot';
import type { MessageClass } from '../model/app-settings';
import type { Certificate, Endpoint } from '../model/certificate';
import type { Notification } from '../model/notification';
import type { FlowGate, HttpClient } from '../model/ports';
import type { Receipt } from '../model/receipt';
import type { SendOutcome, VendorReason } from '../model/send-outcome';
import type { Clock, EpochMs } from '../model/time';
import type { VendorId } from '../model/vendor-id';

/** A vendor's published limits, read from `limits.json`. Each number has a source and the day it was checked. */
export interface VendorLimits {
  /** What the vendor counts for its rate: its requests, or the tokens in them. */
  readonly rateCounts: 'requests' | 'tokens';
  /** The lowest published rate; a certificate may state its own. */
  readonly ratePerSecond: number;
  readonly tokensPerRequest: number;
  readonly titleCharacters: number;
  readonly bodyCharacters: number;
  readonly payloadBytes: number;
  readonly maxTtlSeconds: number;
  readonly source: string;
  /** ISO date. */
  readonly checkedOn: string;
}

/** What a vendor's code means to us. */
export interface ErrorMeaning {
  readonly kind: Exclude<SendOutcome['kind'], 'accepted'>;
  /** The vendor's words, for the trace. */
  readonly text: string;
  /** Only for `throttled`. */
  readonly scope?: 'second' | 'device' | 'day';
}

/** Vendor code → meaning. A code that is missing here is `unavailable` and marked `unmapped`. */
export type ErrorTable = Readonly<Record<string, ErrorMeaning>>;

/** A vendor's receipt call as it arrived. */
export interface ReceiptRequest {
  readonly body: string;
  readonly contentType: string;
  readonly receivedAt: EpochMs;
}

/** All the system knows about a vendor without sending: facts, checks and receipts. Safe in every bundle. */
export interface Vendor {
  readonly id: VendorId;
  readonly limits: VendorLimits;
  readonly errors: ErrorTable;
  /** What `credentials` of a certificate must hold. */
  readonly credentials: GenericSchema<unknown, object>;
  /** The vendor refuses requests without a package name. */
  readonly packageRequired: boolean;
  readonly endpoint: Endpoint;
  readonly authEndpoint?: Endpoint;
  /** Host names (a leading dot allows subdomains) a certificate's own `endpoint` may name. */
  readonly hosts: readonly string[];
  /** Absent where the vendor sends none. Throws `Refusal` 400 on a body it cannot read. */
  readonly readReceipts?: (request: ReceiptRequest) => readonly Receipt[];
}

/** One content for one or more tokens: at most the vendor's `tokensPerRequest`. */
export interface SendRequest {
  readonly jobId: string;
  readonly notification: Notification;
  readonly tokens: readonly [string, ...string[]];
  /** What is left of the message's life, at least 1. The vendor clamps it to its own range. */
  readonly ttlSeconds: number;
  readonly messageClass?: MessageClass;
  /** Where receipts of this certificate go; absent when the service has no public address. */
  readonly receiptUrl?: string;
}

/** Speaks to one vendor with one certificate. */
export interface VendorSender {
  /** Never throws for anything the vendor or the network does. One outcome per token, in order. */
  send(request: SendRequest): Promise<readonly [SendOutcome, ...SendOutcome[]]>;
}

/** What a sender may use. `http` already waits for the flow limit; FCM, which has a client of its own, uses `gate`. */
export interface SenderPorts {
  readonly http: HttpClient;
  readonly gate: FlowGate;
  readonly clock: Clock;
}

export type CreateSender = (certificate: Certificate, ports: SenderPorts) => VendorSender;

/** The outcome a vendor's code stands for; codes in no table are retried, bounded, and alarmed. */
export function outcomeOf(
  table: ErrorTable,
  code: string,
  text: string,
  retryAfterMs?: number,
): SendOutcome {
  const meaning = table[code];
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (meaning === undefined) {
    return { kind: 'unavailable', reason: { code, text, unmapped: true }, ...wait };
  }
  const reason: VendorReason = { code, text: meaning.text };
  switch (meaning.kind) {
    case 'throttled':
      return { kind: 'throttled', scope: meaning.scope ?? 'second', reason, ...wait };
    case 'unavailable':
      return { kind: 'unavailable', reason, ...wait };
    default:
      return { kind: meaning.kind, reason };
  }
}
