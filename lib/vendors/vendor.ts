import {
  exactOptional,
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
import type { AccessTokenStore } from '../model/access-token';
import type { Endpoint, MessageClass } from '../model/app-settings';
import type { Certificate, ReceiptCheck } from '../model/certificate';
import type { Notification } from '../model/notification';
import type { VendorQuotas } from '../model/quota';
import type { Receipt } from '../model/receipt';
import type { SendOutcome } from '../model/send-outcome';
import type { Clock, EpochMs } from '../model/time';
import type { VendorAbilities } from '../model/vendor-abilities';
import type { VendorId } from '../model/vendor-id';
import type { FlowGate, HttpClient } from '../model/vendor-ports';
import { quotasSchema } from './quota-schema';

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
  /** How much a day, by class of messages; absent where there is nothing of the kind. */
  readonly quotas?: VendorQuotas;
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
  /** Only for `misconfigured`: every message would fail the same way, so the certificate rests for a while. */
  readonly pauses?: true;
}

/** Vendor code → meaning. A code that is missing here is `unavailable` and marked `unmapped`. */
export type ErrorTable = Readonly<Record<string, ErrorMeaning>>;

/** A vendor's receipt call as it arrived. */
export interface ReceiptRequest {
  readonly body: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly receivedAt: EpochMs;
  /** What the certificate says receipts are to be checked with; absent: the unguessable address alone. */
  readonly check?: ReceiptCheck;
}

/** All the system knows about a vendor without sending: facts, checks and receipts. Safe in every bundle. */
export interface Vendor extends Omit<VendorAbilities, 'members'> {
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
  /**
   * Absent where the vendor sends none. Throws `Refusal` 400 on a body it cannot read, 401 on one that is not
   * the vendor's as far as `check` can tell.
   */
  readonly readReceipts?: (request: ReceiptRequest) => readonly Receipt[];
  /** `readReceipts` can check something; the receipts of all others are proven by their address alone. */
  readonly receiptsCheckable?: true;
  /** The body of HTTP 200 that tells the vendor its receipts have arrived; `{"code":0}` if absent. */
  readonly receiptAnswer?: string;
  /** Which address of an endpoint map serves this token. Absent where a vendor has one address for all. */
  readonly regionOf?: (token: string, deviceRegion: string | undefined) => string;
  /** What a certificate's settings lead to without being wrong, such as the restricted class; one sentence each. */
  readonly warningsFor?: (settings: CertificateSettings) => readonly string[];
}

/** The members of NIM's `pushPayload` that are one vendor's; all vendors' are in `payloads.ts`. */
export interface VendorPayload {
  /** Their names, e.g. `hwField`. */
  readonly members: readonly string[];
  /**
   * Of an object with these members alone, each optional. Refuses what the vendor would refuse; lets members pass
   * that it does not know, for vendors add some every year.
   */
  readonly schema: GenericSchema<unknown, object>;
}

/** What a certificate says besides its credentials. */
export type CertificateSettings = Pick<Certificate, 'package' | 'classes' | 'receipts'>;

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
  /** What `regionOf` said of all these tokens. */
  readonly region?: string;
}

/** Speaks to one vendor with one certificate. */
export interface VendorSender {
  /** Never throws for anything the vendor or the network does. One outcome per token, in order. */
  send(request: SendRequest): Promise<readonly [SendOutcome, ...SendOutcome[]]>;
  /**
   * Takes the notification with the request's `notifyId` out of the tray; there where the vendor `withdraws`. Where it
   * takes the number on the icon as it is, a `badge` of the request's notification is set as well; APNs, which takes
   * nothing out of a tray, does that alone.
   */
  withdraw?(request: SendRequest): Promise<readonly [SendOutcome, ...SendOutcome[]]>;
}

/** What a sender may use. `http` already waits for the flow limit; FCM, which has a client of its own, uses `gate`. */
export interface SenderPorts {
  readonly http: HttpClient;
  readonly gate: FlowGate;
  readonly clock: Clock;
  readonly accessTokens: AccessTokenStore;
}

export type CreateSender = (certificate: Certificate, ports: SenderPorts) => VendorSender;

const count = pipe(number(), minValue(1));
const limitsSchema = strictObject({
  rateCounts: picklist(['requests', 'tokens']),
  ratePerSecond: count,
  tokensPerRequest: count,
  titleCharacters: count,
  bodyCharacters: count,
  payloadBytes: count,
  maxTtlSeconds: count,
  quotas: exactOptional(quotasSchema),
  source: pipe(string(), url()),
  checkedOn: pipe(string(), isoDate()),
});

/** Turns a vendor's `limits.json` into its limits; throws, naming the field, when one is wrong. */
export function readLimits(json: unknown): VendorLimits {
  return parse(limitsSchema, json);
}

/** The address of a vendor's path: that of the region, else the one named `default`, else the first. */
export function addressOf(endpoint: Endpoint, path: string, region = 'default'): string {
  const base =
    typeof endpoint === 'string'
      ? endpoint
      : (endpoint[region] ?? endpoint['default'] ?? Object.values(endpoint)[0] ?? '');
  return base.replace(/\/+$/, '') + path;
}
