import { type RecallRig, startRecallRig } from '../support/recall-rig';

let rig: RecallRig;
beforeAll(async () => {
  rig = await startRecallRig();
});
afterEach(async () => {
  await rig.queued();
});
afterAll(() => rig.close());

test('a repeat of a recalled message rescues nobody', async () => {
  const user = await rig.user();
  const presence = (state: 'foreground' | 'disconnected') => [
    { accountId: user, presence: [{ deviceId: 'phone-1', state }] },
  ];
  const message = rig.messageTo([user], { recipients: presence('foreground') });
  await rig.dispatch(message);

  await rig.recall(message.messageId);
  const [answer] = await rig.dispatch({ ...message, recipients: presence('disconnected') });

  expect(answer).toMatchObject({ duplicate: true, counts: { recalled: 1 } });
  expect(await rig.queued()).toEqual([]);
});

test('a push that newer presence rescued is recalled like any other', async () => {
  const user = await rig.user();
  const presence = (state: 'foreground' | 'disconnected') => [
    { accountId: user, presence: [{ deviceId: 'phone-1', state }] },
  ];
  const message = rig.messageTo([user], { recipients: presence('foreground') });
  await rig.dispatch(message);
  rig.clock.ahead = 5_000;
  await rig.dispatch({ ...message, recipients: presence('disconnected') });
  const [job] = await rig.queued();
  rig.clock.ahead = 0;
  if (job === undefined) throw new Error('nobody was rescued');

  const answer = await rig.recall(message.messageId);

  expect(answer).toMatchObject({ stopped: 1 });
  expect(await rig.send(job)).toMatchObject({ recalled: new Set([message.messageId]) });
});

test('a large message that was dispatched anew after a crash is recalled in both copies of its job', async () => {
  const strangers = Array.from({ length: 100 }, (_, index) => `stranger-${index}`);
  const message = rig.messageTo([await rig.user(), ...strangers]);
  // the job is queued, but nobody is told
  rig.aws.wire.next('SendMessageBatch', async (_body, goOn) => {
    await goOn();
    throw new Error('crash');
  });
  await expect(rig.dispatch(message)).rejects.toThrow();
  const [first] = await rig.queued();
  rig.clock.ahead = 31_000;
  await rig.dispatch(message);
  const [second] = await rig.queued();
  rig.clock.ahead = 0;
  if (first === undefined || second === undefined) throw new Error('nothing was queued');

  await rig.recall(message.messageId);

  expect(await rig.send(first)).toMatchObject({ recalled: new Set([message.messageId]) });
  expect(await rig.send(second)).toEqual({ claim: 'over' });
});

test('one recalled message of a call, repeated by itself, is not sent while its job waits', async () => {
  const events = [rig.messageTo([await rig.user()]), rig.messageTo([await rig.user()])];
  const [gone] = events;
  if (gone === undefined) throw new Error('no events');
  await rig.dispatch(...events);
  await rig.queued();

  await rig.recall(gone.messageId);
  const [answer] = await rig.dispatch(gone);

  expect(await rig.queued()).toEqual([]);
  expect(answer).toMatchObject({
    duplicate: true,
    counts: { recalled: 1 },
    recipients: [{ devices: [{ deviceId: 'phone-1', reason: 'recalled' }] }],
  });
});

test('a repeat of a call with a recalled message queues the rest of its job under the same id', async () => {
  const events = [rig.messageTo([await rig.user()]), rig.messageTo([await rig.user()])];
  const [gone, stays] = events;
  if (gone === undefined || stays === undefined) throw new Error('no events');
  await rig.dispatch(...events);
  const [job] = await rig.queued();

  await rig.recall(gone.messageId);
  await rig.dispatch(...events);

  const again = await rig.queued();
  expect(again.map(({ jobId }) => jobId)).toEqual([job?.jobId]);
  expect(again[0]?.pushes.map(({ messageId }) => messageId)).toEqual([stays.messageId]);
});

test('a repeat of a recalled message to more than a hundred is answered as recalled', async () => {
  const strangers = Array.from({ length: 100 }, (_, index) => `stranger-${index}`);
  const message = rig.messageTo([await rig.user(), ...strangers]);
  await rig.dispatch(message);

  await rig.recall(message.messageId);
  const [answer] = await rig.dispatch(message);

  expect(answer).toMatchObject({ duplicate: true, counts: { recalled: 101 } });
});

test('a call that crashed before its queue is made up for, but for what was recalled of it', async () => {
  const events = [rig.messageTo([await rig.user()]), rig.messageTo([await rig.user()])];
  const [gone, stays] = events;
  if (gone === undefined || stays === undefined) throw new Error('no events');
  rig.aws.wire.next('SendMessageBatch', () => Promise.reject(new Error('crash')));
  await expect(rig.dispatch(...events)).rejects.toThrow();

  await rig.recall(gone.messageId);
  await rig.dispatch(...events);

  const jobs = await rig.queued();
  const sent = await Promise.all(jobs.map(async (job) => ({ job, claim: await rig.send(job) })));
  const left = sent.flatMap(({ job: { pushes }, claim }) => {
    const recalled = ('recalled' in claim && claim.recalled) || new Set<string>();
    return pushes.map(({ messageId }) => messageId).filter((id) => !recalled.has(id));
  });
  expect(left).toEqual([stays.messageId]);
});
