import fc from 'fast-check';
import { observeAwsCalls } from '../../lib/aws/call-units';
import { createJobStore } from '../../lib/aws/job-store';
import type { JobStore } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import { type Aws, after, startAws } from '../support/aws';
import { aPushJob, NOW } from '../support/builders';

const LEASE_MS = 15_000;

let aws: Aws;
let store: JobStore;
let other: JobStore;
beforeAll(async () => {
  aws = await startAws();
  store = createJobStore(aws.dynamoDb, 'deliveries');
  other = createJobStore(aws.dynamoDb, 'deliveries');
});
afterAll(() => aws.close());

/** Jobs of one certificate that were queued in the same moment. */
function jobs(name: string, count: number, changes: Partial<PushJob> = {}): PushJob[] {
  return Array.from({ length: count }, (_, index) =>
    aPushJob({ jobId: `${name}-${index}`, certificate: name, queuedAt: NOW, ...changes }),
  );
}

function claimAll(by: JobStore, some: readonly PushJob[], now = NOW) {
  return Promise.all(some.map((job) => by.claim(job, now + LEASE_MS, now)));
}

function settleAll(by: JobStore, some: readonly PushJob[], end: 'done' | 'handed-over' = 'done') {
  return Promise.all(some.map((job) => by.settle(job, end, [], NOW)));
}

const granted = { claim: 'granted' };
const held = { claim: 'held', until: NOW + LEASE_MS };
const over = { claim: 'over' };

test('ten jobs that were queued together are claimed with one write and settled with another', async () => {
  const ten = jobs('ten', 10);

  const calls = await aws.wire.watch(async () => {
    expect(await claimAll(store, ten)).toEqual(Array(10).fill(granted));
    await settleAll(store, ten);
  });

  expect(calls.map(({ operation }) => operation)).toEqual(['UpdateItem', 'UpdateItem']);
  expect(await claimAll(other, ten)).toEqual(Array(10).fill(over));
});

test('jobs of another certificate, or of another time, are written apart', async () => {
  const apart = [...jobs('a', 1), ...jobs('b', 1), ...jobs('a', 1, { queuedAt: NOW + 1_000 })];

  const calls = await aws.wire.watch(() => claimAll(store, apart));

  expect(calls).toHaveLength(3);
});

test('eighty jobs that are done lie in one write unit', async () => {
  const many = jobs('many', 80);
  await claimAll(store, many);
  await settleAll(store, many);
  const units: number[] = [];
  observeAwsCalls((call) => units.push(call.units));

  await claimAll(store, jobs('late', 1, { certificate: 'many' }));

  expect(units).toEqual([1]);
});

test('where one of them is held and one is done, the others are granted', async () => {
  const [first, second, ...rest] = jobs('mixed', 5);
  if (first === undefined || second === undefined) throw new Error('no jobs');
  await claimAll(other, [first, second]);
  await settleAll(other, [second]);

  expect(await claimAll(store, [first, second, ...rest])).toEqual([
    held,
    over,
    granted,
    granted,
    granted,
  ]);
});

test('where one claim does not stand any more, the others are settled all the same', async () => {
  const [lost, ...kept] = jobs('lapsed', 3);
  if (lost === undefined) throw new Error('no job');
  await claimAll(store, [lost, ...kept]);
  const later = NOW + LEASE_MS + 1;
  await claimAll(other, [lost], later);

  await settleAll(store, [lost, ...kept]);

  expect(await claimAll(other, [lost, ...kept], later)).toEqual([
    { claim: 'held', until: later + LEASE_MS },
    over,
    over,
  ]);
});

test('two copies of a job in one batch: one is granted, the other held', async () => {
  const [job] = jobs('twice', 1);
  if (job === undefined) throw new Error('no job');

  expect(await claimAll(store, [job, { ...job }])).toEqual([granted, held]);
});

test('a claim whose answer was lost, and that is asked for again, is granted', async () => {
  aws.wire.next('UpdateItem', async (_body, goOn) => {
    await goOn();
    return { status: 500, body: { __type: 'InternalServerError' } };
  });

  expect(await claimAll(store, jobs('unheard', 3))).toEqual([granted, granted, granted]);
});

