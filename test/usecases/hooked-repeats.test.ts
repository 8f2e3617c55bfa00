import { createAppStore } from '../../lib/aws/app-store';
import type { HookClient } from '../../lib/model/hook';
import type { MessageEvent } from '../../lib/model/message-event';
import { type DispatchPorts, dispatchMessages } from '../../lib/usecases/dispatch-messages';
import { APP, type RecallRig, startRecallRig } from '../support/recall-rig';

type HookAnswer = Awaited<ReturnType<HookClient['ask']>>;
type Change = Omit<Extract<HookAnswer, { kind: 'answered' }>['changes'][number], 'messageId'>;

let rig: RecallRig;
let apps: DispatchPorts['apps'];
beforeAll(async () => {
  rig = await startRecallRig();
  const store = createAppStore(rig.aws.dynamoDb, 'settings');
  await store.changeSettings(APP, {
    hook: { url: 'https://hook.example.com/', onFailure: 'send' },
  });
  apps = store;
});
afterEach(async () => {
  rig.clock.ahead = 0;
  await rig.queued();
});
afterAll(() => rig.close());

/** Dispatches while the webhook says this of every message; undefined when it does not answer in time. */
function dispatch(event: MessageEvent, change: Change | undefined) {
  const answer: HookAnswer =
    change === undefined
      ? { kind: 'failed', code: 'timeout' }
      : { kind: 'answered', changes: [{ ...change, messageId: event.messageId }] };
  const hook: HookClient = { ask: async () => answer };
  return dispatchMessages(APP, [event], { ...rig.ports, apps, hook });
}

const MASKED = { pushContent: '***' };

test.each<[string, Change | undefined]>([
  ['no longer answers', undefined],
  ['has another text', { pushContent: 'in the clear' }],
  ['switches the push off', { pushEnabled: false }],
  ['takes everybody out', { recipients: [] }],
])('a repeat pushes what the webhook said first, though by now it %s', async (_name, now) => {
  const message = rig.messageTo([await rig.user()]);
  await dispatch(message, MASKED);
  const [first] = await rig.queued();

  const [answer] = await dispatch(message, now);

  const again = await rig.queued();
  expect(first?.pushes).toMatchObject([{ notification: { body: 'Alice:***' } }]);
  expect(again.map(({ jobId, pushes }) => [jobId, pushes])).toEqual([
    [first?.jobId, first?.pushes],
  ]);
  expect(answer).toMatchObject({ duplicate: true, counts: { queued: 1 } });
});

test('a repeat of a message that went as it came is not changed by the webhook any more', async () => {
  const message = rig.messageTo([await rig.user()]);
  await dispatch(message, undefined);
  const [first] = await rig.queued();

  await dispatch(message, MASKED);

  expect((await rig.queued()).map(({ jobId }) => jobId)).toEqual([first?.jobId]);
});

test('who is rescued by newer presence sees the text the webhook made, and who was taken out is not', async () => {
  const [stays, gone] = [await rig.user(), await rig.user()];
  const says = (state: 'foreground' | 'disconnected') =>
    [stays, gone].map((accountId) => ({
      accountId,
      presence: [{ deviceId: 'phone-1', state }],
    }));
  const message = rig.messageTo([], { recipients: says('foreground') });
  await dispatch(message, { ...MASKED, recipients: [stays] });

  const [answer] = await dispatch({ ...message, recipients: says('disconnected') }, undefined);

  const pushes = (await rig.queued()).flatMap((job) => job.pushes);
  expect(pushes).toMatchObject([
    { notification: { body: 'Alice:***' }, targets: [{ accountId: stays }] },
  ]);
  expect(pushes[0]?.targets).toHaveLength(1);
  expect(answer?.counts).toEqual({ queued: 1, hook: 1 });
});

test('a large call that crashed is made up for with the text the webhook made', async () => {
  const strangers = Array.from({ length: 100 }, (_, index) => `stranger-${index}`);
  const message = rig.messageTo([await rig.user(), ...strangers]);
  rig.aws.wire.next('SendMessageBatch', () => Promise.reject(new Error('crash')));
  await expect(dispatch(message, MASKED)).rejects.toThrow();

  rig.clock.ahead = 31_000;
  await dispatch(message, undefined);

  expect((await rig.queued()).flatMap(({ pushes }) => pushes)).toMatchObject([
    { notification: { body: 'Alice:***' } },
  ]);
});

test('a message that the webhook leaves as it is costs its record nothing', async () => {
  const message = rig.messageTo([await rig.user()]);
  await dispatch(message, {});

  const record = await rig.ports.submissions.get(APP, `message/${message.messageId}`);

  expect(record?.messages[0]).not.toHaveProperty('hooked');
});
