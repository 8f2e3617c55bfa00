import { randomUUID } from 'node:crypto';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createAccountStore } from '../../lib/aws/account-store';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createAppStore } from '../../lib/aws/app-store';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { sha256 } from '../../lib/aws/fingerprint';
import { createJobQueue } from '../../lib/aws/job-queue';
import { createJobStore } from '../../lib/aws/job-store';
import { createSubmissionStore } from '../../lib/aws/submission-store';
import { createTelemetry } from '../../lib/aws/telemetry';
import type { Account } from '../../lib/model/account';
import { TryLater } from '../../lib/model/errors';
import type { MessageEvent } from '../../lib/model/message-event';
import type { JobStore } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import { type DispatchPorts, dispatchMessages } from '../../lib/usecases/dispatch-messages';
import { type Aws, startAws } from '../support/aws';
import { aDevice, aMessageEvent, aToken } from '../support/builders';

const APP = 'app-1';
const HOUR_MS = 3_600_000;
const clock = { ahead: 0, now: () => Date.now() + clock.ahead };

let aws: Aws;
let ports: DispatchPorts;
let jobs: JobStore;
let queueUrl: string;

beforeAll(async () => {
  aws = await startAws();
  queueUrl = aws.createQueue('direct');
  // both, for the tests ask only whether something was queued
  const urls = { direct: queueUrl, bulk: queueUrl, directDead: '', bulkDead: '' };
  const envelope = createEnvelope(aws.kms, aws.keyId);
  await createAppRegistry(aws.dynamoDb, 'settings', envelope).create(APP, 'a secret');
  await createCertificateStore(aws.dynamoDb, 'settings', envelope).put({
    name: 'xiaomi-cert',
    appKey: APP,
    vendor: 'xiaomi',
    credentials: {},
    package: 'com.example.chat',
  });
  jobs = createJobStore(aws.dynamoDb, 'deliveries');
  ports = {
    accounts: createAccountStore(aws.dynamoDb, 'devices'),
    apps: createAppStore(aws.dynamoDb, 'settings'),
    submissions: createSubmissionStore(aws.dynamoDb, 'deliveries'),
    jobs,
    queue: createJobQueue(aws.sqs, { xiaomi: urls }),
    hook: { ask: () => Promise.reject(new Error('the app has no webhook')) },
    telemetry: createTelemetry(),
    clock,
    hash: sha256,
  };
});
afterEach(() => {
  clock.ahead = 0;
});
afterAll(() => aws.close());

/** An account with phones that are out of reach. */
async function anAccountOf(accountId: string, phones = 1): Promise<void> {
  const ids = Array.from({ length: phones }, (_, index) => `${index}`.padEnd(128, 'y'));
  const devices = ids.map((deviceId) =>
    aDevice({
      deviceId,
      facts: { manufacturer: 'Xiaomi', package: 'com.example.chat' },
      session: { state: 'logged-in', at: Date.now() },
      tokens: { 'xiaomi-cert': aToken({ token: `token-${accountId}-${deviceId}` }) },
    }),
  );
  await ports.accounts.update(APP, accountId, () => ({
    account: {
      appKey: APP,
      accountId,
      devices: Object.fromEntries(devices.map((device) => [device.deviceId, device])),
    },
  }));
}

async function anOfflineUser(): Promise<string> {
  const accountId = `user-${randomUUID()}`;
  await anAccountOf(accountId);
  return accountId;
}

function messageTo(...accountIds: string[]): MessageEvent {
  return aMessageEvent({
    messageId: randomUUID(),
    recipients: accountIds.map((accountId) => ({ accountId })),
    sentAt: Date.now(),
    expiresAt: Date.now() + 3_600_000,
  });
}

function withoutTokens(account: Account): Account {
  const devices = Object.entries(account.devices).map(
    ([deviceId, device]) => [deviceId, { ...device, tokens: {} }] as const,
  );
  return { ...account, devices: Object.fromEntries(devices) };
}

/** Everything in the queue, oldest first. */
async function queued(): Promise<PushJob[]> {
  const found: PushJob[] = [];
  for (;;) {
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return found;
    for (const { Body = '' } of Messages) found.push(JSON.parse(Body) as PushJob);
  }
}

/** What a sender does first. */
const beginSending = (job: PushJob) => jobs.claim(job, Date.now() + 15_000, Date.now());

const dispatch = (...events: MessageEvent[]) => dispatchMessages(APP, events, ports);

test('a call of several messages that comes again queues nothing once a sender has seen its job', async () => {
  const events = [messageTo(await anOfflineUser()), messageTo(await anOfflineUser())];
  const first = await dispatch(...events);
  const [job, ...others] = await queued();
  if (job === undefined) throw new Error('nothing was queued');
  await beginSending(job);

  const second = await dispatch(...events);
  const third = await dispatch(...events);

  expect(others).toEqual([]);
  expect(job.pushes).toHaveLength(2);
  expect(await queued()).toEqual([]);
  expect(second).toEqual(first.map((answer) => ({ ...answer, duplicate: true })));
  expect(third).toEqual(second);
});

