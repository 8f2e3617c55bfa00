import { createJobStore } from '../../lib/aws/job-store';
import type { PushJob } from '../../lib/model/push-job';
import { type Aws, startAws } from '../support/aws';
import { aPushJob, NOW } from '../support/builders';

const LEASE_MS = 15_000;
const LATER = NOW + LEASE_MS + 1;

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

const container = () => createJobStore(aws.dynamoDb, 'deliveries');

function aJob(jobId: string, generation = 0): PushJob {
  return aPushJob({ jobId, generation, certificate: 'lapsed', queuedAt: NOW });
}

function claim(job: PushJob, now: number, by = container()) {
  return by.claim(job, now + LEASE_MS, now);
}

test('of jobs that are claimed together, each says for itself whether somebody had it before', async () => {
  await claim(aJob('had'), NOW);
  const store = container();
  const some = [aJob('new-1'), aJob('had'), aJob('new-2')];

  const answers = await Promise.all(some.map((job) => claim(job, LATER, store)));

  expect(answers).toEqual([
    { claim: 'granted' },
    { claim: 'granted', lapsedAt: NOW + LEASE_MS },
    { claim: 'granted' },
  ]);
});

test('who takes a job over from who took it over is told of the last', async () => {
  await claim(aJob('twice'), NOW);
  await claim(aJob('twice'), LATER);

  expect(await claim(aJob('twice'), LATER + LEASE_MS + 1)).toEqual({
    claim: 'granted',
    lapsedAt: LATER + LEASE_MS,
  });
});

test('a copy of the next generation has nobody before it, whoever had the older one', async () => {
  await claim(aJob('next'), NOW);

  expect(await claim(aJob('next', 1), LATER)).toEqual({ claim: 'granted' });
});

test('a claim whose answer was lost is not its own earlier one', async () => {
  aws.wire.next('UpdateItem', async (_body, goOn) => {
    await goOn();
    return { status: 500, body: { __type: 'InternalServerError' } };
  });

  expect(await claim(aJob('unheard'), NOW)).toEqual({ claim: 'granted' });
});

test('what was recalled is told as well', async () => {
  await claim(aJob('recalled'), NOW);
  await container().recall([aJob('recalled')], 'm1', NOW + 1);

  expect(await claim(aJob('recalled'), LATER)).toEqual({
    claim: 'granted',
    lapsedAt: NOW + LEASE_MS,
    recalled: new Set(['m1']),
  });
});

test('of many that come for a lapsed job, one has it', async () => {
  await claim(aJob('rush'), NOW);

  const answers = await Promise.all(Array.from({ length: 12 }, () => claim(aJob('rush'), LATER)));

  const granted = answers.filter((one) => one.claim === 'granted');
  expect(granted).toEqual([{ claim: 'granted', lapsedAt: NOW + LEASE_MS }]);
});
