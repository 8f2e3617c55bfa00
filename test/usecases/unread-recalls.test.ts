import { createAppStore } from '../../lib/aws/app-store';
import { sha256 } from '../../lib/aws/fingerprint';
import type { AppSettings } from '../../lib/model/app-settings';
import type { MessageEvent } from '../../lib/model/message-event';
import type { TargetResult } from '../../lib/model/ports';
import { badgeOf, shortName } from '../../lib/rules/unread';
import { dispatchMessages } from '../../lib/usecases/dispatch-messages';
import { recallMessage } from '../../lib/usecases/recall-message';
import { APP, type RecallRig, startRecallRig } from '../support/recall-rig';

let rig: RecallRig;
beforeAll(async () => {
  rig = await startRecallRig();
});
afterEach(async () => {
  await rig.queued();
});
afterAll(() => rig.close());

const STACKED: Partial<AppSettings> = { classes: { stacked: { collapse: 'conversation' } } };

/** The rig in an app with these settings; another app store, for the first keeps for a moment what it has read. */
async function withSettings(settings: Partial<AppSettings>) {
  const apps = createAppStore(rig.aws.dynamoDb, 'settings');
  await apps.changeSettings(APP, { classes: {}, withdrawRead: false, ...settings });
  const ports = { ...rig.ports, apps };
  return {
    recall: (messageId: string, pushContent?: string) =>
      recallMessage(
        APP,
        { messageId, ...(pushContent === undefined ? {} : { pushContent }) },
        ports,
      ),
    /** Pushes a message, and counts it as the sender does. */
    async push(event: MessageEvent, status?: TargetResult['status']): Promise<void> {
      await dispatchMessages(APP, [event], ports);
      for (const job of await rig.queued()) {
        const [{ notification, targets }] = job.pushes;
        for (const { accountId } of targets) {
          await rig.ports.unread.add(countOf(accountId), {
            conversation: shortName(event.conversation.id, sha256),
            message: shortName(event.messageId, sha256),
            sentAt: event.sentAt,
            notifyId: notification.notifyId,
            counts: true,
          });
        }
        await rig.send(job, status);
      }
    },
  };
}

const countOf = (accountId: string) => ({ appKey: APP, accountId, deviceId: 'phone-1', since: 0 });

async function unreadOf(accountId: string): Promise<number> {
  const [unread] = await rig.ports.unread.read([countOf(accountId)]);
  return unread === undefined ? 0 : badgeOf(0, unread);
}

const inStack = (user: string) =>
  rig.messageTo([user], {
    pushConfig: { ...rig.messageTo([]).pushConfig, messageClass: 'stacked' },
  });

test.each([undefined, 'gone'])(
  'the notification of a conversation stays for the messages that are left, with the text %s',
  async (text) => {
    const { push, recall } = await withSettings(STACKED);
    const user = await rig.user();
    const [one, other] = [inStack(user), inStack(user)];
    for (const event of [one, other]) await push(event);

    expect(await recall(one.messageId, text)).toMatchObject({ withdrawn: 0, pushed: 0 });

    expect(await rig.queued()).toEqual([]);
    expect(await unreadOf(user)).toBe(1);
  },
);

test.each([
  [undefined, { withdrawn: 1, pushed: 0 }],
  ['gone', { withdrawn: 0, pushed: 1 }],
])('once its last message is recalled it goes, with the text %s', async (text, done) => {
  const { push, recall } = await withSettings(STACKED);
  const user = await rig.user();
  const [one, other] = [inStack(user), inStack(user)];
  for (const event of [one, other]) await push(event);
  await recall(one.messageId, text);

  expect(await recall(other.messageId, text)).toMatchObject(done);

  expect(await rig.queued()).toHaveLength(1);
  expect(await unreadOf(user)).toBe(0);
});

test('what is unread on one phone keeps no notification of another', async () => {
  const { push, recall } = await withSettings(STACKED);
  const [busy, quiet] = [await rig.user(), await rig.user()];
  const conversation = { id: 'team', type: 'team' } as const;
  const toBoth = { ...inStack(busy), conversation };
  const both = { ...toBoth, recipients: [{ accountId: busy }, { accountId: quiet }] };
  await push({ ...inStack(busy), conversation });
  await push(both);

  expect(await recall(both.messageId)).toMatchObject({ withdrawn: 1 });

  const targets = (await rig.queued()).flatMap(({ pushes }) =>
    pushes.flatMap((one) => one.targets),
  );
  expect(targets.map(({ accountId }) => accountId)).toEqual([quiet]);
});

test.each(['accepted', 'throttled'] as const)(
  'a recalled message counts no more, though its push was %s',
  async (status) => {
    const { push, recall } = await withSettings({ withdrawRead: true });
    const user = await rig.user();
    const [gone, stays] = [rig.messageTo([user]), rig.messageTo([user])];
    await push(gone, status);
    await push(stays);

    await recall(gone.messageId);

    expect(await unreadOf(user)).toBe(1);
  },
);

test('a recall that crashed after it took the message out withdraws when it is repeated', async () => {
  const { push, recall } = await withSettings({ withdrawRead: true });
  const user = await rig.user();
  const message = rig.messageTo([user]);
  await push(message);
  rig.aws.wire.next('SendMessageBatch', () => Promise.reject(new Error('crash')));
  await expect(recall(message.messageId)).rejects.toThrow();
  expect(await unreadOf(user)).toBe(0);

  expect(await recall(message.messageId)).toMatchObject({ withdrawn: 1 });
});

test('where the app remembers nothing, a recall does not ask for it', async () => {
  const { push, recall } = await withSettings({});
  const message = rig.messageTo([await rig.user()]);
  await push(message);

  const calls = await rig.aws.wire.watch(() => recall(message.messageId));

  expect(calls.filter(({ body }) => JSON.stringify(body).includes('unread/'))).toEqual([]);
  expect(await rig.queued()).toHaveLength(1);
});
