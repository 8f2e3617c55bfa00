import type { PushJob } from './push-job';
import type { Receipt } from './receipt';
import type { TargetStatus } from './send-outcome';
import type { EpochMs } from './time';

/** What became of one target in one send. */
export interface TargetResult {
  readonly messageId: string;
  readonly accountId: string;
  readonly deviceId: string;
  readonly token: string;
  readonly status: TargetStatus;
  readonly code?: string;
  readonly text?: string;
  /** Which of a vendor's regional addresses was used. */
  readonly region?: string;
  readonly at: EpochMs;
}

/** A result as stored: a fingerprint stands for the token. */
export type StoredResult = Omit<TargetResult, 'token'> & { readonly tokenFingerprint: string };

export type ClaimAnswer =
  | {
      readonly claim: 'granted';
      /** Messages of the job that were recalled. */
      readonly recalled?: ReadonlySet<string>;
      /** A sender had this very copy before, until then, and never told what came of it: it may have sent it. */
      readonly lapsedAt?: EpochMs;
    }
  /** Another container holds it until then. */
  | { readonly claim: 'held'; readonly until: EpochMs }
  /** Finished, or a newer copy of the job is on its way: this copy is to be dropped. */
  | { readonly claim: 'over' };

/** What a job is known by: who works on it is told beside others of its certificate that were queued at that time. */
export type JobAddress = Pick<PushJob, 'jobId' | 'appKey' | 'vendor' | 'certificate' | 'queuedAt'>;

/**
 * Who works on which job, and what came of it. All copies of a job have the same `queuedAt`: one with another would be
 * taken for another job.
 */
export interface JobStore {
  claim(job: PushJob, leaseUntil: EpochMs, now: EpochMs): Promise<ClaimAnswer>;
  /** Ends a claim: done, or handed over to the copy of the next generation. */
  settle(
    job: PushJob,
    end: 'done' | 'handed-over',
    results: readonly TargetResult[],
    now: EpochMs,
  ): Promise<void>;
  /** Marks one message of these jobs as recalled, before or after they are queued; answers how far each has got. */
  recall(
    jobs: readonly JobAddress[],
    messageId: string,
    now: EpochMs,
  ): Promise<ReadonlyMap<string, JobProgress>>;
  /** Which of these jobs a sender has ever claimed. */
  seen(jobs: readonly JobAddress[]): Promise<ReadonlySet<string>>;
  saveReceipts(receipts: readonly (Receipt & { readonly jobId: string })[]): Promise<void>;
  /** Results and receipts of the jobs named, for the trace. */
  read(jobIds: readonly string[]): Promise<ReadonlyMap<string, JobRecord>>;
}

/** How far a job has got. */
export interface JobProgress {
  /** `queued` if no sender has ever had it. */
  readonly state: 'queued' | 'claimed' | 'waiting' | 'done';
  /** Of what is claimed: whoever has it sends nothing after this. */
  readonly until?: EpochMs;
  /** What is stored of what came of its targets. */
  readonly results: readonly StoredResult[];
  /** Jobs that came out of it, as far as senders have had them: to go by another vendor, or tried again by hand. */
  readonly cameOut?: readonly OffshootProgress[];
}

/** How far a job has got that came out of another (`<jobId>.<suffix>`), maybe under another certificate. */
export type OffshootProgress = Omit<JobProgress, 'cameOut'> &
  Pick<PushJob, 'jobId' | 'vendor' | 'certificate'>;

export interface JobRecord {
  readonly results: readonly StoredResult[];
  readonly receipts: readonly {
    readonly tokenFingerprint: string;
    readonly kind: Receipt['kind'];
    readonly at: EpochMs;
  }[];
}
