import { setTimeout as delay } from 'node:timers/promises';
import { type DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { PushJob } from '../../lib/model/push-job';
import { LEASE_MS } from '../../lib/rules/lease';
import { vendors } from '../../lib/vendors/registry';
import { createClient } from '../local/dynamodb/store';
import { openQueues, type Queues } from '../support/queues';
import { type Relay, startRelay } from '../support/relay';
import { type Service, startService, until } from '../support/service';
import {
  logInPhone,
  order,
  queueOf,
  sendTo,
  shownOn,
  sideBySide,
  storeVendorCertificate,
  storyWith,
} from '../support/vendor-journeys';
import { VENDORS, type Vendor } from '../support/vendor-phones';

const WORDS = 'as the vendor puts it';
const REST_SECONDS = 300;
const LIMIT_SECONDS = 10;

let service: Service;
let queues: Queues;
let sqs: Relay;
let dynamoDb: DynamoDBDocumentClient;
beforeAll(async () => {
  sqs = await startRelay();
  service = await startService({ environment: { AWS_ENDPOINT_URL_SQS: sqs.url } });
  sqs.target = service.machine.stack.sqsUrl;
  queues = openQueues(service);
  dynamoDb = createClient(service.machine.stack.dynamoDbUrl);
});
afterAll(async () => {
  queues.close();
  dynamoDb.destroy();
  await service.close();
  await sqs.close();
});

/** For each vendor the first answer after which it would refuse every message alike, so that its certificate rests. */
const PAUSING = VENDORS.flatMap((vendor) => {
  const rows = Object.entries(vendors[vendor].errors);
  const [code] = rows.find(([key, { pauses }]) => pauses && /^\d+$/.test(key)) ?? [];
  return code === undefined ? [] : [{ vendor, code }];
});

/** What makes a vendor answer so, and the words it has for it. */
function refusalOf(vendor: Vendor, code: string) {
  const isText = vendor === 'huawei' || vendor === 'harmony';
  switch (`${vendor} ${code}`) {
    case 'xiaomi 10004':
      return { change: { ipNotAllowed: true }, words: 'IP not allowed' };
    case 'oppo 26':
      return { change: { ipNotAllowed: true }, words: 'IP is on the black list' };
    default:
      return {
        change: { failNext: 1, code: isText ? code : Number(code), reason: WORDS },
        words: WORDS,
      };
  }
}

const sent = v.object({
  Entries: v.array(v.object({ MessageBody: v.string(), DelaySeconds: v.optional(v.number(), 0) })),
});

/** Copies of the job of a message that were put into a queue, the first one when it was decided. */
function copiesOf(messageId: string) {
  return sqs.calls
    .filter(({ headers }) => String(headers['x-amz-target']).endsWith('.SendMessageBatch'))
    .flatMap(({ body }) => v.parse(sent, JSON.parse(body)).Entries)
    .filter(({ MessageBody }) => MessageBody.includes(messageId))
    .map(({ MessageBody, DelaySeconds }) => ({
      job: JSON.parse(MessageBody) as PushJob, // put there by the service itself
      delaySeconds: DelaySeconds,
    }));
}

/** What waits in the queue for the rest to end; waits of a second or two are for the vendor's limit. */
async function waitingCopy(messageId: string) {
  const [copy] = await until(
    () => copiesOf(messageId).filter(({ delaySeconds }) => delaySeconds > LIMIT_SECONDS),
    (copies) => copies.length > 0,
    20_000,
  );
  if (copy === undefined) throw new Error('nothing waits');
  return copy;
}

/** What is stored of how a certificate may send. */
async function flowOf(certificate: string) {
  const TableName = service.machine.stack.tableName('FlowTable');
  const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName }));
  const item = Items.find(({ pk }) => String(pk).endsWith(`/${certificate}`)) ?? {};
  return { TableName, pk: String(item['pk']), item };
}

