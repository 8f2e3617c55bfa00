import { createJobStore } from '../../lib/aws/job-store';
import type { JobStore } from '../../lib/model/ports';
import { type Aws, startAws } from '../support/aws';
import { aPushJob, NOW } from '../support/builders';

let aws: Aws;
let store: JobStore;
beforeAll(async () => {
  aws = await startAws();
  store = createJobStore(aws.dynamoDb, 'deliveries');
});
afterAll(() => aws.close());

const aJob = (jobId: string, generation = 0) => aPushJob({ jobId, generation });
const claim = (jobId: string, generation = 0, now = NOW) =>
  store.claim(aJob(jobId, generation), now + 15_000, now);
const aResult = { accountId: 'bob', deviceId: 'phone-1', token: 'token-1', at: NOW } as const;

test('a message that is recalled before its job comes is told to whoever claims the job', async () => {
  const progress = await store.recall([aJob('early')], 'm1', NOW);
  await store.recall([aJob('early')], 'm2', NOW);

  expect(progress.get('early')).toEqual({ state: 'queued', results: [] });
  expect(await claim('early')).toEqual({ claim: 'granted', recalled: new Set(['m1', 'm2']) });
});

test('one that is recalled between two sends is told at the second', async () => {
  expect(await claim('between')).toEqual({ claim: 'granted' });
  const during = await store.recall([aJob('between')], 'm1', NOW);
  const result = { ...aResult, messageId: 'm1', status: 'throttled' } as const;
  await store.settle(aJob('between'), 'handed-over', [result], NOW);
  const waiting = await store.recall([aJob('between')], 'm1', NOW);

  expect(during.get('between')?.state).toBe('claimed');
  expect(waiting.get('between')).toMatchObject({
    state: 'waiting',
    results: [{ messageId: 'm1', status: 'throttled' }],
  });
  expect(await claim('between', 1)).toEqual({ claim: 'granted', recalled: new Set(['m1']) });
});

test('a job that is done stays done, and what came of it is told', async () => {
  await claim('done');
  const result = { ...aResult, messageId: 'm1', status: 'accepted' } as const;
  await store.settle(aJob('done'), 'done', [result], NOW);

  const progress = await store.recall([aJob('done')], 'm1', NOW);

  expect(progress.get('done')).toMatchObject({ state: 'done', results: [{ status: 'accepted' }] });
  expect(await claim('done')).toEqual({ claim: 'over' });
});

test('a job that only a recall has touched is not taken for one that a sender has seen', async () => {
  await store.recall([aJob('unseen')], 'm1', NOW);

  expect(await store.seen([aJob('unseen')])).toEqual(new Set());
  await claim('unseen');
  expect(await store.seen([aJob('unseen')])).toEqual(new Set(['unseen']));
});

test('what came out of a job, to be tried again by hand or to go another way, is recalled with it', async () => {
  await claim('root');
  await store.recall([aJob('root')], 'm1', NOW);

  expect(await claim('root.buried')).toEqual({ claim: 'granted', recalled: new Set(['m1']) });
  const elsewhere = { ...aJob('root.detour'), certificate: 'other-cert' };
  expect(await store.claim(elsewhere, NOW + 15_000, NOW)).toEqual({
    claim: 'granted',
    recalled: new Set(['m1']),
  });
  expect(await claim('other.buried')).toEqual({ claim: 'granted' });
});

test('how far those jobs have got is told with the job that they came out of, whatever is kept of it', async () => {
  await claim('parent');
  await store.settle(aJob('parent'), 'done', [], NOW);
  const detour = { ...aJob('parent.detour'), vendor: 'oppo', certificate: 'a/b' } as const;
  await store.claim(detour, NOW + 15_000, NOW);
  const unseen = await store.recall([aJob('other')], 'm1', NOW);
  const during = await store.recall([aJob('parent')], 'm1', NOW);
  const result = { ...aResult, messageId: 'm1', status: 'accepted' } as const;
  await store.settle(detour, 'done', [result], NOW);
  const after = await store.recall([aJob('parent'), aJob('other')], 'm1', NOW);

  const told = { jobId: 'parent.detour', vendor: 'oppo', certificate: 'a/b' };
  expect(unseen.get('other')).not.toHaveProperty('cameOut');
  expect(during.get('parent')).toMatchObject({
    state: 'done',
    cameOut: [{ ...told, state: 'claimed', until: NOW + 15_000 }],
  });
  expect(after.get('parent')?.cameOut).toMatchObject([
    { ...told, state: 'done', results: [{ status: 'accepted' }] },
  ]);
  expect(after.get('other')).not.toHaveProperty('cameOut');
});

test('a job that came out of another tells so with the write by which it learns of a recall', async () => {
  const calls = await aws.wire.watch(() => claim('told.buried'));

  expect(calls.map(({ operation }) => operation)).toEqual(['UpdateItem', 'UpdateItem']);
});

test('a recall costs a claim no further call', async () => {
  await store.recall([aJob('cheap')], 'm1', NOW);

  const calls = await aws.wire.watch(() => claim('cheap'));

  expect(calls.map(({ operation }) => operation)).toEqual(['UpdateItem']);
});

test('nothing is told of a job that was recalled but never came', async () => {
  await store.recall([aJob('never')], 'm1', NOW);

  expect(await store.read(['never'])).toEqual(new Map());
});

test('jobs of a message are marked with one write for each time and certificate they were queued', async () => {
  const together = Array.from({ length: 120 }, (_, index) => aJob(`part-${index}`));
  const elsewhere = [
    { ...aJob('later'), queuedAt: NOW + 1_000 },
    { ...aJob('other'), certificate: 'other-cert' },
  ];
  const all = [...together, ...elsewhere];

  const calls = await aws.wire.watch(() => store.recall(all, 'm1', NOW));

  expect(calls.map(({ operation }) => operation)).toEqual(Array(4).fill('UpdateItem'));
  const answers = await Promise.all(all.map((job) => store.claim(job, NOW + 15_000, NOW)));
  expect(answers).toEqual(all.map(() => ({ claim: 'granted', recalled: new Set(['m1']) })));
});
