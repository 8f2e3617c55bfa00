import type { JobRecord, JobStore, SubmissionStore } from '../model/ports';
import { isPushReason } from '../model/reason';
import type { StoredRecipient } from '../model/submission';

/** So many devices with all that became of them fit an answer of Lambda's, 6 MB at most. */
const DEVICES_A_PAGE = 1_000;

export interface TraceFilter {
  readonly accountId?: string;
  readonly deviceId?: string;
  /** How many devices were told of before. */
  readonly from?: number;
}

/** What was decided for each device of a message, and what became of it; undefined when nothing is kept. */
export async function readTrace(
  appKey: string,
  messageId: string,
  filter: TraceFilter,
  ports: { readonly submissions: SubmissionStore; readonly jobs: JobStore },
) {
  const record = await ports.submissions.get(appKey, `message/${messageId}`);
  const inRecord = record?.messages.find((one) => one.messageId === messageId)?.recipients;
  const pages =
    inRecord === undefined ? await ports.submissions.decisionsOf(appKey, messageId) : undefined;
  const decidedAt = record?.decidedAt ?? pages?.decidedAt;
  const recipients = inRecord ?? pages?.recipients;
  if (decidedAt === undefined) return undefined;
  if (recipients === undefined)
    return { messageId, counts: record?.messages[0]?.counts, devices: [] };

  const all = rowsOf(recipients, filter);
  const from = filter.from ?? 0;
  const rows = all.slice(from, from + DEVICES_A_PAGE);
  const jobIds = [...new Set(rows.flatMap(({ decision }) => decision.jobId ?? []))];
  const jobs = await ports.jobs.read(jobIds);
  return {
    messageId,
    devices: rows.map(({ accountId, decision }) => {
      const { deviceId, reason, jobId, vendor } = decision;
      const job = jobId === undefined ? undefined : jobs.get(jobId);
      return {
        accountId,
        deviceId,
        decision: isPushReason(reason) ? 'push' : 'skip',
        reason,
        decidedAt,
        ...(jobId === undefined
          ? {}
          : { job: { jobId, vendor, queuedAt: job?.queuedAt ?? decidedAt } }),
        ...storyOf(job, messageId, accountId, deviceId),
      };
    }),
    ...(all.length > from + DEVICES_A_PAGE ? { next: String(from + DEVICES_A_PAGE) } : {}),
  };
}

function rowsOf(recipients: readonly StoredRecipient[], filter: TraceFilter) {
  return recipients
    .filter(({ accountId }) => filter.accountId === undefined || accountId === filter.accountId)
    .flatMap(({ accountId, reason, devices }) => {
      const decisions =
        devices.length === 0 && reason !== undefined ? [{ deviceId: '', reason }] : devices;
      return decisions
        .filter(({ deviceId }) => filter.deviceId === undefined || deviceId === filter.deviceId)
        .map((decision) => ({
          accountId,
          decision: { jobId: undefined, vendor: undefined, ...decision },
        }));
    });
}

function storyOf(
  job: JobRecord | undefined,
  messageId: string,
  accountId: string,
  deviceId: string,
) {
  const own = (job?.results ?? []).filter(
    (one) =>
      one.messageId === messageId && one.accountId === accountId && one.deviceId === deviceId,
  );
  const prints = new Set(own.map(({ tokenFingerprint }) => tokenFingerprint));
  return {
    outcomes: own.map(({ status, code, text, region, at }) => ({
      kind: status,
      ...(code === undefined ? {} : { code }),
      ...(text === undefined ? {} : { text }),
      ...(region === undefined ? {} : { region }),
      at,
    })),
    receipts: (job?.receipts ?? [])
      .filter(({ tokenFingerprint }) => prints.has(tokenFingerprint))
      .map(({ kind, at }) => ({ kind, at })),
  };
}
