import { readTrace } from '../../lib/usecases/read-trace';
import { APP, type RecallRig, startRecallRig } from '../support/recall-rig';

const DAY_MS = 86_400_000;

let rig: RecallRig;
beforeAll(async () => {
  rig = await startRecallRig();
});
afterEach(async () => {
  rig.clock.ahead = 0;
  await rig.queued();
});
afterAll(() => rig.close());

test('what no sender has had yet is stopped, and there is nothing to take back', async () => {
  const message = rig.messageTo([await rig.user()]);
  await rig.dispatch(message);
  const [job] = await rig.queued();
  if (job === undefined) throw new Error('nothing was queued');

  const answer = await rig.recall(message.messageId, { pushContent: 'gone' });

  expect(answer).toMatchObject({ stopped: 1, withdrawn: 0, pushed: 0 });
  expect(await rig.queued()).toEqual([]);
  expect(await rig.send(job)).toEqual({ claim: 'granted', recalled: new Set([message.messageId]) });
});

test.each([
  ['accepted', 1],
  // it may have arrived, with its answer lost
  ['unavailable', 1],
  ['throttled', 0],
  ['no-longer-wanted', 0],
] as const)(
  'a phone whose push ended as %s is asked to take %i back',
  async (status, withdrawn) => {
    const message = rig.messageTo([await rig.user()]);
    await rig.dispatch(message);
    await rig.sendAll(status);

    expect(await rig.recall(message.messageId)).toMatchObject({ withdrawn });
    expect(await rig.queued()).toHaveLength(withdrawn);
  },
);

test('the same recall again queues nothing and answers the same; another one is refused', async () => {
  const message = rig.messageTo([await rig.user()]);
  await rig.dispatch(message);
  await rig.sendAll();

  const first = await rig.recall(message.messageId, { pushContent: 'gone' });
  const [push, ...others] = await rig.queued();
  const second = await rig.recall(message.messageId, { pushContent: 'gone' });

  expect(others).toEqual([]);
  expect(push?.pushes).toMatchObject([{ notification: { body: 'Alice:gone' } }]);
  expect(second).toEqual(first);
  expect(await rig.queued()).toEqual([]);
  await expect(rig.recall(message.messageId)).rejects.toThrow('another body');
});

test('a recall whose call crashed is made up for by its repeat, with the very same job', async () => {
  const message = rig.messageTo([await rig.user()]);
  await rig.dispatch(message);
  await rig.sendAll();
  const put = rig.aws.wire.next.bind(rig.aws.wire, 'PutItem');
  put(() => Promise.reject(new Error('crash')));
  await expect(rig.recall(message.messageId)).rejects.toThrow();
  const before = await rig.queued();

  rig.clock.ahead = 5_000;
  await rig.recall(message.messageId);
  rig.clock.ahead = 0;

  const copies = [...before, ...(await rig.queued())];
  expect(new Set(copies.map(({ jobId }) => jobId)).size).toBe(1);
  const claims = [];
  for (const job of copies) claims.push((await rig.send(job)).claim);
  expect(claims).toEqual(['granted', 'over']);
});

test('a message of a batch is recalled with the batch, or by what the trace keeps of it', async () => {
  const users = [await rig.user(), await rig.user()];
  const batchId = 'a batch';
  const events = users.map((user) => rig.messageTo([user], { batchId }));
  const [first, second] = events;
  if (first === undefined || second === undefined) throw new Error('no events');
  await rig.dispatch(...events);
  await rig.sendAll();

  const withBatch = await rig.recall(first.messageId, { batchId });
  const without = await rig.recall(second.messageId);

  const done = { stopped: 0, withdrawn: 1, pushed: 0 };
  expect([withBatch, without]).toMatchObject([done, done]);
  const shown = (await rig.queued()).flatMap(({ pushes }) => pushes.map(({ targets }) => targets));
  expect(
    shown
      .flat()
      .map(({ accountId }) => accountId)
      .toSorted(),
  ).toEqual(users.toSorted());
});

test('of a group of more than a hundred, those the message was pushed to are asked', async () => {
  const users = [await rig.user(), await rig.user()];
  const strangers = Array.from({ length: 100 }, (_, index) => `stranger-${index}`);
  const conversation = { id: 'g', type: 'team' } as const;
  const message = rig.messageTo([...users, ...strangers], { conversation });
  await rig.dispatch(message);
  await rig.sendAll();

  const answer = await rig.recall(message.messageId);
  await rig.sendAll('withdrawn');

  expect(answer).toMatchObject({ stopped: 0, withdrawn: 2, pushed: 0 });
  const [accountId = ''] = users;
  const trace = await readTrace(APP, message.messageId, { accountId }, rig.ports);
  expect(trace?.devices).toMatchObject([
    {
      outcomes: [{ kind: 'accepted' }],
      recall: {
        action: 'withdraw',
        reason: 'push-not-enabled',
        outcomes: [{ kind: 'withdrawn' }],
      },
    },
  ]);
});

test('a conflict elsewhere in its call leaves a message recalled', async () => {
  const user = await rig.user();
  const [early, known] = [rig.messageTo([user]), rig.messageTo([user])];
  await rig.dispatch(known);
  await rig.recall(early.messageId);

  await expect(rig.dispatch(early, { ...known, body: 'another' })).rejects.toThrow('another body');
  const [answer] = await rig.dispatch(early);

  expect(answer?.counts).toEqual({ recalled: 1 });
});

test('a recall that came a day before says nothing of a message, and a new use of an id is a new message', async () => {
  const user = await rig.user();
  const message = rig.messageTo([user]);
  await rig.recall(message.messageId);
  rig.clock.ahead = DAY_MS + 60_000;
  const later = rig.messageTo([user], { messageId: message.messageId });
  await rig.dispatch(later);
  await rig.sendAll();

  const first = await rig.recall(message.messageId);

  expect(first).toMatchObject({ withdrawn: 1 });
  rig.clock.ahead = 2 * (DAY_MS + 60_000);
  await rig.dispatch(rig.messageTo([user], { messageId: message.messageId, body: 'third' }));
  await rig.sendAll();
  expect(await rig.recall(message.messageId)).toMatchObject({ withdrawn: 1 });
});

test('a message that was never pushed to anybody costs its record nothing for a recall', async () => {
  const message = rig.messageTo(['nobody']);
  await rig.dispatch(message);

  const record = await rig.ports.submissions.get(APP, `message/${message.messageId}`);

  expect(record?.messages[0]).not.toHaveProperty('origin');
  expect(await rig.recall(message.messageId)).toMatchObject({
    stopped: 0,
    withdrawn: 0,
    pushed: 0,
  });
});
