import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { createHeartbeatStore } from '../../lib/aws/heartbeat-store';
import type { NodeHeartbeat } from '../../lib/model/account';
import { DAY_MS } from '../../lib/model/time';
import { type Aws, after, startAws } from '../support/aws';
import { NOW } from '../support/builders';

const APP = 'app-1';

let aws: Aws;
let store: ReturnType<typeof createHeartbeatStore>;
beforeAll(async () => {
  aws = await startAws();
  store = createHeartbeatStore(aws.dynamoDb, 'devices');
});
afterAll(() => aws.close());

function beat(node: string, at: number, epoch = 'epoch-1'): Promise<void> {
  return store.saveHeartbeats(APP, [{ node, epoch, at }]);
}

async function stored(node: string): Promise<NodeHeartbeat | undefined> {
  return (await store.getHeartbeats(APP, [node])).get(node);
}

test('the first beat of a node begins its epoch', async () => {
  await beat('new', NOW);

  expect(await stored('new')).toEqual({ node: 'new', epoch: 'epoch-1', epochSince: NOW, at: NOW });
});

test('a later beat is kept beside when the epoch began', async () => {
  await beat('beating', NOW);
  await beat('beating', NOW + 60_000);

  expect(await stored('beating')).toMatchObject({ epochSince: NOW, at: NOW + 60_000 });
});

test.each([
  ['of the same epoch', 'epoch-1', NOW - 1],
  ['of the same epoch and moment', 'epoch-1', NOW],
  ['of another epoch', 'epoch-0', NOW - 1],
  ['of another epoch and the same moment', 'epoch-2', NOW],
])('a beat %s that is not newer changes nothing', async (name, epoch, at) => {
  const node = `late ${name}`;
  await beat(node, NOW - 10);
  await beat(node, NOW);

  await beat(node, at, epoch);

  expect(await stored(node)).toEqual({ node, epoch: 'epoch-1', epochSince: NOW - 10, at: NOW });
});

test('a newer beat of another epoch begins that epoch', async () => {
  await beat('restarted', NOW);

  await beat('restarted', NOW + 5, 'epoch-2');

  expect(await stored('restarted')).toEqual({
    node: 'restarted',
    epoch: 'epoch-2',
    epochSince: NOW + 5,
    at: NOW + 5,
  });
});

test('of two first beats at once the newer one is kept', async () => {
  aws.wire.next(
    'PutItem',
    after(() => beat('twins', NOW)),
  );

  await beat('twins', NOW + 7);

  expect(await stored('twins')).toMatchObject({ epochSince: NOW, at: NOW + 7 });
});

test('a beat of an old epoch that meets a newer epoch on its way changes nothing', async () => {
  aws.wire.next(
    'PutItem',
    after(() => beat('overtaken', NOW + 9, 'epoch-2')),
  );

  await beat('overtaken', NOW + 8);

  expect(await stored('overtaken')).toMatchObject({ epoch: 'epoch-2', at: NOW + 9 });
});

test('a beat of a running epoch is one write', async () => {
  await beat('cheap', NOW);

  const calls = await aws.wire.watch(() => beat('cheap', NOW + 1));

  expect(calls.map(({ operation }) => operation)).toEqual(['UpdateItem']);
});

test('a node that falls silent is forgotten two days after its latest beat', async () => {
  await beat('silent', NOW - DAY_MS);
  await beat('silent', NOW);

  const Key = { pk: `node/${APP}/silent` };
  const { Item } = await aws.aside.send(new GetCommand({ TableName: 'devices', Key }));

  expect(Item?.['expiresAt']).toBe((NOW + 2 * DAY_MS) / 1000);
});

test('many nodes are saved in one go and read a hundred a call', async () => {
  const nodes = Array.from({ length: 130 }, (_, index) => `节点 ${index}`);
  await store.saveHeartbeats(
    APP,
    nodes.map((node, index) => ({ node, epoch: 'e', at: NOW + index })),
  );

  const calls = await aws.wire.watch(async () => {
    const beats = await store.getHeartbeats(APP, [...nodes, ...nodes, 'nobody']);
    expect(beats.size).toBe(130);
    expect(beats.get('节点 129')?.at).toBe(NOW + 129);
  });

  expect(calls.map(({ operation }) => operation)).toEqual(['BatchGetItem', 'BatchGetItem']);
});

test('nodes of one name in two apps are two nodes', async () => {
  await beat('shared', NOW);
  await store.saveHeartbeats('app-2', [{ node: 'shared', epoch: 'other', at: NOW + 1 }]);

  expect(await stored('shared')).toMatchObject({ epoch: 'epoch-1', at: NOW });
});
