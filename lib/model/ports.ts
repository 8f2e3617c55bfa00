import type { Account, Mute, NodeHeartbeat, RegisteredToken } from './account';
import type { App, AppSettingsChange, CertificateEntry } from './app-settings';
import type { Certificate, ReceiptCheck } from './certificate';
import type { PushJob } from './push-job';
import type { VendorReason } from './send-outcome';
import type { MessageOrigin, StoredRecipient, SubmissionRecord } from './submission';
import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

/** Every way out of the process, on one page. Implemented in `lib/aws` and `lib/http`. */

/** A change of one account: what to store, and which tokens it takes over from whoever had them. */
export interface AccountChange {
  readonly account: Account;
  /** Tokens newly bound to a device of this account. */
  readonly claims?: readonly (RegisteredToken & { readonly deviceId: string })[];
  /** Tokens this account gives up. */
  readonly releases?: readonly RegisteredToken[];
  /** The change is a sign of life of a device: the account is kept for so many days, and some more, from now on. */
  readonly inactiveDays?: number;
}

/** An account with all its mutes: those in its own item, and those that lie apart. */
export interface MutingAccount {
  readonly account: Account;
  /** By conversation id; empty unless the account `hasMoreMutes`. */
  readonly apart: Readonly<Record<string, Mute>>;
}

/** Accounts with their devices, and who owns which token. */
export interface AccountStore {
  /** Strongly consistent. */
  get(appKey: string, accountId: string): Promise<Account | undefined>;
  /** Eventually consistent, 100 accounts a call; unknown accounts are missing from the map. */
  getMany(appKey: string, accountIds: readonly string[]): Promise<ReadonlyMap<string, Account>>;
  /**
   * Reads, changes and writes one account, again if somebody else was faster. `change` may be called
   * more than once; `undefined` means nothing to write. Claimed tokens leave their old owner in the same transaction.
   * Throws `ConflictError` after too many tries.
   */
  update(
    appKey: string,
    accountId: string,
    change: (account: Account | undefined) => AccountChange | undefined,
  ): Promise<Account | undefined>;
  /**
   * As `update`, for the mutes of an account; `apart` are those that lie apart. All change in one transaction.
   */
  updateMutes(
    appKey: string,
    accountId: string,
    change: (
      account: Account | undefined,
      apart: MutingAccount['apart'],
    ) => MutingAccount | undefined,
  ): Promise<void>;
  /**
   * The mutes of these conversations that lie apart from their accounts (which then `hasMoreMutes`), by account id and
   * conversation id with a line break between; eventually consistent.
   */
  getMutes(
    appKey: string,
    pairs: readonly { readonly accountId: string; readonly conversationId: string }[],
  ): Promise<ReadonlyMap<string, Mute>>;
  /**
   * Removes an account with its devices, mutes and tokens, if there is one; at once, unless it has more tokens than
   * fit a transaction: then some of them go before it. Throws `ConflictError` after too many tries.
   */
  erase(appKey: string, accountId: string): Promise<void>;
  /** Who has this token, if anyone. */
  ownerOf(
    appKey: string,
    vendor: VendorId,
    token: string,
  ): Promise<{ readonly accountId: string; readonly deviceId: string } | undefined>;
  /** Stores heartbeats; one older than what is stored changes nothing. */
  saveHeartbeats(
    appKey: string,
    beats: readonly { node: string; epoch: string; at: EpochMs }[],
  ): Promise<void>;
  getHeartbeats(
    appKey: string,
    nodes: readonly string[],
  ): Promise<ReadonlyMap<string, NodeHeartbeat>>;
}

/** Apps with settings and the certificate directory; no secret passes here. */
export interface AppStore {
  /** At most some seconds old. */
  get(appKey: string): Promise<App | undefined>;
  /** As stored now. */
  getFresh(appKey: string): Promise<App | undefined>;
  /** As `get`, and as stored now where it lacks one of these certificates, unless it has lacked it for a while. */
  getKnowing(appKey: string, certificates: ReadonlySet<string>): Promise<App | undefined>;
  /**
   * Sets what is given and leaves the rest; answers the app as it is then. Throws `Refusal` 413 when all settings
   * together would be more than 100 KB.
   */
  changeSettings(appKey: string, change: AppSettingsChange): Promise<App>;
}

