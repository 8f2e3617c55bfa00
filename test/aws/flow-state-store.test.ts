import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createFlowStateStore } from '../../lib/aws/flow-state-store';
import type { FlowStateStore } from '../../lib/model/flow-state';
import { SECOND_MS } from '../../lib/model/time';
import { type Aws, startAws } from '../support/aws';
import { NOW } from '../support/builders';

let aws: Aws;
let store: FlowStateStore;
beforeAll(async () => {
  aws = await startAws();
  store = createFlowStateStore(aws.dynamoDb, 'flow');
});
afterAll(() => aws.close());

async function read(certificate: string, item: object) {
  const Item = { pk: `flow/vivo/app-1/${certificate}`, ...item };
  await aws.aside.send(new PutCommand({ TableName: 'flow', Item }));
  return store.read('vivo', 'app-1', certificate, NOW);
}

/** One holder's share as the limiter writes it. */
const share = (credits: number, until: number, ...more: readonly unknown[]) =>
  JSON.stringify([credits, 5, 'direct', until, 'write-1', ...more]);

test('what containers hold now is added up, what they held before is not', async () => {
  const state = await read('vivo 证书', {
    limit: 500,
    cut: 0,
    free: 180,
    h_one: share(200, NOW + 1),
    h_two: share(120, NOW + SECOND_MS, 'a later version writes more'),
    h_gone: share(40, NOW),
    h_idle: share(0, NOW + SECOND_MS),
    // given up: anybody may take it, and the time is no end of a lease
    h_given: JSON.stringify([60, 0, null, 450, 'write-2']),
  });

  expect(state).toEqual({
    limitPerSecond: 500,
    learnedPerSecond: 500,
    heldPerSecond: 320,
    containers: 3,
  });
});

test('credits that were retired are missing from what was learned', async () => {
  expect(await read('cut', { limit: 500, cut: 150, free: 350 })).toEqual({
    limitPerSecond: 500,
    learnedPerSecond: 350,
    heldPerSecond: 0,
    containers: 0,
  });
});

test('a rest is told while it lasts', async () => {
  const item = { limit: 500, cut: 0, free: 500 };

  expect(await read('resting', { ...item, restsUntil: NOW + 1 })).toMatchObject({
    restsUntil: NOW + 1,
  });
  expect(await read('rested', { ...item, restsUntil: NOW })).not.toHaveProperty('restsUntil');
});

test('nothing is known of a certificate that nothing was sent with, or of another app’s', async () => {
  await read('used', { limit: 500, cut: 0, free: 500 });

  expect(await store.read('vivo', 'app-1', 'unused', NOW)).toBeUndefined();
  expect(await store.read('vivo', 'app-2', 'used', NOW)).toBeUndefined();
  expect(await store.read('oppo', 'app-1', 'used', NOW)).toBeUndefined();
});

test.each([
  ['no JSON', '[1, '],
  ['no list', '{}'],
  ['too short', '[1, 5, "direct"]'],
  ['no number', '["1", 5, "direct", 9e15, "w"]'],
  ['no text', 7],
])('a share that is %s is left out, and the others are told', async (_case, unreadable) => {
  const item = { limit: 500, cut: 0, free: 300, h_odd: unreadable, h_one: share(200, NOW + 1) };

  expect(await read('odd', item)).toMatchObject({ heldPerSecond: 200, containers: 1 });
});

test('looking costs one read that need not be consistent, and changes nothing', async () => {
  const calls = await aws.wire.watch(() => store.read('vivo', 'app-1', 'used', NOW));

  expect(calls.map(({ operation, body }) => [operation, body['ConsistentRead']])).toEqual([
    ['GetItem', undefined],
  ]);
});
