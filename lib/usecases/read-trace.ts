import type { JobRecord, JobStore, SubmissionStore } from '../model/ports';
import { isPushReason } from '../model/reason';
import type { StoredDecision, StoredRecipient } from '../model/submission';
import { recallIdOf } from '../rules/recall';

/** So many devices with all that became of them fit an answer of Lambda's, 6 MB at most. */
const DEVICES_A_PAGE = 1_000;

export interface TraceFilter {
  readonly accountId?: string;
  readonly deviceId?: string;
  /** How many devices were told of before. */
  readonly from?: number;
}

interface TracePorts {
  readonly submissions: Pick<SubmissionStore, 'get' | 'decisionsOf'>;
  readonly jobs: Pick<JobStore, 'read'>;
}

/**
 * What was decided for each device of a message, and what became of it; the same for its recall, if there was one.
 * Undefined when nothing is kept.
 */
export async function readTrace(
  appKey: string,
  messageId: string,
  filter: TraceFilter,
  { submissions, jobs }: TracePorts,
) {
  const [record, recall] = await Promise.all([
    submissions.get(appKey, `message/${messageId}`),
    submissions.decisionsOf(appKey, recallIdOf(messageId)),
  ]);
  const inRecord = record?.messages.find((one) => one.messageId === messageId)?.recipients;
  const pages =
    inRecord === undefined ? await submissions.decisionsOf(appKey, messageId) : undefined;
  const decidedAt = record?.decidedAt ?? pages?.decidedAt;
  const recipients = inRecord ?? pages?.recipients;
  if (decidedAt === undefined) return undefined;
  if (recipients === undefined)
    return { messageId, counts: record?.messages[0]?.counts, devices: [] };

  const all = rowsOf(recipients, filter);
  const from = filter.from ?? 0;
  const rows = all.slice(from, from + DEVICES_A_PAGE);
  // the id may have been used before, and recalled then
  const isRecalled = recall !== undefined && recall.decidedAt >= decidedAt;
  const recalls = new Map(
    rowsOf(isRecalled ? recall.recipients : [], filter).map((row) => [placeOf(row), row]),
  );
  const jobIds = [...rows, ...rows.flatMap((row) => recalls.get(placeOf(row)) ?? [])].flatMap(
    ({ decision }) => decision.jobId ?? [],
  );
  const found = await jobs.read([...new Set(jobIds)]);
  return {
    messageId,
    devices: rows.map((row) => {
      const { reason } = row.decision;
      const own = recalls.get(placeOf(row));
      return {
        accountId: row.accountId,
        deviceId: row.decision.deviceId,
        decision: isPushReason(reason) ? 'push' : 'skip',
        reason,
        decidedAt,
        ...storyOf(row, messageId, decidedAt, found),
        ...(own !== undefined && isRecalled
          ? {
              recall: {
                action: actionOf(own.decision),
                reason: own.decision.reason,
                decidedAt: recall.decidedAt,
                ...storyOf(own, recallIdOf(messageId), recall.decidedAt, found),
              },
            }
          : {}),
      };
    }),
    ...(all.length > from + DEVICES_A_PAGE ? { next: String(from + DEVICES_A_PAGE) } : {}),
  };
}

interface Row {
  readonly accountId: string;
  readonly decision: StoredDecision;
}

function placeOf({ accountId, decision }: Row): string {
  return `${accountId}/${decision.deviceId}`;
}

function rowsOf(recipients: readonly StoredRecipient[], filter: TraceFilter): Row[] {
  return recipients
    .filter(({ accountId }) => filter.accountId === undefined || accountId === filter.accountId)
    .flatMap(({ accountId, reason, devices }) => {
      const decisions =
        devices.length === 0 && reason !== undefined ? [{ deviceId: '', reason }] : devices;
      return decisions
        .filter(({ deviceId }) => filter.deviceId === undefined || deviceId === filter.deviceId)
        .map((decision) => ({ accountId, decision }));
    });
}

/** What a recall does on a device: a job without a decision to push takes back. */
function actionOf({ reason, jobId }: StoredDecision): 'push' | 'withdraw' | 'none' {
  if (isPushReason(reason)) return 'push';
  return jobId === undefined ? 'none' : 'withdraw';
}

function storyOf(
  { accountId, decision: { deviceId, jobId, vendor, queuedAt } }: Row,
  messageId: string,
  decidedAt: number,
  jobs: ReadonlyMap<string, JobRecord>,
) {
  const job = jobId === undefined ? undefined : jobs.get(jobId);
  const own = (job?.results ?? []).filter(
    (one) =>
      one.messageId === messageId && one.accountId === accountId && one.deviceId === deviceId,
  );
  const prints = new Set(own.map(({ tokenFingerprint }) => tokenFingerprint));
  return {
    ...(jobId === undefined
      ? {}
      : { job: { jobId, vendor, queuedAt: Math.max(queuedAt ?? 0, decidedAt) } }),
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