test('somebody who is faster between two tries is seen', async () => {
  const [first, second] = jobs('faster', 2);
  if (first === undefined || second === undefined) throw new Error('no jobs');
  await claimAll(other, [first]);
  aws.wire.next('UpdateItem', (_body, goOn) => goOn());
  aws.wire.next(
    'UpdateItem',
    after(() => createJobStore(aws.aside, 'deliveries').claim(second, NOW + LEASE_MS, NOW)),
  );

  expect(await claimAll(store, [first, second])).toEqual([held, held]);
});

test('a job that is done does not wait for others that nobody here has claimed', async () => {
  const [mine, theirs] = jobs('beside', 2);
  if (mine === undefined || theirs === undefined) throw new Error('no jobs');
  await claimAll(other, [theirs]);
  await claimAll(store, [mine]);

  await settleAll(store, [mine]);

  expect(await claimAll(other, [mine])).toEqual([over]);
});

test('a store that fails fails all claims of the write, and they can be asked for again', async () => {
  const some = jobs('refused', 3);
  aws.wire.next('UpdateItem', async () => ({
    status: 400,
    body: { __type: 'ValidationException', message: 'refused' },
  }));

  const answers = await Promise.allSettled(
    some.map((job) => store.claim(job, NOW + LEASE_MS, NOW)),
  );

  expect(answers.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
  expect(await claimAll(store, some)).toEqual(Array(3).fill(granted));
});

/** What two containers may do with three jobs; each step is one moment. */
type Step =
  | { readonly do: 'claim'; readonly by: 0 | 1; readonly jobs: readonly number[] }
  | { readonly do: 'settle'; readonly by: 0 | 1; readonly job: number; readonly isDone: boolean }
  | { readonly do: 'crash'; readonly by: 0 | 1 }
  | { readonly do: 'wait'; readonly ms: number };

const by = fc.constantFrom<0 | 1>(0, 1);
const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('claim' as const),
      by,
      jobs: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ do: fc.constant('settle' as const), by, job: fc.nat(2), isDone: fc.boolean() }),
    fc.record({ do: fc.constant('crash' as const), by }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, LEASE_MS, LEASE_MS + 1) }),
  ),
  { minLength: 4, maxLength: 14 },
);

test('whatever two containers do, a job has one holder at a time, and none once it is done', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (all: readonly Step[]) => {
      run += 1;
      const queue = jobs(`run-${run}`, 3);
      const containers = [0, 1].map(() => createJobStore(aws.dynamoDb, 'deliveries'));
      const truth = queue.map(() => ({
        generation: 0,
        holder: undefined as number | undefined,
        until: 0,
        isDone: false,
      }));
      let now = NOW;
      for (const step of all) {
        if (step.do === 'wait') now += step.ms;
        // what a crashed container remembered is gone; its claims stand until their leases end
        if (step.do === 'crash') {
          containers[step.by] = createJobStore(aws.dynamoDb, 'deliveries');
          for (const one of truth) if (one.holder === step.by) one.holder = -1;
        }
        if (step.do === 'claim') {
          const expected = step.jobs.map((index) => {
            const one = truth[index];
            if (one === undefined || one.isDone) return 'over';
            if (one.holder !== undefined && one.until >= now) return 'held';
            Object.assign(one, { holder: step.by, until: now + LEASE_MS });
            return 'granted';
          });
          const answers = await Promise.all(
            step.jobs.map((index) => {
              const job = {
                ...(queue[index] ?? aPushJob()),
                generation: truth[index]?.generation ?? 0,
              };
              return containers[step.by]?.claim(job, now + LEASE_MS, now);
            }),
          );
          expect(answers.map((one) => one?.claim)).toEqual(expected);
        }
        if (step.do === 'settle') {
          const [one, job] = [truth[step.job], queue[step.job]];
          if (one === undefined || job === undefined) continue;
          const { generation, holder } = one;
          await containers[step.by]?.settle(
            { ...job, generation },
            step.isDone ? 'done' : 'handed-over',
            [],
            now,
          );
          if (holder !== step.by) continue;
          Object.assign(one, { holder: undefined, isDone: step.isDone });
          if (!step.isDone) one.generation += 1;
        }
      }
      // copies of generations that were handed over are dropped
      for (const [index, { generation, isDone }] of truth.entries()) {
        const job = queue[index];
        if (job === undefined || generation === 0 || isDone) continue;
        const old = { ...job, generation: generation - 1 };
        expect(await containers[0]?.claim(old, now + LEASE_MS, now)).toEqual(over);
      }
    }),
    { numRuns: 40 },
  );
});