/** As if the rest was over: the certificate may send again, and the time of what waits has come. */
async function endRest(certificate: string, queue: string, jobs: readonly PushJob[]) {
  const { TableName, pk } = await flowOf(certificate);
  const UpdateExpression = 'REMOVE restsUntil';
  await dynamoDb.send(new UpdateCommand({ TableName, Key: { pk }, UpdateExpression }));
  // as long as a lease lasts containers believe what they saw last
  await delay(LEASE_MS + 300);
  for (const job of jobs) {
    const [push] = job.pushes;
    const targets = push.targets.map(({ notBefore: _time, ...target }) => target);
    await queues.send(queue, { ...job, pushes: [{ ...push, targets }] });
  }
}

const rests = sideBySide(
  PAUSING.map(({ vendor }) => vendor),
  async (vendor) => {
    const { code = '' } = PAUSING.find((one) => one.vendor === vendor) ?? {};
    const simulator = service.machine.simulators[vendor];
    const certificate = `${vendor} ${code}`;
    await storeVendorCertificate(service, vendor, certificate);
    const token = await logInPhone(service, vendor, `first-${vendor}`, { certificate });
    const other = await logInPhone(service, vendor, `second-${vendor}`, { certificate });

    order(service, vendor, refusalOf(vendor, code).change);
    const refused = await sendTo(service, [`first-${vendor}`]);
    const story = await storyWith(service, refused, `first-${vendor}`, 'misconfigured');
    const copy = await waitingCopy(refused);
    // mended at once, but nobody tries before the rest is over
    simulator.reset();
    const held = await sendTo(service, [`second-${vendor}`]);
    const later = await waitingCopy(held);
    const { requests } = simulator.counters();

    await endRest(certificate, queueOf(vendor, 'Direct'), [copy.job, later.job]);
    return {
      certificate,
      story,
      copy,
      later,
      requests,
      phones: [await shownOn(service, token, 20_000), await shownOn(service, other, 20_000)],
      end: await storyWith(service, refused, `first-${vendor}`, 'accepted'),
    };
  },
);

test.each(PAUSING)(
  'after $code of $vendor its certificate rests: nothing is lost, no attempt is spent',
  async ({ vendor, code }) => {
    const { certificate, story, copy, later, requests, phones, end } = await rests(vendor);

    const text = expect.stringContaining(refusalOf(vendor, code).words);
    expect(story.outcomes).toMatchObject([{ kind: 'misconfigured', code, text }]);
    const lines = service.logs
      .filter((line) => line.includes('"certificate rests"'))
      .map((line) => JSON.parse(line))
      .filter((line) => line.certificate === certificate);
    expect(lines).toMatchObject([{ vendor, code, text }]);
    expect(copy.delaySeconds).toBeGreaterThanOrEqual(REST_SECONDS);
    expect(copy.delaySeconds).toBeLessThanOrEqual(REST_SECONDS * 1.1 + 1);
    // whoever asks later is told when the rest ends
    expect(later.delaySeconds).toBeGreaterThan(REST_SECONDS - 30);
    expect(later.delaySeconds).toBeLessThanOrEqual(REST_SECONDS + 11);
    expect(requests).toBe(0);
    for (const { job } of [copy, later]) {
      expect(job.pushes[0].targets).toHaveLength(1);
      expect(job.pushes[0].targets[0]).not.toHaveProperty('attempts');
      expect(job.pushes[0].targets[0]).not.toHaveProperty('retries');
    }
    expect(phones.map(({ arrivals }) => arrivals.length)).toEqual([1, 1]);
    expect(end.outcomes).toMatchObject([{ kind: 'accepted' }]);
  },
  90_000,
);

test('every vendor but Google and Apple has such an answer', () => {
  const without = VENDORS.filter((one) => !PAUSING.some(({ vendor }) => vendor === one));

  expect(without).toEqual(['fcm', 'apns']);
});
