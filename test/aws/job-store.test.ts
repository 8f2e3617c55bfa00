import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { claimsKey } from '../../lib/aws/claim-entry';
import { createJobStore } from '../../lib/aws/job-store';
import type { JobStore } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import { DAY_MS } from '../../lib/model/time';
import { type Aws, startAws } from '../support/aws';
import { aPushJob, NOW } from '../support/builders';

const LEASE_END = NOW + 15_000;

let aws: Aws;
let store: JobStore;
beforeAll(async () => {
  aws = await startAws();
  store = createJobStore(aws.dynamoDb, 'deliveries');
});
afterAll(() => aws.close());

function aJob(jobId: string, generation = 0): PushJob {
  return aPushJob({ jobId, generation, queuedAt: NOW - 100 });
}

function claim(job: PushJob, now = NOW) {
  return store.claim(job, now + 15_000, now);
}

describe('a claim', () => {
  test('on a new job is granted', async () => {
    expect(await claim(aJob('new'))).toEqual({ claim: 'granted' });
  });

  test('is granted to exactly one of many that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => claim(aJob('rush'))));

    expect(answers.filter((one) => one.claim === 'granted')).toHaveLength(1);
    expect(answers.filter((one) => one.claim === 'held')).toHaveLength(11);
  });

  test('is refused while another holds the job, with the end of the lease', async () => {
    await claim(aJob('held'));

    const held = { claim: 'held', until: LEASE_END };
    expect(await claim(aJob('held'), NOW + 1)).toEqual(held);
    expect(await claim(aJob('held'), LEASE_END)).toEqual(held);
  });

  test('is granted once the lease of a crashed holder is over, and tells of it', async () => {
    await claim(aJob('crashed'));

    const takenOver = { claim: 'granted', lapsedAt: LEASE_END };
    expect(await claim(aJob('crashed'), LEASE_END + 1)).toEqual(takenOver);
    expect(await claim(aJob('crashed'), LEASE_END + 2)).toMatchObject({ claim: 'held' });
  });

  test('on a job that is done is over, for every copy and at any time', async () => {
    await claim(aJob('done'));
    await store.settle(aJob('done'), 'done', [], NOW);

    expect(await claim(aJob('done'))).toEqual({ claim: 'over' });
    expect(await claim(aJob('done', 3), NOW + DAY_MS)).toEqual({ claim: 'over' });
  });

  test('on an old copy is over when a newer one is on its way', async () => {
    await claim(aJob('handed-over'));
    await store.settle(aJob('handed-over'), 'handed-over', [], NOW);

    expect(await claim(aJob('handed-over'), NOW + DAY_MS)).toEqual({ claim: 'over' });
    expect(await claim(aJob('handed-over', 1))).toEqual({ claim: 'granted' });
    expect(await claim(aJob('handed-over'))).toEqual({ claim: 'over' });
  });

  test('on a newer copy waits for the holder of the older one', async () => {
    await claim(aJob('not-settled'));

    expect(await claim(aJob('not-settled', 1))).toEqual({ claim: 'held', until: LEASE_END });
    expect(await claim(aJob('not-settled', 1), LEASE_END + 1)).toEqual({ claim: 'granted' });
  });

  test('of a lone job costs one write, and so does settling', async () => {
    const calls = await aws.wire.watch(async () => {
      await claim(aJob('cheap'));
      await store.settle(aJob('cheap'), 'done', [], NOW);
    });

    expect(calls.map(({ operation }) => operation)).toEqual(['UpdateItem', 'UpdateItem']);
  });

  test('is forgotten a week later', async () => {
    await claim(aJob('kept'));

    const Key = claimsKey(aJob('kept'));
    const { Item } = await aws.aside.send(new GetCommand({ TableName: 'deliveries', Key }));
    expect(Item?.['expiresAt']).toBe((NOW + 7 * DAY_MS) / 1000);
  });
});
