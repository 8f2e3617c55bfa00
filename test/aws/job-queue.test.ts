import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createJobQueue, type VendorQueueUrls } from '../../lib/aws/job-queue';
import type { JobQueue } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import { type Aws, refuseWith, startAws, type WireCall } from '../support/aws';
import { aPushJob } from '../support/builders';

let aws: Aws;
let queue: JobQueue;
let xiaomi: VendorQueueUrls;
let fcm: VendorQueueUrls;
beforeAll(async () => {
  aws = await startAws();
  [xiaomi, fcm] = [queuesOf('xiaomi'), queuesOf('fcm')];
  queue = createJobQueue(aws.sqs, { xiaomi, fcm });
});
afterAll(() => aws.close());

function queuesOf(vendor: string): VendorQueueUrls {
  return {
    direct: aws.createQueue(`${vendor}-direct`),
    bulk: aws.createQueue(`${vendor}-bulk`),
    directDead: aws.createQueue(`${vendor}-direct-dead`),
    bulkDead: aws.createQueue(`${vendor}-bulk-dead`),
  };
}

/** Takes everything that is ready out of a queue. */
async function drain(QueueUrl: string): Promise<Message[]> {
  const drained: Message[] = [];
  for (;;) {
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return drained;
    for (const { ReceiptHandle } of Messages) {
      await aws.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    drained.push(...Messages);
  }
}

async function jobIdsIn(url: string): Promise<string[]> {
  return (await drain(url)).map(({ Body = '' }) => JSON.parse(Body).jobId).sort();
}

function jobs(count: number, changes: Partial<PushJob> = {}): PushJob[] {
  return Array.from({ length: count }, (_, index) =>
    aPushJob({ jobId: `job-${String(index).padStart(2, '0')}`, ...changes }),
  );
}

/** A job of exactly so many bytes. */
function jobOf(bytes: number, jobId: string): PushJob {
  const bare = aPushJob({ jobId, certificate: '' });
  return { ...bare, certificate: 'x'.repeat(bytes - JSON.stringify(bare).length) };
}

/** How many entries each call had. */
function entryCounts(calls: readonly WireCall[]): number[] {
  return calls.map(({ body: { Entries } }) => (Array.isArray(Entries) ? Entries.length : 0));
}

/** Fails these entries of the next batch, and lets the others through. */
function failNext(ids: readonly string[], SenderFault = false): void {
  aws.wire.next('SendMessageBatch', async (body, goOn) => {
    const Entries = body['Entries'] as { Id: string }[];
    const good = Entries.filter(({ Id }) => !ids.includes(Id));
    const answer =
      good.length === 0 ? { status: 200, body: {} } : await goOn({ ...body, Entries: good });
    const Failed = ids.map((Id) => ({ Id, Code: 'InternalError', SenderFault }));
    return { ...answer, body: { Successful: [], ...answer.body, Failed } };
  });
}

test('a job comes out of its queue as it was put', async () => {
  const job = aPushJob({ jobId: 'as-it-was', certificate: 'vivo 证书 "1"' });

  await queue.put([job]);

  expect((await drain(xiaomi.direct)).map(({ Body = '' }) => JSON.parse(Body))).toEqual([job]);
});

test('each job goes to the queue of its vendor and lane', async () => {
  await queue.put([
    aPushJob({ jobId: 'x-direct' }),
    aPushJob({ jobId: 'x-bulk', lane: 'bulk' }),
    aPushJob({ jobId: 'f-direct', vendor: 'fcm' }),
    aPushJob({ jobId: 'f-bulk', vendor: 'fcm', lane: 'bulk' }),
  ]);

  expect(await jobIdsIn(xiaomi.direct)).toEqual(['x-direct']);
  expect(await jobIdsIn(xiaomi.bulk)).toEqual(['x-bulk']);
  expect(await jobIdsIn(fcm.direct)).toEqual(['f-direct']);
  expect(await jobIdsIn(fcm.bulk)).toEqual(['f-bulk']);
});

test('a vendor without queues is an error, and nothing is put', async () => {
  const put = queue.put([aPushJob(), aPushJob({ vendor: 'oppo' })]);

  await expect(put).rejects.toThrow('no direct queue is configured for oppo');
  await expect(queue.bury(aPushJob({ vendor: 'oppo' }), { code: '', text: '' })).rejects.toThrow();
  expect(await drain(xiaomi.direct)).toEqual([]);
});

test('ten jobs go in one call', async () => {
  const all = jobs(23);

  const calls = await aws.wire.watch(() => queue.put(all));

  expect(entryCounts(calls).sort()).toEqual([10, 10, 3].sort());
  expect(await jobIdsIn(xiaomi.direct)).toEqual(all.map(({ jobId }) => jobId));
  expect(await aws.wire.watch(() => queue.put([]))).toEqual([]);
});

test('no call passes 256 KB, which is four jobs of 64 KB', async () => {
  const full = Array.from({ length: 10 }, (_, index) => jobOf(65_536, `full-${index}`));

  const calls = await aws.wire.watch(() => queue.put(full));

  expect(entryCounts(calls).sort()).toEqual([2, 4, 4]);
  expect(await jobIdsIn(xiaomi.direct)).toEqual(full.map(({ jobId }) => jobId));
});

test('bytes are counted, not characters, and small jobs fill up a call', async () => {
  const [large, larger] = [jobOf(200_000, 'large'), aPushJob({ certificate: '证'.repeat(40_000) })];

  const calls = await aws.wire.watch(() => queue.put([large, larger, ...jobs(11)]));

  expect(entryCounts(calls).sort()).toEqual([1, 10, 2].sort());
  expect(await drain(xiaomi.direct)).toHaveLength(13);
});

test('entries that SQS fails are sent again, and they alone', async () => {
  failNext(['1', '3']);
  failNext(['3']);

  const calls = await aws.wire.watch(() => queue.put(jobs(5)));

  expect(entryCounts(calls)).toEqual([5, 2, 1]);
  expect(await jobIdsIn(xiaomi.direct)).toEqual(jobs(5).map(({ jobId }) => jobId));
});

test('jobs that do not get in after four calls are an error', async () => {
  for (let call = 0; call < 4; call++) failNext(['0'], true);

  const calls = await aws.wire.watch(async () => {
    await expect(queue.put(jobs(2))).rejects.toThrow('1 jobs did not get into');
  });

  expect(calls).toHaveLength(4);
  expect(await jobIdsIn(xiaomi.direct)).toEqual(['job-01']);
});

test('a call that SQS refuses is an error', async () => {
  aws.wire.next('SendMessageBatch', refuseWith('BatchRequestTooLong'));

  await expect(queue.put(jobs(1))).rejects.toThrow('refused');
});

test.each([
  [0, undefined],
  [1, 1],
  [1_000, 1],
  [1_001, 2],
  [900_000, 900],
  [5_000_000, 900],
])('a delay of %i ms is %s seconds to SQS', async (delayMs, seconds) => {
  const [call] = await aws.wire.watch(() => queue.put([aPushJob({ lane: 'bulk' })], delayMs));

  expect(call?.body['Entries']).toEqual([
    expect.objectContaining(seconds === undefined ? {} : { DelaySeconds: seconds }),
  ]);
  expect(await drain(xiaomi.bulk)).toHaveLength(seconds === undefined ? 1 : 0);
});

test('a message with characters that SQS does not take arrives as it was written', async () => {
  const [push] = aPushJob().pushes;
  const body = 'tab\t nul\u0000 lone \ud83d fe\ufffe ff\uffff ok\u{1fffe}';
  const notification = { ...push.notification, body };
  const job = aPushJob({ jobId: 'odd', pushes: [{ ...push, notification }] });

  await queue.put([job]);
  await queue.bury(job, { code: '1', text: 'why' });

  for (const url of [xiaomi.direct, xiaomi.directDead]) {
    expect((await drain(url)).map(({ Body = '' }) => JSON.parse(Body))).toEqual([job]);
  }
});

test.each(['direct', 'bulk'] as const)(
  'a job of the %s lane is buried in its dead-letter queue, with the reason',
  async (lane) => {
    const job = aPushJob({ jobId: 'dead', lane });

    await queue.bury(job, { code: '10017', text: '参数非法 "x"' });

    const [message] = await drain(xiaomi[`${lane}Dead`]);
    expect(JSON.parse(message?.Body ?? '')).toEqual(job);
    expect(message?.MessageAttributes).toMatchObject({
      code: { DataType: 'String', StringValue: '10017' },
      reason: { DataType: 'String', StringValue: '参数非法 "x"' },
    });
  },
);

test.each([
  ['', 'unknown'],
  ['x'.repeat(600), 'x'.repeat(500)],
  [`${'x'.repeat(499)}🙂`, `${'x'.repeat(499)}\ufffd`],
  ['a\u0000b\u001bc\uffff', 'a\ufffdb\ufffdc\ufffd'],
])('a vendor’s words %j are made fit for an attribute', async (words, fit) => {
  await queue.bury(aPushJob(), { code: words, text: words });

  const [message] = await drain(xiaomi.directDead);
  expect(message?.MessageAttributes?.['reason']?.StringValue).toBe(fit);
  expect(message?.MessageAttributes?.['code']?.StringValue).toBe(fit);
});
