import type { Message } from '@aws-sdk/client-sqs';
import type { PushJob } from '../../lib/model/push-job';
import { decide, logIn, storeCertificate } from '../support/journeys';
import { jobOf, openQueues, type Queues } from '../support/queues';
import { aMessage, type Service, startService, until } from '../support/service';

/** Sends that may end in a refusal only a person can mend; back-offs between them would take 15 s. */
const ATTEMPTS = 5;
const QUEUE = 'XiaomiDirectQueue';
const DEAD_QUEUE = 'XiaomiDirectDeadQueue';

let service: Service;
let queues: Queues;
beforeAll(async () => {
  service = await startService();
  queues = openQueues(service);
});
afterAll(async () => {
  queues.close();
  await service.close();
});

type Fault = Parameters<Service['machine']['simulators']['xiaomi']['control']>[0];
const UNKNOWN_CODE: Fault = { failNext: 1_000, code: 99_999, reason: 'no idea' };

/** What the vendor answers to everything from now on; without a fault it is mended. */
function vendor(fault: Fault = {}) {
  const { xiaomi } = service.machine.simulators;
  xiaomi.reset();
  xiaomi.control(fault);
  return xiaomi;
}

const phone = (token: string) => service.machine.simulators.phones.look(token);
const shownOn = (token: string) =>
  until(
    () => phone(token),
    ({ tray }) => tray.length > 0,
  );
const words = (message: Message | undefined, name: string) =>
  message?.MessageAttributes?.[name]?.StringValue;
/** Dead letters are jobs as the service wrote them. */
const bodyOf = (message: Message | undefined) => JSON.parse(message?.Body ?? '{}') as PushJob;
const traceOf = ({ messageId }: { readonly messageId: string }) =>
  service.server.call('GET', `/v1/messages/${messageId}/trace`);
const logsOf = (text: string, jobId: string) =>
  service.logs.filter((line) => line.includes(text) && line.includes(jobId));

/** Puts a job into its queue and waits until the sender is done with it. */
async function work(job: unknown): Promise<void> {
  await queues.send(QUEUE, job);
  await queues.drained(QUEUE);
}

/** A phone, and the job of a message to it after so many attempts. */
async function aTriedJob(account: string, attempts = ATTEMPTS - 1, changes = {}) {
  const token = await logIn(service, account);
  const message = aMessage([account], changes);
  return { token, message, job: jobOf(service, message, { accountId: account, token, attempts }) };
}

test.each<[string, string, Fault, RegExp]>([
  ['a code in no table', '99999', UNKNOWN_CODE, /no idea/],
  ['refused credentials', '21301', { failNext: 1_000, code: 21_301 }, /认证失败/],
  ['a wrong setting', '22022', { failNext: 1_000, code: 22_022 }, /package name illegal/],
])(
  '%s: the job ends in the dead-letter queue with the reason, and the token stays',
  async (...it) => {
    const [_case, code, fault, reason] = it;
    const account = `refused-${code}`;
    const { job } = await aTriedJob(account);
    const xiaomi = vendor(fault);

    await queues.send(QUEUE, job);
    const dead = await queues.take(DEAD_QUEUE);

    expect(words(dead, 'code')).toBe(code);
    expect(words(dead, 'reason')).toMatch(reason);
    expect(xiaomi.counters().requests).toBe(1);
    expect(await service.server.call('GET', `/v1/accounts/${account}`)).toMatchObject({
      devices: [{ tokens: [{ certificate: 'xiaomi' }], channel: { vendor: 'xiaomi' } }],
    });
    expect(logsOf('dead-lettered', job.jobId)).toHaveLength(1);
  },
);

test('attempts are counted from send to send, and no more are made than five', async () => {
  const { token, job } = await aTriedJob('counted', ATTEMPTS - 2);
  const xiaomi = vendor(UNKNOWN_CODE);

  await work(job);
  const dead = await queues.take(DEAD_QUEUE);

  expect(words(dead, 'code')).toBe('99999');
  expect(xiaomi.counters().requests).toBe(2);
  expect(phone(token).arrivals).toHaveLength(0);
});

