import { randomUUID } from 'node:crypto';
import { createDispatchPorts, type Dispatched } from '../../bench/in-memory/dispatch-ports';
import { createAccountStore } from '../../lib/aws/account-store';
import { sha256 } from '../../lib/aws/fingerprint';
import { createJobQueue } from '../../lib/aws/job-queue';
import { createJobStore } from '../../lib/aws/job-store';
import { createSubmissionStore } from '../../lib/aws/submission-store';
import type { MessageEvent } from '../../lib/model/message-event';
import { JOB_BYTES } from '../../lib/rules/build-jobs';
import { type DispatchPorts, dispatchMessages } from '../../lib/usecases/dispatch-messages';
import { type Aws, startAws } from '../support/aws';
import {
  aCertificateEntry,
  aDevice,
  aMessageEvent,
  anAccount,
  anApp,
  aToken,
} from '../support/builders';

const APP = 'app-1';
const CALLS = ['BatchGetItem', 'PutItem', 'SendMessageBatch'] as const;

const app = anApp([aCertificateEntry('xiaomi')], { traceLevel: 'off' });
const [certificate = ''] = Object.keys(app.certificates);

let aws: Aws;
let ports: DispatchPorts;
beforeAll(async () => {
  aws = await startAws();
  const url = aws.createQueue('xiaomi');
  ports = {
    ...createDispatchPorts(app, new Map(), { jobs: [] }),
    accounts: createAccountStore(aws.dynamoDb, 'devices'),
    submissions: createSubmissionStore(aws.dynamoDb, 'deliveries'),
    jobs: createJobStore(aws.dynamoDb, 'deliveries'),
    queue: createJobQueue(aws.sqs, {
      xiaomi: { direct: url, bulk: url, directDead: url, bulkDead: url },
    }),
    hash: sha256,
  };
  await Promise.all(
    membersOf(250).map((accountId) =>
      ports.accounts.update(APP, accountId, () => ({ account: accountOf(accountId) })),
    ),
  );
});
afterAll(() => aws.close());

function membersOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `member-${index}`);
}

function accountOf(accountId: string) {
  const token = aToken({ token: `token-${accountId}`.padEnd(64, 't') });
  return anAccount([aDevice({ deviceId: 'phone', tokens: { [certificate]: token } })], {
    appKey: APP,
    accountId,
  });
}

function messageTo(recipients: readonly string[], changes: Partial<MessageEvent> = {}) {
  return aMessageEvent({
    messageId: randomUUID(),
    recipients: recipients.map((accountId) => ({ accountId })),
    sentAt: Date.now(),
    expiresAt: Date.now() + 3_600_000,
    ...changes,
  });
}

/** How often AWS is asked for what, while a call of these messages is dispatched. */
async function callsOf(events: readonly MessageEvent[]) {
  const calls = await aws.wire.watch(() => dispatchMessages(APP, events, ports));
  const count = (name: string) => calls.filter(({ operation }) => operation === name).length;
  expect(calls).toHaveLength(CALLS.reduce((sum, name) => sum + count(name), 0));
  return Object.fromEntries(CALLS.map((name) => [name, count(name)]));
}

test('a call of 100 messages is one read, a record of each message, and one job', async () => {
  const events = membersOf(100).map((member) => messageTo([member]));

  expect(await callsOf(events)).toEqual({ BatchGetItem: 1, PutItem: 100, SendMessageBatch: 1 });
});

test('with a batch id it is one read, one record and one job', async () => {
  const batchId = randomUUID();
  const events = membersOf(100).map((member) => messageTo([member], { batchId }));

  expect(await callsOf(events)).toEqual({ BatchGetItem: 1, PutItem: 1, SendMessageBatch: 1 });
});

test('a group is a read for every 100 members, a record with its done mark, and one job', async () => {
  const calls = await callsOf([messageTo(membersOf(250))]);

  expect(calls).toEqual({ BatchGetItem: 3, PutItem: 2, SendMessageBatch: 1 });
});

test('the members of a group are all read at the same time', async () => {
  const allAsked = Promise.withResolvers<void>();
  let asked = 0;
  for (let call = 0; call < 3; call += 1) {
    aws.wire.next('BatchGetItem', async (_body, goOn) => {
      asked += 1;
      if (asked === 3) allAsked.resolve();
      await allAsked.promise;
      return goOn();
    });
  }

  const [answer] = await dispatchMessages(APP, [messageTo(membersOf(250))], ports);

  expect(answer).toMatchObject({ counts: { queued: 250 } });
});

test.each([1_000, 10_000])('%i members fill as few queue messages as hold them', async (count) => {
  const members = membersOf(count);
  const dispatched: Dispatched = { jobs: [] };
  const texts = new Map(members.map((member) => [member, JSON.stringify(accountOf(member))]));

  await dispatchMessages(APP, [messageTo(members)], createDispatchPorts(app, texts, dispatched));

  const sizes = dispatched.jobs.map((job) => Buffer.byteLength(JSON.stringify(job)));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const targets = dispatched.jobs.flatMap(({ pushes }) => pushes.flatMap((push) => push.targets));
  expect(targets).toHaveLength(count);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(JOB_BYTES);
  expect(sizes.length).toBeLessThanOrEqual(Math.ceil(bytes / JOB_BYTES) + 1);
});
