import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { createAccountStore } from '../../lib/aws/account-store';
import type { Account, RegisteredToken } from '../../lib/model/account';
import type { AccountStore } from '../../lib/model/ports';
import { removeToken } from '../../lib/rules/registration';
import { type Aws, refuseWith, startAws } from '../support/aws';
import { NOW, OWNER } from '../support/builders';
import { tokenOwners } from '../support/token-owners';

const APP = OWNER.appKey;

let aws: Aws;
let store: AccountStore;
let tokens: ReturnType<typeof tokenOwners>;
beforeAll(async () => {
  aws = await startAws();
  store = createAccountStore(aws.dynamoDb, 'devices');
  tokens = tokenOwners(store);
});
afterAll(() => aws.close());

test('a new token belongs to the device it was registered on', async () => {
  await tokens.register('new-1', 'token-new');

  expect(await tokens.ownerOf('token-new')).toBe('new-1/phone-1');
  expect(await store.ownerOf(APP, 'huawei', 'token-new')).toBeUndefined();
  expect(await store.ownerOf('app-2', 'xiaomi', 'token-new')).toBeUndefined();
});

test('a token registered by another account leaves the first in the same transaction', async () => {
  await tokens.register('from', 'token-moving');

  const calls = await aws.wire.watch(() => tokens.register('to', 'token-moving'));

  expect(await tokens.ownerOf('token-moving')).toBe('to/phone-1');
  expect(await tokens.tokensOf('from')).toEqual({ 'phone-1': [] });
  expect(await tokens.tokensOf('to')).toEqual({ 'phone-1': ['token-moving'] });
  expect(calls.map(({ operation }) => operation)).toEqual([
    'GetItem',
    'BatchGetItem',
    'GetItem',
    'TransactWriteItems',
  ]);
});

test('a token moves between two devices of one account, and the old one goes', async () => {
  await tokens.register('mover', 'token-inside', { deviceId: 'old' });

  await tokens.register('mover', 'token-inside', { deviceId: 'new' });

  expect(await tokens.ownerOf('token-inside')).toBe('mover/new');
  expect(await tokens.tokensOf('mover')).toEqual({ new: ['token-inside'] });
});

test('a token that is replaced belongs to nobody', async () => {
  await tokens.register('replacing', 'token-old');

  await tokens.register('replacing', 'token-young');

  expect(await tokens.ownerOf('token-old')).toBeUndefined();
  expect(await tokens.ownerOf('token-young')).toBe('replacing/phone-1');
});

test('a token registered again where it is costs no transaction', async () => {
  await tokens.register('again', 'token-again');

  const calls = await aws.wire.watch(() =>
    tokens.register('again', 'token-again', { now: NOW + 1 }),
  );

  expect(calls.map(({ operation }) => operation)).toEqual(['GetItem', 'PutItem']);
});

test('a claim on a token the device has already costs no transaction either', async () => {
  const account = (await tokens.register('owning', 'token-owned')) as Account;
  const owned = account.devices['phone-1']?.tokens['xiaomi'] as RegisteredToken;
  const claims = [{ ...owned, deviceId: 'phone-1' }];

  const calls = await aws.wire.watch(() =>
    store.update(APP, 'owning', () => ({ account, claims })),
  );

  expect(calls.map(({ operation }) => operation)).toEqual(['GetItem', 'BatchGetItem', 'PutItem']);
});

test('a token that is taken off a device belongs to nobody, and its item is gone', async () => {
  const account = await tokens.register('removing', 'token-removed');

  await store.update(APP, 'removing', (now) => removeToken(now, 'phone-1', 'xiaomi'));

  expect(account?.devices['phone-1']?.tokens['xiaomi']?.token).toBe('token-removed');
  expect(await tokens.ownerOf('token-removed')).toBeUndefined();
  expect(await tokens.tokensOf('removing')).toEqual({ 'phone-1': [] });
});

test('giving up a token that meanwhile is another’s leaves it to the other', async () => {
  await tokens.register('loser', 'token-lost');
  const stale = (await store.get(APP, 'loser')) as Account;
  const lost = stale.devices['phone-1']?.tokens['xiaomi'] as RegisteredToken;
  await tokens.register('winner', 'token-lost');

  await store.update(APP, 'loser', (account) => account && { account, releases: [lost] });

  expect(await tokens.ownerOf('token-lost')).toBe('winner/phone-1');
  expect(await tokens.tokensOf('winner')).toEqual({ 'phone-1': ['token-lost'] });
});

test('neither account changes when their transaction is refused for good', async () => {
  await tokens.register('keeps', 'token-kept');
  aws.wire.next('TransactWriteItems', refuseWith('ValidationException'));

  await expect(tokens.register('wants', 'token-kept')).rejects.toMatchObject({
    name: 'ValidationException',
  });

  expect(await tokens.ownerOf('token-kept')).toBe('keeps/phone-1');
  expect(await tokens.holdersOf('token-kept', ['keeps', 'wants'])).toEqual(['keeps/phone-1']);
});

test('a token stands in no key and in no item but its owner’s account', async () => {
  await tokens.register('discreet', 'token/with secrets');
  const { Item } = await aws.aside.send(
    new GetCommand({ TableName: 'devices', Key: { pk: `account/${APP}/discreet` } }),
  );

  expect(JSON.stringify(Item)).toContain('token/with secrets');
  expect((await aws.textIn('devices')).split('token/with secrets')).toHaveLength(2);
});