test('moved back once the vendor is mended, a job is sent once, however often it is moved', async () => {
  const { token, job } = await aTriedJob('mended');
  vendor(UNKNOWN_CODE);
  await work(job);
  const dead = bodyOf(await queues.take(DEAD_QUEUE));
  vendor();

  await work(dead);
  await work(dead);

  expect(phone(token).tray).toMatchObject([{ body: 'Bob:test text message' }]);
  expect(phone(token).arrivals).toHaveLength(1);
  expect(logsOf('already done', dead.jobId)).toHaveLength(1);
});

test('a job that is refused again after it was moved back can be moved again', async () => {
  const { token, job } = await aTriedJob('stubborn');
  vendor(UNKNOWN_CODE);
  await work(job);
  const dead = bodyOf(await queues.take(DEAD_QUEUE));
  const [push] = dead.pushes;
  const [target] = push.targets;
  await work({ ...dead, pushes: [{ ...push, targets: [{ ...target, attempts: 4 }] }] });
  const again = bodyOf(await queues.take(DEAD_QUEUE));
  vendor();

  await work(again);

  expect(target.attempts).toBeUndefined();
  expect(again.jobId).not.toBe(dead.jobId);
  // vendors echo a job's id and take 64 bytes for it, however often the job was moved
  expect(again.jobId).toHaveLength(dead.jobId.length);
  expect(phone(token).tray).toHaveLength(1);
});

test('who logged out while the job lay there does not see it when it is moved back', async () => {
  const { token, job } = await aTriedJob('left');
  vendor(UNKNOWN_CODE);
  await work({ ...job, decidedAt: job.decidedAt - 60_000 });
  const dead = await queues.take(DEAD_QUEUE);
  await service.server.call('DELETE', '/v1/accounts/left/devices/d1/session');
  const xiaomi = vendor();

  await work(bodyOf(dead));

  expect(xiaomi.counters().requests).toBe(0);
  expect(phone(token).arrivals).toHaveLength(0);
});

test('the trace tells of the refusals, of the dead letter, and of the push after it was moved back', async () => {
  const token = await logIn(service, 'told');
  const message = aMessage(['told']);
  vendor(UNKNOWN_CODE);
  await service.server.call('POST', '/v1/messages', message);
  const first = await until(
    () => traceOf(message),
    (trace) => JSON.stringify(trace).includes('99999'),
  );
  const target = { accountId: 'told', token, attempts: ATTEMPTS - 1 };
  const queuedAt = Number(/"queuedAt":(\d+)/.exec(JSON.stringify(first))?.[1]);
  await queues.send(QUEUE, { ...jobOf(service, message, target), generation: 1, queuedAt });
  const dead = await queues.take(DEAD_QUEUE);
  const buried = await until(
    () => traceOf(message),
    (trace) => JSON.stringify(trace).includes('dead-lettered'),
  );
  vendor();
  await queues.send(QUEUE, bodyOf(dead));
  await shownOn(token);
  const last = await until(
    () => traceOf(message),
    (trace) => JSON.stringify(trace).includes('delivered'),
  );

  const at = expect.any(Number);
  const failed = { kind: 'dead-lettered', code: '99999', text: 'no idea', at };
  expect(first).toMatchObject({
    devices: [{ outcomes: [{ kind: 'unavailable', code: '99999', text: 'no idea', at }] }],
  });
  expect(buried).toMatchObject({ devices: [{ outcomes: [failed], receipts: [] }] });
  expect(last).toMatchObject({
    devices: [
      { outcomes: [failed, { kind: 'accepted', at }], receipts: [{ kind: 'delivered', at }] },
    ],
  });
  expect(await decide(service, 'told')).toEqual(['queued']);
});

test('a job of a group ends in the dead-letter queue of its lane', async () => {
  const { job } = await aTriedJob('member', ATTEMPTS - 1, {
    conversation: { id: 'g', type: 'team', name: 'Team' },
  });
  await storeCertificate(service, 'groups');
  vendor(UNKNOWN_CODE);

  // a certificate of its own: no sender of the other lane holds its limit
  await queues.send('XiaomiBulkQueue', { ...job, certificate: 'groups' });

  expect(words(await queues.take('XiaomiBulkDeadQueue'), 'code')).toBe('99999');
});
