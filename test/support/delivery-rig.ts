import { createAccountStore } from '../../lib/aws/account-store';
import { createAckStore } from '../../lib/aws/ack-store';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createAppStore } from '../../lib/aws/app-store';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { createFlowControl } from '../../lib/aws/flow-control';
import { createJobQueue } from '../../lib/aws/job-queue';
import { createJobStore } from '../../lib/aws/job-store';
import { createQuotaStore } from '../../lib/aws/quota-store';
import { createTokenLossCounter } from '../../lib/aws/token-losses';
import { createUnreadStore } from '../../lib/aws/unread-store';
import { createGatedHttpClient } from '../../lib/http/gated-http-client';
import { createHttpClient } from '../../lib/http/http-client';
import type { Session } from '../../lib/model/account';
import type { Telemetry } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import { createDeviceRates } from '../../lib/rules/device-rates';
import { type DeliveryPorts, deliverJobs } from '../../lib/usecases/deliver-jobs';
import { createFlowPauses } from '../../lib/usecases/flow-pauses';
import { createTokenGuard } from '../../lib/usecases/token-guard';
import { xiaomi } from '../../lib/vendors/xiaomi';
import { quotaClassOf } from '../../lib/vendors/xiaomi/quota-class';
import { createXiaomiSender } from '../../lib/vendors/xiaomi/sender';
import { type Simulators, startSimulators } from '../../local/simulators/simulators';
import { anAccessTokenStore } from '../vendors/support';
import { type Aws, startAws } from './aws';
import { aDevice, aPushJob, aTarget, aToken, NOW } from './builders';

const APP = 'app-1';
const HOUR_MS = 3_600_000;
const CONTAINERS = 10;

/** What a container puts into the queue. */
export interface PutBack {
  readonly job: PushJob;
  readonly delaySeconds: number;
}

/** Senders' containers on real stores, with Xiaomi's simulator behind them and a clock the test sets. */
export interface DeliveryRig {
  readonly aws: Aws;
  readonly simulators: Simulators;
  readonly clock: { at: number; now(): number };
  /** Metrics and log lines, one text each. */
  readonly told: string[];
  /** A container with everything it remembers its own. */
  container(changes?: Partial<DeliveryPorts>): DeliveryPorts;
  /** Stores a user, named after the token of the only phone. */
  user(token: string, session?: Session['state']): Promise<void>;
  /** A job to the phones of these users. */
  job(...tokens: [string, ...string[]]): PushJob;
  /** Lets a container deliver a job, and answers what it put back. */
  deliver(container: DeliveryPorts, job: PushJob): Promise<PutBack[]>;
  close(): Promise<void>;
}

export async function startDeliveryRig(): Promise<DeliveryRig> {
  const [aws, simulators] = await Promise.all([startAws(), startSimulators()]);
  const url = aws.createQueue('direct');
  const queues = { direct: url, bulk: url, directDead: url, bulkDead: url };
  const envelope = createEnvelope(aws.kms, aws.keyId);
  const clock = { at: NOW, now: () => clock.at };
  const told: string[] = [];
  const telemetry: Telemetry = {
    count: (metric) => void told.push(metric),
    log: (_level, message, fields) => void told.push(`${message} ${JSON.stringify(fields)}`),
  };
  await createAppRegistry(aws.dynamoDb, 'settings', envelope).create(APP, 'a secret');
  await createCertificateStore(aws.dynamoDb, 'settings', envelope).put({
    name: 'xiaomi-cert',
    appKey: APP,
    vendor: 'xiaomi',
    credentials: { ...simulators.credentials('xiaomi') },
    package: simulators.packageName,
    endpoint: simulators.endpoint('xiaomi'),
  });

  function container(changes: Partial<DeliveryPorts> = {}): DeliveryPorts {
    const flow = createFlowControl(aws.dynamoDb, 'flow', clock);
    const http = createHttpClient();
    const losses = createTokenLossCounter(aws.dynamoDb, 'flow');
    const gate: DeliveryPorts['gate'] = ({ vendor, appKey, name }, { lane }) =>
      flow.gate({ vendor, appKey, certificate: name, ratePerSecond: 500, largestRequest: 1 }, lane);
    return {
      vendor: xiaomi,
      accounts: createAccountStore(aws.dynamoDb, 'devices'),
      apps: createAppStore(aws.dynamoDb, 'settings'),
      certificates: createCertificateStore(aws.dynamoDb, 'settings', envelope),
      jobs: createJobStore(aws.dynamoDb, 'deliveries'),
      acks: createAckStore(aws.dynamoDb, 'deliveries'),
      unread: createUnreadStore(aws.dynamoDb, 'devices', clock),
      queue: createJobQueue(aws.sqs, {
        xiaomi: queues,
        oppo: queues,
      }),
      clock,
      telemetry,
      random: () => 0,
      gate,
      pauses: createFlowPauses(xiaomi, clock, () => 0),
      guard: (certificate) => createTokenGuard(certificate, { losses, clock }),
      quotaClassOf,
      quotas: createQuotaStore(aws.dynamoDb, 'flow', clock),
      deviceRates: { counts: createDeviceRates(CONTAINERS), containers: CONTAINERS },
      sender: (certificate, job) =>
        createXiaomiSender(certificate, {
          http: createGatedHttpClient(http, gate(certificate, job), 1_000),
          gate: gate(certificate, job),
          clock,
          accessTokens: anAccessTokenStore(),
        }),
      ...changes,
    };
  }

  return {
    aws,
    simulators,
    clock,
    told,
    container,
    async user(token, state = 'logged-in') {
      await createAccountStore(aws.dynamoDb, 'devices').update(APP, token, () => ({
        account: {
          appKey: APP,
          accountId: token,
          devices: {
            d: aDevice({
              deviceId: 'd',
              facts: { manufacturer: 'Xiaomi', package: simulators.packageName },
              session: { state, at: clock.at },
              tokens: { 'xiaomi-cert': aToken({ token }) },
            }),
          },
        },
      }));
    },
    job(...tokens) {
      const [push] = aPushJob().pushes;
      const [first, ...rest] = tokens.map((token) =>
        aTarget({ accountId: token, deviceId: 'd', token }),
      );
      if (first === undefined) throw new Error('no token');
      return aPushJob({
        jobId: `job-${tokens.join('-')}`,
        appKey: APP,
        queuedAt: clock.at,
        decidedAt: clock.at,
        pushes: [{ ...push, expiresAt: clock.at + HOUR_MS, targets: [first, ...rest] }],
      });
    },
    async deliver(ports, job) {
      const times = { claimLeaseMs: 15_000, lastStartAt: clock.at + 5_000 };
      const calls = await aws.wire.watch(() => deliverJobs([job], ports, times));
      return calls
        .filter(({ operation }) => operation === 'SendMessageBatch')
        .flatMap(({ body }) => body['Entries'] as { MessageBody: string; DelaySeconds?: number }[])
        .map(({ MessageBody, DelaySeconds = 0 }) => ({
          job: JSON.parse(MessageBody) as PushJob, // just written by the job queue
          delaySeconds: DelaySeconds,
        }));
    },
    async close() {
      await Promise.all([aws.close(), simulators.close()]);
    },
  };
}
