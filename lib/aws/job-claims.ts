import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ClaimAnswer, JobStore } from '../model/ports';
import type { PushJob } from '../model/push-job';
import type { EpochMs } from '../model/time';
import {
  claimsKey,
  entryName,
  heldEntry,
  readEntry,
  recalledIn,
  refusalBy,
  settledEntry,
  waitingEntry,
} from './claim-entry';
import { CHANGES_A_WRITE, changeEntries, type EntryChange } from './claims-item';
import { createGatherer } from './gather';
import { createHeldClaims } from './held-claims';
import { keptUntil } from './job-life';

type Item = Readonly<Record<string, unknown>>;

/** The jobs of one batch are claimed within so long of each other. */
const CLAIM_TOGETHER_MS = 3;
/** What is sent waits so long for what is still being sent beside it: the invocation lasts until then anyway. */
const SETTLE_TOGETHER_MS = 200;
/** Only copies of the very same job are in each other's way. */
const MAX_TRIES = 8;

/** Who works on which job, on DynamoDB: jobs that were queued together are claimed, and settled, with one write. */
export interface JobClaims extends Pick<JobStore, 'claim'> {
  /** Ends a claim; false if it does not stand any more. */
  settle(job: PushJob, end: 'done' | 'handed-over', now: EpochMs): Promise<boolean>;
}

/** A job with the entry that its claim is. */
interface Claim {
  readonly job: PushJob;
  readonly mine: string;
  readonly now: EpochMs;
}

interface EndedClaim extends Claim {
  readonly to: string;
}

export function createJobClaims(client: DynamoDBDocumentClient, table: string): JobClaims {
  const held = createHeldClaims();

  /** Writes changes of one item's entries, again for those that have no answer yet; the item is told with each try. */
  async function change<Asked extends Claim, Answer>(
    asked: readonly Asked[],
    changeOf: (one: Asked, item: Item) => EntryChange,
    answerOf: (one: Asked, item: Item, before: Item) => Answer | undefined,
  ): Promise<readonly Answer[]> {
    const answers = new Map<Asked, Answer>();
    let item: Item = {};
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const left = asked.filter((one) => !answers.has(one));
      const [first] = left;
      if (first === undefined) return asked.flatMap((one) => answers.get(one) ?? []);
      // of two copies of a job the second sees what the first left
      const byName = new Map(left.toReversed().map((one) => [one.job.jobId, one]));
      const before = item;
      const changes = [...byName.values()].map((one) => changeOf(one, before));
      item = await changeEntries(
        client,
        table,
        claimsKey(first.job),
        changes,
        keptUntil(first.now),
      );
      for (const one of left) {
        const answer = answerOf(one, item, before);
        if (answer !== undefined) answers.set(one, answer);
      }
    }
    throw new Error('the claims kept changing');
  }

  const claimTogether = createGatherer<Claim, ClaimAnswer>({
    keyOf: ({ job }) => claimsKey(job).pk,
    waitMs: CLAIM_TOGETHER_MS,
    atMost: CHANGES_A_WRITE,
    run: (claims) => change(claims, claiming, claimAnswer),
  });

  const settleTogether = createGatherer<EndedClaim, { readonly stood: boolean }>({
    keyOf: ({ job }) => claimsKey(job).pk,
    waitMs: SETTLE_TOGETHER_MS,
    atMost: CHANGES_A_WRITE,
    isAll: ([first]) => first !== undefined && !held.hasBeside(first.job),
    run: (claims) => change(claims, settling, settleAnswer),
  });

  return {
    async claim(job, leaseUntil, now) {
      const mine = heldEntry(job.generation, leaseUntil);
      const answer = await claimTogether({ job, mine, now });
      if (answer.claim === 'granted') held.add(job, mine, now);
      return answer;
    },

    async settle(job, end, now) {
      const mine = held.take(job);
      if (mine === undefined) return false;
      const to = settledEntry(job.generation, end);
      return (await settleTogether({ job, mine, to, now })).stood;
    },
  };
}

/**
 * A job is free that nobody has had, or whose next copy this is. One whose lease is over only just as it was seen: who takes it
 * over knows whom from.
 */
function claiming({ job: { jobId, generation }, mine }: Claim, item: Item): EntryChange {
  const name = entryName(jobId);
  const seen = item[name];
  return {
    name,
    mayBeNew: true,
    from: [
      [waitingEntry(generation), waitingEntry(generation)],
      ...(typeof seen === 'string' ? [[seen, seen] as const] : []),
    ],
    to: mine,
  };
}

function claimAnswer({ job, mine, now }: Claim, item: Item, before: Item): ClaimAnswer | undefined {
  const name = entryName(job.jobId);
  const stored = item[name];
  // also where the answer to our write was lost, and the SDK has asked again
  if (stored === mine) {
    const recalled = recalledIn(item, job.jobId);
    const earlier = readEntry(before[name]);
    // what an older copy was sent as, this one already says
    const isTakenOver = earlier?.state === 'claimed' && earlier.generation === job.generation;
    return {
      claim: 'granted',
      ...(recalled.size > 0 && { recalled }),
      ...(isTakenOver && { lapsedAt: earlier.until }),
    };
  }
  return refusalBy(readEntry(stored), job.generation, now);
}

function settling({ job, mine, to }: EndedClaim): EntryChange {
  return { name: entryName(job.jobId), mayBeNew: false, from: [[mine, mine]], to };
}

/** A claim that outlived its lease may have been taken over: what that holder says stands. */
function settleAnswer({ job, mine, to }: EndedClaim, item: Item) {
  const stored = item[entryName(job.jobId)];
  return stored === mine ? undefined : { stood: stored === to };
}