test('until then it queues the very same job, of which senders drop one copy', async () => {
  const events = [messageTo(await anOfflineUser()), messageTo(await anOfflineUser())];
  await dispatch(...events);
  const before = await queued();

  clock.ahead = 5_000;
  await dispatch(...events);

  const again = await queued();
  expect(again.map(({ jobId }) => jobId)).toEqual(before.map(({ jobId }) => jobId));
  for (const job of before) await beginSending(job);
  expect(await Promise.all(again.map(beginSending))).toMatchObject([{ claim: 'held' }]);
  await dispatch(...events);
  expect(await queued()).toEqual([]);
});

test('a crash before the queue loses nothing: the repeat queues what was decided then', async () => {
  const user = await anOfflineUser();
  const event = messageTo(user);
  aws.wire.next('SendMessageBatch', () => Promise.reject(new Error('crash')));
  await expect(dispatch(event)).rejects.toThrow();
  expect(await queued()).toEqual([]);

  const [answer] = await dispatch(event);

  const [job] = await queued();
  expect(answer).toMatchObject({ duplicate: true, counts: { queued: 1 } });
  expect(job?.pushes[0].targets[0]).toMatchObject({ accountId: user });
  expect(answer?.recipients?.[0]?.devices[0]?.jobId).toBe(job?.jobId);
});

test('one message of a call, repeated by itself, is not sent again once its job was seen', async () => {
  const events = [messageTo(await anOfflineUser()), messageTo(await anOfflineUser())];
  await dispatch(...events);
  for (const job of await queued()) await beginSending(job);

  const [one] = events;
  if (one === undefined) throw new Error('no event');
  await dispatch(one);

  expect(await queued()).toEqual([]);
});

test('a token forgotten since does not make the repeat another job', async () => {
  const [gone, stays] = [await anOfflineUser(), await anOfflineUser()];
  const event = messageTo(gone, stays);
  await dispatch(event);
  for (const job of await queued()) await beginSending(job);
  await ports.accounts.update(APP, gone, (account) =>
    account === undefined ? undefined : { account: withoutTokens(account) },
  );

  await dispatch(event);

  expect(await queued()).toEqual([]);
});

test('a message id used again after a day is another message, and is sent', async () => {
  const event = messageTo(await anOfflineUser());
  await dispatch(event);
  const [before] = await queued();

  clock.ahead = 25 * HOUR_MS;
  const later = { sentAt: clock.now(), expiresAt: clock.now() + HOUR_MS };
  const [answer] = await dispatch({ ...event, ...later, body: 'another day' });

  const [after] = await queued();
  expect(answer).toMatchObject({ duplicate: false, counts: { queued: 1 } });
  expect(after?.jobId).not.toBe(before?.jobId);
});

test('a message without a time of its own that comes again a second later is the same job', async () => {
  const event: MessageEvent = { ...messageTo(await anOfflineUser()), sentAtIsArrival: true };
  await dispatch(event);
  const [before] = await queued();

  const later = { sentAt: event.sentAt + 1_000, expiresAt: event.expiresAt + 1_000 };
  const [answer] = await dispatch({ ...event, ...later });

  expect(answer).toMatchObject({ duplicate: true, counts: { queued: 1 } });
  expect((await queued()).map(({ jobId, pushes }) => [jobId, pushes])).toEqual([
    [before?.jobId, before?.pushes],
  ]);
});

test('a large call that may still run is to be repeated later, and then is dispatched', async () => {
  const user = await anOfflineUser();
  const strangers = Array.from({ length: 100 }, (_, index) => `stranger-${index}`);
  const event = messageTo(user, ...strangers);
  aws.wire.next('SendMessageBatch', () => Promise.reject(new Error('crash')));
  await expect(dispatch(event)).rejects.toThrow();

  await expect(dispatch(event)).rejects.toThrow(TryLater);
  clock.ahead = 31_000;
  const [answer] = await dispatch(event);

  expect(answer).toMatchObject({ duplicate: true, counts: { queued: 1, 'unknown-account': 100 } });
  expect(await queued()).toHaveLength(1);
});

test('decisions that are too many for their record are told by the trace all the same', async () => {
  const users = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(128, 'x'));
  for (const accountId of users) await anAccountOf(accountId, 10);
  const event = messageTo(...users);

  const [answer] = await dispatch(event);

  const kept = await ports.submissions.decisionsOf(APP, event.messageId);
  expect(answer?.counts['queued']).toBe(1_000);
  expect(kept?.recipients.flatMap(({ devices }) => devices)).toHaveLength(1_000);
});