/** App secrets, opened and kept for at most 60 s. */
export interface SecretStore {
  /**
   * Secrets by key id (`appKey` or `appKey.n`), at most two; empty for an unknown or revoked app.
   * Read anew when `keyId` is not among the kept ones: a secret just added works at once.
   */
  secretsOf(appKey: string, keyId?: string): Promise<ReadonlyMap<string, string>>;
}

/** Certificates with their credentials, sealed at rest. */
export interface CertificateStore {
  /** Stores a certificate and its directory entry together; keeps the receipt id of an earlier one of that name. */
  put(certificate: Omit<Certificate, 'receiptId'>): Promise<CertificateEntry>;
  /** False when there was none. */
  remove(appKey: string, name: string): Promise<boolean>;
  /** Opens one vendor's certificate; undefined when it is gone. */
  open(appKey: string, vendor: VendorId, name: string): Promise<Certificate | undefined>;
  /** Whose receipts arrive at this address. */
  byReceiptId(receiptId: string): Promise<
    | {
        readonly appKey: string;
        readonly vendor: VendorId;
        readonly certificate: string;
        readonly check?: ReceiptCheck;
      }
    | undefined
  >;
}

export interface SubmissionStore {
  /** Stores the record unless one exists; then answers the one that exists. */
  begin(
    appKey: string,
    key: string,
    record: SubmissionRecord,
  ): Promise<SubmissionRecord | undefined>;
  get(appKey: string, key: string): Promise<SubmissionRecord | undefined>;
  replace(appKey: string, key: string, record: SubmissionRecord): Promise<void>;
  /**
   * Marks a message as recalled; answers its record, if there is one, and since when it is marked. A message that comes
   * later, within 24 hours, finds the mark: `begin` answers a record without a body hash.
   */
  recall(
    appKey: string,
    key: string,
    messageId: string,
    now: EpochMs,
  ): Promise<{ readonly record?: SubmissionRecord; readonly recalledAt: EpochMs }>;
  /** Takes a record back whose call was refused. */
  discard(appKey: string, key: string): Promise<void>;
  /** Keeps decisions that do not fit the record (over 100 recipients, or a batch) for the trace and for a recall. */
  saveDecisions(
    appKey: string,
    messageId: string,
    decidedAt: EpochMs,
    recipients: readonly StoredRecipient[],
    origin?: MessageOrigin,
  ): Promise<void>;
  /** Everything kept of one message's decisions. */
  decisionsOf(
    appKey: string,
    messageId: string,
  ): Promise<
    | {
        readonly decidedAt: EpochMs;
        readonly recipients: readonly StoredRecipient[];
        readonly origin?: MessageOrigin;
      }
    | undefined
  >;
}

export type {
  ClaimAnswer,
  JobAddress,
  JobProgress,
  JobRecord,
  JobStore,
  OffshootProgress,
  StoredResult,
  TargetResult,
} from './job-store';

/** The vendor queues. */
export interface JobQueue {
  /** Resolves when every job is in its queue. `delayMs` is at most 900,000. */
  put(jobs: readonly PushJob[], delayMs?: number): Promise<void>;
  /** Puts a job into its dead-letter queue, with the reason. */
  bury(job: PushJob, reason: VendorReason): Promise<void>;
}

/** Metrics and logs. Names of metrics are in `docs/operations.md`; no token and no text ever. */
export interface Telemetry {
  count(metric: MetricName, value: number, dimensions?: Readonly<Record<string, string>>): void;
  log(
    level: 'info' | 'warn' | 'error',
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ): void;
}

/** Metrics of how things are, rather than of what happened: the last value of a metric counts, none are summed up. */
export interface Gauges {
  gauge(metric: MetricName, value: number, dimensions?: Readonly<Record<string, string>>): void;
}

export type MetricName =
  | 'MessagesAccepted'
  | 'PushesDecided'
  | 'JobsQueued'
  | 'VendorRequests'
  | 'SendOutcomes'
  | 'FlowWaits'
  | 'FlowLimit'
  | 'FlowLearnedLimit'
  | 'FlowUnitsUsed'
  | 'QuotaLeft'
  | 'TokensForgotten'
  | 'TokensKept'
  | 'CertificateRests'
  | 'QuotaDrops'
  | 'QuotaHolds'
  | 'QuotaOtherChannels'
  | 'QuotaPauses'
  | 'UnmappedVendorCodes'
  | 'DeadLetters'
  | 'Receipts'
  | 'JobsPutBack'
  | 'CopiesIgnored'
  | 'HookFailures'
  | 'UnreadFailures';
