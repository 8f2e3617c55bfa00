import { readdirSync } from 'node:fs';
import { array, number, object, parse, unknown } from 'valibot';
import { JOB_BYTES } from '../../lib/rules/build-jobs';
import { shortNameOf } from './policies';
import {
  environmentOf,
  PACKAGED_TEMPLATE,
  type Resource,
  readTemplate,
  resourcesOf,
  stringsIn,
  targetOf,
} from './template';

const template = readTemplate(PACKAGED_TEMPLATE);
const queues = resourcesOf(template, 'AWS::SQS::Queue');
const sources = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(
  ([, { Properties }]) => ({
    lambda: resourceAt(targetOf(Properties['FunctionName'])),
    queue: resourceAt(targetOf(Properties['EventSourceArn'])),
    Properties,
  }),
);
const deadLetterTargets = queues.flatMap(([, { Properties }]) =>
  Properties['RedrivePolicy'] === undefined ? [] : [redriveOf(Properties).target],
);
const live = queues.filter(([id]) => !deadLetterTargets.includes(id));
const LONGEST_QUEUE_URL_CHARACTERS = 100;
const MAX_ENVIRONMENT_BYTES = 4_096;
const VENDORS_TO_COME = 9;
const MIB = 1_048_576;
/** A job is JSON within the JSON of the event: its quotes are escaped, and each record has a frame. */
const JSON_GROWTH = 1.3;

test('every queue that feeds a function has a dead-letter queue', () => {
  const fed = sources.map(({ Properties }) => targetOf(Properties['EventSourceArn']));

  expect(live.map(([id]) => id).sort()).toEqual(fed.sort());
  for (const [, { Properties }] of live) {
    expect(redriveOf(Properties).maxReceiveCount).toBe(10);
  }
});

test('every queue is encrypted and keeps messages for 14 days', () => {
  for (const [, { Properties }] of queues) {
    expect(Properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    });
  }
});

test('every queue has an alarm on its age, every dead-letter queue one on any message', () => {
  expect(watched('ApproximateAgeOfOldestMessage')).toEqual(live.map(([id]) => id).sort());
  expect(watched('ApproximateNumberOfMessagesVisible')).toEqual([...deadLetterTargets].sort());
});

test('a failed message returns to its queue alone', () => {
  for (const { Properties } of sources) {
    expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
  }
});

test('nothing but groups waits for company before it is handled', () => {
  for (const { queue, Properties } of sources) {
    if (String(queue.Properties['QueueName']).endsWith('-bulk')) {
      expect(Properties).toMatchObject({ MaximumBatchingWindowInSeconds: 1 });
      expect(Properties['BatchSize']).toBeGreaterThan(10);
    } else {
      expect(Properties).toMatchObject({ BatchSize: 10, MaximumBatchingWindowInSeconds: 0 });
    }
  }
});

test('a full batch of full jobs fits one invocation', () => {
  for (const { Properties } of sources) {
    expect(Number(Properties['BatchSize']) * JOB_BYTES * JSON_GROWTH).toBeLessThan(6 * MIB);
  }
});

test('a message stays hidden for six times as long as its function may run, a chat message for twice', () => {
  for (const { lambda, queue, Properties } of sources) {
    const isChat = /^offline-push-local-\w+-direct$/.test(String(queue.Properties['QueueName']));
    const window = Number(Properties['MaximumBatchingWindowInSeconds']);
    expect(visibilityOf(queue)).toBe((isChat ? 2 : 6) * timeoutOf(lambda) + window);
  }
});

test('a claim outlives its sender and ends before the job is seen again', () => {
  const bySender = sources.filter(({ lambda }) => shortNameOf(lambda).startsWith('send-'));

  expect(bySender.length).toBeGreaterThan(0);
  for (const { lambda, queue } of bySender) {
    const leaseSeconds = Number(environmentOf(lambda)['CLAIM_LEASE_MS']) / 1000;
    expect(timeoutOf(lambda)).toBeLessThan(leaseSeconds);
    expect(leaseSeconds).toBeLessThan(visibilityOf(queue));
  }
});

test('every vendor with a sender has a function and two queues, and no other vendor has', () => {
  const vendors = readdirSync('functions').flatMap(
    (file) => /^send-(.+)\.ts$/.exec(file)?.[1] ?? [],
  );
  const names = live.map(([, { Properties }]) => String(Properties['QueueName']));
  const ofVendors = names.filter((name) => !name.endsWith('message-events'));
  const functions = resourcesOf(template, 'AWS::Lambda::Function').map(([, one]) =>
    shortNameOf(one),
  );
  const senders = functions.filter((name) => name.startsWith('send-'));

  expect(vendors.length).toBeGreaterThan(0);
  expect(senders.sort()).toEqual(vendors.map((vendor) => `send-${vendor}`).sort());
  expect(ofVendors.sort()).toEqual(
    vendors
      .flatMap((vendor) => ['bulk', 'direct'].map((lane) => `offline-push-local-${vendor}-${lane}`))
      .sort(),
  );
});

test('a job may return to its queue any number of times', () => {
  const feedsItself = sources.filter(({ lambda }) => shortNameOf(lambda).startsWith('send-'));

  for (const { lambda } of feedsItself) {
    expect(lambda.Properties['RecursiveLoop']).toBe('Allow');
  }
});

test('the queue addresses of all vendors fit the environment of a function', () => {
  const vendors = live.length / 2; // two queues a vendor, message events aside
  for (const [, lambda] of resourcesOf(template, 'AWS::Lambda::Function')) {
    const environment = environmentOf(lambda);
    const addresses = stringsIn(environment['QUEUE_URLS'] ?? '')
      .map(({ text }) => text.replaceAll(/\$\{\w+\}/g, 'x'.repeat(LONGEST_QUEUE_URL_CHARACTERS)))
      .join('');
    const growth = shortNameOf(lambda).startsWith('send-')
      ? 1
      : VENDORS_TO_COME / Math.floor(vendors);
    const others = JSON.stringify({ ...environment, QUEUE_URLS: '' });

    expect(addresses.length * growth + others.length).toBeLessThan(MAX_ENVIRONMENT_BYTES);
  }
});

function watched(metric: string): string[] {
  const dimensions = array(object({ Value: unknown() }));
  return resourcesOf(template, 'AWS::CloudWatch::Alarm')
    .filter(([, { Properties }]) => Properties['MetricName'] === metric)
    .flatMap(([, { Properties }]) => parse(dimensions, Properties['Dimensions']))
    .map(({ Value }) => targetOf(Value))
    .sort();
}

function redriveOf(properties: Resource['Properties']): {
  target: string;
  maxReceiveCount: number;
} {
  const { deadLetterTargetArn, maxReceiveCount } = parse(
    object({ deadLetterTargetArn: unknown(), maxReceiveCount: number() }),
    properties['RedrivePolicy'],
  );
  return { target: targetOf(deadLetterTargetArn), maxReceiveCount };
}

function resourceAt(id: string): Resource {
  const resource = template.Resources[id];
  if (resource === undefined) throw new Error(`there is no ${id}`);
  return resource;
}

function timeoutOf(lambda: Resource): number {
  return parse(number(), lambda.Properties['Timeout']);
}

function visibilityOf(queue: Resource): number {
  return parse(number(), queue.Properties['VisibilityTimeout']);
}
