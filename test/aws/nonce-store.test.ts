import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { sha256 } from '../../lib/aws/fingerprint';
import { createNonceStore } from '../../lib/aws/nonce-store';
import type { NonceStore } from '../../lib/model/nonce-store';
import { MINUTE_MS, SECOND_MS } from '../../lib/model/time';
import { type Aws, refuseWith, startAws } from '../support/aws';
import { NOW } from '../support/builders';

const UNTIL = NOW + 10 * MINUTE_MS;

let aws: Aws;
let store: NonceStore;
beforeAll(async () => {
  aws = await startAws();
  store = createNonceStore(aws.dynamoDb, 'settings');
});
afterAll(() => aws.close());

test('a nonce is used once', async () => {
  expect(await store.use('app-1', 'once', UNTIL, NOW)).toBe(true);
  expect(await store.use('app-1', 'once', UNTIL, NOW)).toBe(false);
});

test('of many who use a nonce at the same time one succeeds', async () => {
  const uses = Array.from({ length: 20 }, () => store.use('app-1', 'raced', UNTIL, NOW));

  expect((await Promise.all(uses)).filter(Boolean)).toHaveLength(1);
});

test('the same nonce of two apps is two nonces, and so are two of one app', async () => {
  const uses = [
    store.use('app-1', 'common', UNTIL, NOW),
    store.use('app-2', 'common', UNTIL, NOW),
    store.use('app-1', 'Common', UNTIL, NOW),
  ];

  expect(await Promise.all(uses)).toEqual([true, true, true]);
});

test('a nonce is free again after its time, though its item is still there, and not before', async () => {
  await store.use('app-1', 'old', UNTIL, NOW);

  expect(await store.use('app-1', 'old', UNTIL + MINUTE_MS, UNTIL)).toBe(false);
  expect(await store.use('app-1', 'old', UNTIL + MINUTE_MS, UNTIL + SECOND_MS)).toBe(true);
  expect(await store.use('app-1', 'old', UNTIL + MINUTE_MS, UNTIL + SECOND_MS)).toBe(false);
});

test('a nonce costs one write, and its item names its end and not the nonce', async () => {
  const nonce = '随机/ nonce';

  const calls = await aws.wire.watch(() => store.use('app-1', nonce, UNTIL, NOW));

  const Key = { pk: `nonce/app-1/${sha256(nonce)}`, sk: 'nonce' };
  const { Item } = await aws.aside.send(new GetCommand({ TableName: 'settings', Key }));
  expect(calls.map(({ operation }) => operation)).toEqual(['PutItem']);
  expect(Item).toEqual({ ...Key, expiresAt: UNTIL / 1000 });
});

test('a store that fails lets nobody through', async () => {
  aws.wire.next('PutItem', refuseWith('ValidationException'));

  await expect(store.use('app-1', 'unlucky', UNTIL, NOW)).rejects.toThrow();
});
