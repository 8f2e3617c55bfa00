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
import { createUnreadStore } from '../../lib/aws/unread-store';
import type { MessageEvent } from '../../lib/model/message-event';
import type { ClaimAnswer, JobStore, TargetResult } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import type { UnreadStore } from '../../lib/model/unread';
import {
  type DispatchAnswer,
  type DispatchPorts,
  dispatchMessages,
} from '../../lib/usecases/dispatch-messages';
import { type Recall, type RecallAnswer, recallMessage } from '../../lib/usecases/recall-message';
import { type Aws, startAws } from './aws';
import { aDevice, aMessageEvent, aToken } from './builders';

/** The app that all of it is in. */
export const APP = 'app-1';
const DAY_MS = 86_400_000;

/** Messages and their recalls on real stores, up to the queue; what senders do is said by the test. */
export interface RecallRig {
  readonly aws: Aws;
  readonly ports: DispatchPorts & { readonly jobs: JobStore; readonly unread: UnreadStore };
  /** `ahead` in milliseconds. */
  readonly clock: { ahead: number; now(): number };
  /** An account with a Xiaomi phone, `phone-1`, that is out of reach. */
  user(): Promise<string>;
  messageTo(accountIds: readonly string[], changes?: Partial<MessageEvent>): MessageEvent;
  dispatch(...events: MessageEvent[]): Promise<DispatchAnswer[]>;
  recall(messageId: string, more?: Partial<Recall>): Promise<RecallAnswer>;
  /** Takes everything out of the queue. */
  queued(): Promise<PushJob[]>;
  /** A sender claims the job; what it sent ends like this for every target. */
  send(job: PushJob, status?: TargetResult['status']): Promise<ClaimAnswer>;
  /** The same with everything in the queue. */
  sendAll(status?: TargetResult['status']): Promise<void>;
  close(): Promise<void>;
}

export async function startRecallRig(): Promise<RecallRig> {
  const aws = await startAws();
  const queueUrl = aws.createQueue('direct');
  const urls = { direct: queueUrl, bulk: queueUrl, directDead: '', bulkDead: '' };
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead };
  const envelope = createEnvelope(aws.kms, aws.keyId);
  await createAppRegistry(aws.dynamoDb, 'settings', envelope).create(APP, 'a secret');
  await createCertificateStore(aws.dynamoDb, 'settings', envelope).put({
    name: 'xiaomi-cert',
    appKey: APP,
    vendor: 'xiaomi',
    credentials: {},
    package: 'com.example.chat',
  });
  const ports = {
    accounts: createAccountStore(aws.dynamoDb, 'devices'),
    apps: createAppStore(aws.dynamoDb, 'settings'),
    submissions: createSubmissionStore(aws.dynamoDb, 'deliveries'),
    jobs: createJobStore(aws.dynamoDb, 'deliveries'),
    unread: createUnreadStore(aws.dynamoDb, 'devices'),
    queue: createJobQueue(aws.sqs, { xiaomi: urls }),
    hook: { ask: () => Promise.reject(new Error('the app has no webhook')) },
    telemetry: { count: () => {}, log: () => {} },
    clock,
    hash: sha256,
  };

  async function queued(): Promise<PushJob[]> {
    const found: PushJob[] = [];
    for (;;) {
      const { Messages = [] } = await aws.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return found;
      // as the job queue wrote them
      for (const { Body = '' } of Messages) found.push(JSON.parse(Body) as PushJob);
    }
  }

  async function send(job: PushJob, status: TargetResult['status'] = 'accepted') {
    const now = clock.now();
    const claim = await ports.jobs.claim(job, now + 15_000, now);
    const results = job.pushes.flatMap(({ messageId, targets }) =>
      targets.map(({ accountId, deviceId, token }) => ({
        ...{ messageId, accountId, deviceId, token, status },
        at: now,
      })),
    );
    await ports.jobs.settle(job, status === 'throttled' ? 'handed-over' : 'done', results, now);
    return claim;
  }

  return {
    aws,
    ports,
    clock,
    async user() {
      const accountId = `user-${randomUUID()}`;
      const device = aDevice({
        facts: { manufacturer: 'Xiaomi', package: 'com.example.chat' },
        session: { state: 'logged-in', at: Date.now() },
        tokens: { 'xiaomi-cert': aToken({ token: `token-${accountId}` }) },
      });
      await ports.accounts.update(APP, accountId, () => ({
        account: { appKey: APP, accountId, devices: { [device.deviceId]: device } },
      }));
      return accountId;
    },
    messageTo: (accountIds, changes) =>
      aMessageEvent({
        messageId: randomUUID(),
        recipients: accountIds.map((accountId) => ({ accountId })),
        sentAt: clock.now(),
        expiresAt: clock.now() + DAY_MS,
        ...changes,
      }),
    dispatch: (...events) => dispatchMessages(APP, events, ports),
    recall: (messageId, more) => recallMessage(APP, { messageId, ...more }, ports),
    queued,
    send,
    async sendAll(status) {
      for (const job of await queued()) await send(job, status);
    },
    close: () => aws.close(),
  };
}
