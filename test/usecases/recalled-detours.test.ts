import { createAppStore } from '../../lib/aws/app-store';
import { sha256 } from '../../lib/aws/fingerprint';
import { createSubmissionStore } from '../../lib/aws/submission-store';
import type { AppSettings } from '../../lib/model/app-settings';
import type { MessageEvent } from '../../lib/model/message-event';
import type { PushJob } from '../../lib/model/push-job';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import type { DeliveryPorts } from '../../lib/usecases/deliver-jobs';
import { dispatchMessages } from '../../lib/usecases/dispatch-messages';
import { type RecallAnswer, recallMessage } from '../../lib/usecases/recall-message';
import { aDevice, aMessageEvent, aToken } from '../support/builders';
import { useQuotaDays } from '../support/quota-days';
import { oppoTokenOf } from '../support/quota-rig';

const APP = 'app-1';
const OPPO_CLASS = 'communication-and-service';

const days = useQuotaDays();
const { someUsers } = days;
let messages = 0;
afterEach(() => setApp({ traceLevel: 'full', classes: {} }));

const trayOf = (token: string) => days.rig.simulators.phones.look(token).tray;

/** An OPPO phone that has a token of Xiaomi's as well, called like its user. */
async function oppoPhone(): Promise<string> {
  const [[accountId = '']] = await someUsers(1);
  const facts = { manufacturer: 'OPPO', package: days.rig.simulators.packageName };
  const tokens = {
    'xiaomi-cert': aToken({ token: accountId }),
    'oppo-cert': aToken({ vendor: 'oppo', token: oppoTokenOf(accountId) }),
  };
  const device = aDevice({ deviceId: 'd', facts, tokens });
  await days.rig.container().accounts.update(APP, accountId, (account) => ({
    account: { appKey: APP, accountId, ...account, devices: { d: device } },
  }));
  return accountId;
}

async function setApp(change: Partial<AppSettings>): Promise<void> {
  await createAppStore(days.rig.aws.dynamoDb, 'settings').changeSettings(APP, change);
}

function ports() {
  const { aws, container } = days.rig;
  return {
    ...container(),
    submissions: createSubmissionStore(aws.dynamoDb, 'deliveries'),
    hook: { ask: () => Promise.reject(new Error('the app has no webhook')) },
    hash: sha256,
  };
}

/** Jobs that are queued by what is done. */
async function queuedBy(act: () => Promise<unknown>): Promise<PushJob[]> {
  const calls = await days.rig.aws.wire.watch(act);
  return calls
    .filter(({ operation }) => operation === 'SendMessageBatch')
    .flatMap(({ body }) => body['Entries'] as { MessageBody: string }[])
    .map(({ MessageBody }) => JSON.parse(MessageBody) as PushJob); // just written by the job queue
}

/** Delivers a job that there is one of, and answers the other job that comes of it, if one does. */
async function deliver(jobs: readonly PushJob[], container?: DeliveryPorts) {
  const [job, ...more] = jobs;
  if (job === undefined || more.length > 0) throw new Error(`${jobs.length} jobs instead of one`);
  const of = job.vendor === 'oppo' ? days.rig.oppoContainer() : days.rig.container();
  return (await days.rig.deliver(container ?? of, job)).map((put) => put.job);
}

/** A message to these users; answers it and its one job. */
async function send(
  users: readonly string[],
  changes: Partial<MessageEvent> = {},
): Promise<[MessageEvent, PushJob[]]> {
  const event = aMessageEvent({
    messageId: `message-${messages++}`,
    recipients: users.map((accountId) => ({ accountId })),
    sentAt: days.rig.clock.at,
    expiresAt: days.rig.clock.at + DAY_MS,
    ...changes,
  });
  return [event, await queuedBy(() => dispatchMessages(APP, [event], ports()))];
}

/** Recalls a message; answers what is said of it, and the jobs. */
async function recall({ messageId }: MessageEvent, pushContent?: string) {
  let answer: RecallAnswer | undefined;
  const order = { messageId, ...(pushContent === undefined ? {} : { pushContent }) };
  const jobs = await queuedBy(async () => {
    answer = await recallMessage(APP, order, ports());
  });
  return { answer, jobs };
}

test.each(['full', 'failures', 'off'] as const)(
  'what another channel showed is withdrawn there, at the trace level %s',
  async (traceLevel) => {
    await setApp({ traceLevel });
    await days.rig.limit('oppo', { dailyTotals: { [OPPO_CLASS]: 0 } });
    const user = await oppoPhone();
    const [message, jobs] = await send([user]);
    await deliver(await deliver(jobs));
    expect(trayOf(user)).toHaveLength(1);

    const { answer, jobs: withdrawals } = await recall(message);
    await deliver(withdrawals);

    expect(answer).toMatchObject({ stopped: 0, withdrawn: 1, pushed: 0 });
    expect(trayOf(user)).toEqual([]);
  },
);

