import { fingerprint } from '../../lib/aws/fingerprint';
import { createJobStore } from '../../lib/aws/job-store';
import type { JobStore, TargetResult } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import type { Receipt } from '../../lib/model/receipt';
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

function aResult(changes: Partial<TargetResult> = {}): TargetResult {
  return {
    messageId: 'message-1',
    accountId: 'bob',
    deviceId: 'phone-1',
    token: 'token-1',
    status: 'accepted',
    at: NOW,
    ...changes,
  };
}

function aReceipt(jobId: string, changes: Partial<Receipt> = {}): Receipt & { jobId: string } {
  return { jobId, kind: 'delivered', tokens: ['token-1'], at: NOW, vendorType: '1', ...changes };
}

async function recordOf(jobId: string) {
  return (await store.read([jobId])).get(jobId);
}

describe('results', () => {
  test('are read with a fingerprint for the token', async () => {
    const job = aJob('read');
    await claim(job);
    await store.settle(job, 'done', [aResult({ code: '0', text: 'ok' })], NOW);

    const { token, ...rest } = aResult({ code: '0', text: 'ok' });
    const results = [{ ...rest, tokenFingerprint: fingerprint(token) }];
    expect(await recordOf('read')).toEqual({ results, receipts: [] });
  });

  test('of every generation are kept, those that pass only from the latest', async () => {
    const settle = async (generation: number, end: 'done' | 'handed-over', ids: string[]) => {
      const job = aJob('story', generation);
      await claim(job);
      const results = ids.map((id) =>
        aResult({ deviceId: id, status: id.startsWith('later') ? 'throttled' : 'accepted' }),
      );
      await store.settle(job, end, results, NOW);
      return recordOf('story');
    };

    const first = await settle(0, 'handed-over', ['a', 'later-b', 'later-c']);
    const second = await settle(1, 'handed-over', ['later-b', 'c']);
    const third = await settle(2, 'done', ['b']);

    const devices = [first, second, third].map((one) =>
      one?.results.map(({ deviceId }) => deviceId),
    );
    expect(devices).toEqual([
      ['a', 'later-b', 'later-c'],
      ['a', 'c', 'later-b'],
      ['a', 'c', 'b'],
    ]);
  });

  test.each(['throttled', 'unavailable', 'unauthorized', 'misconfigured'] as const)(
    'that are %s do not pile up',
    async (status) => {
      for (let generation = 0; generation < 4; generation++) {
        const job = aJob(`again-${status}`, generation);
        await claim(job);
        await store.settle(job, 'handed-over', [aResult({ status })], NOW + generation);
      }

      expect((await recordOf(`again-${status}`))?.results).toHaveLength(1);
    },
  );

  test('of a holder that was overtaken by a newer copy change nothing', async () => {
    const [slow, quick] = [aJob('overtaken'), aJob('overtaken', 1)];
    await claim(slow);
    await claim(quick, LEASE_END + 1);

    await store.settle(slow, 'done', [aResult({ deviceId: 'slow' })], LEASE_END + 2);

    expect(await recordOf('overtaken')).toBeUndefined();
    expect(await claim(quick, LEASE_END + 3)).toMatchObject({ claim: 'held' });
  });

  test('of a job nobody claimed, or that is settled, change nothing', async () => {
    await store.settle(aJob('unclaimed'), 'done', [aResult()], NOW);
    await claim(aJob('settled'));
    await store.settle(aJob('settled'), 'done', [], NOW);
    await store.settle(aJob('settled'), 'done', [aResult()], NOW);

    expect(await recordOf('unclaimed')).toBeUndefined();
    expect(await recordOf('settled')).toBeUndefined();
  });

  test('that pass leave with the copy that was sent at last, though nothing is kept of that', async () => {
    const settle = async (generation: number, results: TargetResult[]) => {
      const job: PushJob = { ...aJob('failures', generation), traceLevel: 'failures' };
      await claim(job);
      await store.settle(job, generation === 0 ? 'handed-over' : 'done', results, NOW);
    };
    await settle(0, [aResult({ status: 'throttled' })]);
    await settle(1, []);

    expect((await recordOf('failures'))?.results).toEqual([]);
  });

  test('cost a write where there are any, and none where there are not', async () => {
    const settle = (jobId: string, results: TargetResult[]) =>
      aws.wire.watch(async () => {
        await claim(aJob(jobId));
        await store.settle(aJob(jobId), 'done', results, NOW);
      });
    const [kept, none] = [await settle('kept', [aResult()]), await settle('none', [])];

    expect([kept.length, none.length]).toEqual([3, 2]);
  });

  test('are not there twice where the answer to their write was lost', async () => {
    await claim(aJob('lost'));
    aws.wire.next('UpdateItem', (_body, goOn) => goOn());
    aws.wire.next('UpdateItem', async (_body, goOn) => {
      await goOn();
      return { status: 500, body: { __type: 'InternalServerError' } };
    });

    await store.settle(aJob('lost'), 'done', [aResult()], NOW);

    expect((await recordOf('lost'))?.results).toHaveLength(1);
  });

  test('are stored without a token', async () => {
    const job = aJob('secretive');
    await claim(job);
    await store.settle(job, 'done', [aResult({ token: 'tok-geheim', deviceId: 'here' })], NOW);
    await store.saveReceipts([aReceipt('secretive', { tokens: ['tok-geheim'] })]);

    const text = await aws.textIn('deliveries');

    expect(text).toContain('"deviceId":"here"');
    expect(text).not.toContain('tok-geheim');
  });
});

