import { createAccountStore } from '../../lib/aws/account-store';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createAppStore } from '../../lib/aws/app-store';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { createFlowControl } from '../../lib/aws/flow-control';
import { createJobQueue } from '../../lib/aws/job-queue';
import { createJobStore } from '../../lib/aws/job-store';
import { createTokenLossCounter } from '../../lib/aws/token-losses';
import { createGatedHttpClient } from '../../lib/http/gated-http-client';
import { createHttpClient } from '../../lib/http/http-client';
import type { Telemetry } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import { type DeliveryPorts, deliverJobs } from '../../lib/usecases/deliver-jobs';
import { createTokenGuard } from '../../lib/usecases/token-guard';
import { xiaomi } from '../../lib/vendors/xiaomi';
import { createXiaomiSender } from '../../lib/vendors/xiaomi/sender';
import { type Simulators, startSimulators } from '../../local/simulators/simulators';
import { type Aws, startAws } from '../support/aws';
import { aDevice, aPushJob, aTarget, aToken } from '../support/builders';
import { anAccessTokenStore } from '../vendors/support';

const MINUTE_MS = 60_000;
const APP = 'app-1';
const START = 1_800_000_000_000;

let aws: Aws;
let simulators: Simulators;
let queueUrl: string;
const clock = { at: START, now: () => clock.at };
const told: string[] = [];
const telemetry: Telemetry = {
  count: (metric) => void told.push(metric),
  log: (_level, message, fields) => void told.push(`${message} ${JSON.stringify(fields)}`),
};

beforeAll(async () => {
  [aws, simulators] = await Promise.all([startAws(), startSimulators()]);
  queueUrl = aws.createQueue('direct');
  const envelope = createEnvelope(aws.kms, aws.keyId);
  await createAppRegistry(aws.dynamoDb, 'settings', envelope).create(APP, 'a secret');
  await createCertificateStore(aws.dynamoDb, 'settings', envelope).put({
    name: 'xiaomi-cert',
    appKey: APP,
    vendor: 'xiaomi',
    credentials: { ...simulators.credentials('xiaomi') },
    package: simulators.packageName,
    endpoint: simulators.endpoint('xiaomi'),
  });
});
afterAll(() => Promise.all([aws.close(), simulators.close()]));

/** A sender's container, with everything it remembers its own. */
function aContainer(): DeliveryPorts {
  const flow = createFlowControl(aws.dynamoDb, 'flow', clock);
  const http = createHttpClient();
  const losses = createTokenLossCounter(aws.dynamoDb, 'flow');
  const gate: DeliveryPorts['gate'] = ({ appKey, name }, { lane }) =>
    flow.gate({ appKey, certificate: name, ratePerSecond: 500, largestRequest: 1 }, lane);
  return {
    vendor: xiaomi,
    accounts: createAccountStore(aws.dynamoDb, 'devices'),
    apps: createAppStore(aws.dynamoDb, 'settings'),
    certificates: createCertificateStore(
      aws.dynamoDb,
      'settings',
      createEnvelope(aws.kms, aws.keyId),
    ),
    jobs: createJobStore(aws.dynamoDb, 'deliveries'),
    queue: createJobQueue(aws.sqs, {
      xiaomi: { direct: queueUrl, bulk: queueUrl, directDead: queueUrl, bulkDead: queueUrl },
    }),
    clock,
    telemetry,
    random: () => 0,
    gate,
    guard: (certificate) => createTokenGuard(certificate, { losses, clock }),
    sender: (certificate, job) =>
      createXiaomiSender(certificate, {
        http: createGatedHttpClient(http, gate(certificate, job), 1_000),
        gate: gate(certificate, job),
        clock,
        accessTokens: anAccessTokenStore(),
      }),
  };
}

function aJobFor(token: string): PushJob {
  const [push] = aPushJob().pushes;
  return aPushJob({
    jobId: `job-${token}`,
    appKey: APP,
    queuedAt: clock.at,
    decidedAt: clock.at,
    pushes: [
      {
        ...push,
        expiresAt: clock.at + 60 * MINUTE_MS,
        targets: [aTarget({ accountId: token, deviceId: 'd', token })],
      },
    ],
  });
}

/** What a container puts into the queue while it delivers. */
async function putBackBy(container: DeliveryPorts, job: PushJob) {
  const calls = await aws.wire.watch(() =>
    deliverJobs([job], container, { claimLeaseMs: 15_000, lastStartAt: clock.at + 5_000 }),
  );
  return calls.flatMap(({ operation, body }) =>
    operation === 'SendMessageBatch'
      ? (body['Entries'] as { MessageBody: string; DelaySeconds: number }[])
      : [],
  );
}

/** A user whose phone has this token, so that a job that waited is still wanted. */
async function aUserWith(token: string): Promise<void> {
  await createAccountStore(aws.dynamoDb, 'devices').update(APP, token, () => ({
    account: {
      appKey: APP,
      accountId: token,
      devices: {
        d: aDevice({
          deviceId: 'd',
          facts: { manufacturer: 'Xiaomi', package: simulators.packageName },
          session: { state: 'logged-in', at: clock.at },
          tokens: { 'xiaomi-cert': aToken({ token }) },
        }),
      },
    },
  }));
}

test('an IP that is not allowed makes the certificate rest in all containers, and loses nothing', async () => {
  const [first, second] = [aContainer(), aContainer()];
  await Promise.all([aUserWith('phone-1'), aUserWith('phone-2')]);
  simulators.xiaomi.control({ ipNotAllowed: true });

  const [refused] = await putBackBy(first, aJobFor('phone-1'));
  const [waiting] = await putBackBy(second, aJobFor('phone-2'));

  expect(refused?.DelaySeconds).toBe(300);
  const again = JSON.parse(refused?.MessageBody ?? '') as PushJob;
  expect(again.pushes[0].targets[0]).not.toHaveProperty('attempts');
  expect(waiting?.DelaySeconds).toBe(300);
  expect(simulators.xiaomi.counters().requests).toBe(1);
  expect(told).toContain('CertificateRests');
  expect(told.join('\n')).toMatch(/certificate rests .*"code":"10004".*IP not allowed/);

  simulators.xiaomi.control({ ipNotAllowed: false });
  clock.at += 5 * MINUTE_MS + 1;
  await putBackBy(first, again);
  await putBackBy(second, JSON.parse(waiting?.MessageBody ?? '') as PushJob);

  expect(simulators.phones.look('phone-1').tray).toHaveLength(1);
  expect(simulators.phones.look('phone-2').tray).toHaveLength(1);
});
