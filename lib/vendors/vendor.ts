import {
  type GenericSchema,
  isoDate,
  minValue,
  number,
  parse,
  picklist,
  pipe,
  strictObject,
  string,
  url,
} from 'valibot';
import type { Endpoint, MessageClass } from '../model/app-settings';
import type { Certificate } from '../model/certificate';
import type { Notification } from '../model/notification';
import type { FlowGate, HttpClient, HttpResult } from '../model/ports';
import type { Receipt } from '../model/receipt';
import type { SendOutcome, VendorReason } from '../model/send-outcome';
import { type Clock, type EpochMs, SECOND_MS } from '../model/time';
import type { VendorId } from '../model/vendor-id';
import { FLOW_CONTROL_CODE } from '../rules/after-send';
import { fitText } from '../rules/fit-text';

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

const count = pipe(number(), minValue(1));
const limitsSchema = strictObject({
  rateCounts: picklist(['requests', 'tokens']),
  ratePerSecond: count,
  tokensPerRequest: count,
  titleCharacters: count,
  bodyCharacters: count,
  payloadBytes: count,
  maxTtlSeconds: count,
  source: pipe(string(), url()),
  checkedOn: pipe(string(), isoDate()),
});

/** Turns a vendor's `limits.json` into its limits; throws, naming the field, when one is wrong. */
export function readLimits(json: unknown): VendorLimits {
  return parse(limitsSchema, json);
}

/**
 * The address of a vendor's path. Of addresses by region the one named `default` is taken, else the first:
 * a send does not know the device's region.
 */
export function addressOf(endpoint: Endpoint, path: string): string {
  const base =
    typeof endpoint === 'string'
      ? endpoint
      : (endpoint['default'] ?? Object.values(endpoint)[0] ?? '');
  return base.replace(/\/+$/, '') + path;
}

/** Something for each token, in order. */
export function eachToken<T>(
  tokens: readonly [string, ...string[]],
  make: (token: string) => T,
): readonly [T, ...T[]] {
  const [first, ...others] = tokens;
  return [make(first), ...others.map(make)];
}

/** Whether a reader sees anything of a text: blanks and invisible characters alone are nothing. */
export function isVisible(text: string): boolean {
  return /[^\s\p{Cc}\p{Cf}]/u.test(text);
}

/** Our own flow limit had no room: nothing was sent, nobody has failed, and no attempt is spent. */
export const HELD: SendOutcome = {
  kind: 'throttled',
  scope: 'second',
  reason: { code: FLOW_CONTROL_CODE, text: 'our own flow limit has no room now' },
};

/** The outcome of a request that got no answer. */
export function outcomeWithoutAnswer(
  result: Exclude<HttpResult, { kind: 'response' }>,
): SendOutcome {
  if (result.kind === 'held') {
    return HELD;
  }
  const code = result.code === 'timeout' ? 'timeout' : 'network';
  const text = `${result.sent ? 'no answer' : 'not sent'}: ${result.code}`;
  return { kind: 'unavailable', reason: { code, text } };
}

/** `outcome` with the vendor's own words behind the meaning of its code. */
export function withWords(outcome: SendOutcome, words: string): SendOutcome {
  if (outcome.kind === 'accepted' || words === '' || outcome.reason.text === words) {
    return outcome;
  }
  const { code, text } = outcome.reason;
  return { ...outcome, reason: { ...outcome.reason, code, text: `${text}: ${words}` } };
}

const WORDS_CHARACTERS = 200;

/** A vendor's words without the secrets and tokens it may have echoed, on one line, cut to 200 characters. */
export function safeWords(words: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret), formEncoded(secret)])
    .sort((one, other) => other.length - one.length);
  const longest = forms[0]?.length ?? 0;
  const readable = words.slice(0, WORDS_CHARACTERS + longest);
  const safe = forms.reduce((text, form) => text.replaceAll(form, '…'), readable);
  // where the words were cut, the front half of a secret may be left
  const whole = readable.length < words.length ? safe.slice(0, -longest || undefined) : safe;
  return fitText(whole.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim(), WORDS_CHARACTERS, 'characters');
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** Milliseconds of a `Retry-After` header (seconds or a date); undefined when there is none to obey. */
export function retryAfterMsOf(header: string | undefined, now: EpochMs): number | undefined {
  if (header === undefined || header.trim() === '') {
    return undefined;
  }
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * SECOND_MS;
  return waitMs > 0 && Number.isFinite(waitMs) ? waitMs : undefined;
}