describe('receipts', () => {
  test('are kept by token and kind, and repeating one changes nothing', async () => {
    await claim(aJob('receipts'));
    const receipts = [
      aReceipt('receipts', { tokens: ['token-1', 'token-2'] }),
      aReceipt('receipts', { kind: 'clicked', at: NOW + 5 }),
    ];
    await store.saveReceipts(receipts);
    const once = await recordOf('receipts');

    await store.saveReceipts(receipts);

    const row = (token: string, kind: string, at: number) => ({
      tokenFingerprint: fingerprint(token),
      kind,
      at,
    });
    expect(await recordOf('receipts')).toEqual(once);
    expect(once?.receipts).toHaveLength(3);
    expect(once?.receipts).toEqual(
      expect.arrayContaining([
        row('token-1', 'delivered', NOW),
        row('token-2', 'delivered', NOW),
        row('token-1', 'clicked', NOW + 5),
      ]),
    );
  });

  test('that come before the results wait for them', async () => {
    await claim(aJob('early'));
    await store.saveReceipts([aReceipt('early')]);
    expect((await recordOf('early'))?.results).toEqual([]);

    await store.settle(aJob('early'), 'done', [aResult()], NOW);

    const record = await recordOf('early');
    expect([record?.results, record?.receipts].map((all) => all?.length)).toEqual([1, 1]);
  });

  test('are all read, however many answers it takes', async () => {
    await claim(aJob('many'));
    const tokens = Array.from({ length: 60 }, (_, index) => `many-${index}`);
    await store.saveReceipts([aReceipt('many', { tokens })]);
    // as if the items were large: 25 an answer
    for (let answers = 0; answers < 3; answers++) {
      aws.wire.next('Query', (body, goOn) => goOn({ ...body, Limit: 25 }));
    }

    const record = await recordOf('many');

    expect(new Set(record?.receipts.map(({ tokenFingerprint }) => tokenFingerprint))).toEqual(
      new Set(tokens.map(fingerprint)),
    );
  });
});

test('jobs are read together, those of which nothing is kept are missing', async () => {
  const ids = Array.from({ length: 15 }, (_, index) => `one-of-${index}`);
  await Promise.all(ids.map((id) => claim(aJob(id))));
  await Promise.all(ids.map((id) => store.settle(aJob(id), 'done', [aResult()], NOW)));

  const records = await store.read([...ids, 'nobody’s']);

  expect([...records.keys()]).toEqual(ids);
  expect(await store.read([])).toEqual(new Map());
});