test('what waits for the other channel is stopped, and nothing is withdrawn', async () => {
  await days.rig.limit('oppo', { dailyTotals: { [OPPO_CLASS]: 0 } });
  const user = await oppoPhone();
  const [message, jobs] = await send([user]);
  const detour = await deliver(jobs);

  const { answer, jobs: queued } = await recall(message);
  await deliver(detour);

  expect(answer).toMatchObject({ withdrawn: 0, pushed: 0 });
  expect(queued).toEqual([]);
  expect(trayOf(user)).toEqual([]);
});

test('what the other channel showed is withdrawn though the first never told that it went there', async () => {
  await days.rig.limit('oppo', { dailyTotals: { [OPPO_CLASS]: 0 } });
  const user = await oppoPhone();
  const [message, jobs] = await send([user]);
  const oppo = days.rig.oppoContainer();
  const settle = () => Promise.reject(new Error('crashed'));
  await deliver(await deliver(jobs, { ...oppo, jobs: { ...oppo.jobs, settle } }));

  const { answer, jobs: withdrawals } = await recall(message);
  const [target] = withdrawals[0]?.pushes[0].targets ?? [];
  await deliver(withdrawals);

  expect(answer).toMatchObject({ stopped: 1, withdrawn: 1 });
  // who is at work is the other channel's sender no more
  expect(target).not.toHaveProperty('notBefore');
  expect(trayOf(user)).toEqual([]);
});

test('only what went another way is recalled there: the rest of its job is where it was', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
  const [users] = await someUsers(2);
  const [message, jobs] = await send(users);
  await deliver(await deliver(jobs));
  const ownWay = users.filter((user) => trayOf(user).length === 1);
  expect(ownWay).toHaveLength(1);

  const { answer, jobs: withdrawals } = await recall(message);

  const asked = withdrawals.flatMap(({ pushes }) => pushes.flatMap(({ targets }) => targets));
  expect(answer).toMatchObject({ withdrawn: 1, pushed: 0 });
  expect(asked).toMatchObject([{ accountId: ownWay[0], token: ownWay[0] }]);
});

test('a recall with a text overwrites the message where it is, though its own channel has quota again', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 0 } });
  const [[user = '']] = await someUsers(1);
  const [message, jobs] = await send([user]);
  await deliver(await deliver(jobs));
  expect(trayOf(oppoTokenOf(user))).toHaveLength(1);
  await days.rig.limit('xiaomi', {});

  const { answer, jobs: pushes } = await recall(message, 'gone');
  await deliver(pushes);

  expect(answer).toMatchObject({ withdrawn: 0, pushed: 1 });
  expect(trayOf(oppoTokenOf(user))).toMatchObject([{ body: 'Alice:gone' }]);
  expect(trayOf(user)).toEqual([]);
});

test('a recall is pushed by the channel of the day where the phone has no token of the one that shows it', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 0 } });
  const [[user = '']] = await someUsers(1);
  const [message, jobs] = await send([user]);
  await deliver(await deliver(jobs));
  await days.rig.limit('xiaomi', {});
  await days.rig.container().accounts.update(APP, user, (account) => {
    const device = account?.devices['d'];
    if (account === undefined || device === undefined) return undefined;
    const { 'oppo-cert': _gone, ...tokens } = device.tokens;
    return { account: { ...account, devices: { d: { ...device, tokens } } } };
  });

  const { jobs: pushes } = await recall(message, 'gone');

  expect(pushes).toMatchObject([{ vendor: 'xiaomi' }]);
});

test('a phone that may show a message by two channels has it once among what is unread', async () => {
  await setApp({ traceLevel: 'off', classes: { stacked: { collapse: 'conversation' } } });
  await days.rig.limit('oppo', { dailyTotals: { [OPPO_CLASS]: 0 } });
  const pushConfig = { ...aMessageEvent().pushConfig, messageClass: 'stacked' };
  const [message, jobs] = await send([await oppoPhone()], { pushConfig });
  await deliver(await deliver(jobs));

  const calls = await days.rig.aws.wire.watch(() => recall(message));

  const removals = calls.filter(
    ({ operation, body }) =>
      operation === 'UpdateItem' && JSON.stringify(body['Key']).includes('unread/'),
  );
  expect(removals).toHaveLength(1);
});

test('what a person had sent again is withdrawn', async () => {
  const [[user = '']] = await someUsers(1);
  const [message, jobs] = await send([user]);
  const [job] = jobs;
  if (job === undefined) throw new Error('nothing was queued');
  const container = days.rig.container();
  const { jobs: store, clock } = container;
  const [push] = job.pushes;
  const { accountId, deviceId, token } = push.targets[0];
  const buried = { messageId: message.messageId, accountId, deviceId, token, at: clock.now() };
  await store.claim(job, clock.now() + MINUTE_MS, clock.now());
  await store.settle(job, 'done', [{ ...buried, status: 'dead-lettered' }], clock.now());
  await deliver([{ ...job, jobId: `${job.jobId}.again` }]);
  expect(trayOf(user)).toHaveLength(1);

  await deliver((await recall(message)).jobs);

  expect(trayOf(user)).toEqual([]);
});
