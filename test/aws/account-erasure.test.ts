import { createAccountStore } from '../../lib/aws/account-store';
import type { AccountStore } from '../../lib/model/ports';
import { withMute } from '../../lib/rules/mute';
import { changeOf } from '../../lib/rules/token-binding';
import { type Aws, after, refuseWith, startAws } from '../support/aws';
import { aDevice, anAccount, aToken, OWNER } from '../support/builders';
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

async function mute(accountId: string, conversationId: string): Promise<void> {
  await store.updateMutes(APP, accountId, (account, apart) => {
    const muted = account && withMute({ account, apart }, conversationId, 'all');
    return muted === 'too-many' ? undefined : muted;
  });
}

test('nothing of an erased account is left, neither token nor mute, in one transaction', async () => {
  await tokens.register('gone', 'token-gone-1');
  await tokens.register('gone', 'token-gone-2', { deviceId: 'phone-2' });
  for (let number = 0; number < 40; number++) await mute('gone', `muted-by-gone-${number}`);

  const calls = await aws.wire.watch(() => store.erase(APP, 'gone'));

  expect(await store.get(APP, 'gone')).toBeUndefined();
  expect(await tokens.ownerOf('token-gone-1')).toBeUndefined();
  expect(await tokens.ownerOf('token-gone-2')).toBeUndefined();
  expect(await aws.textIn('devices')).not.toContain('gone');
  expect(calls.map(({ operation }) => operation)).toEqual([
    'GetItem',
    'BatchGetItem',
    'TransactWriteItems',
  ]);
});

test('erasing leaves every other account as it is, and one of the same name in another app', async () => {
  await tokens.register('neighbour', 'token-neighbour');
  await store.update('app-2', 'erased', () => ({
    account: anAccount([], { appKey: 'app-2', accountId: 'erased' }),
  }));
  await tokens.register('erased', 'token-erased');

  await store.erase(APP, 'erased');

  expect(await tokens.ownerOf('token-neighbour')).toBe('neighbour/phone-1');
  expect(await store.get('app-2', 'erased')).toBeDefined();
});

test('an account that is not there is erased, however often', async () => {
  await store.erase(APP, 'nobody');
  await store.erase(APP, 'nobody');

  expect(await store.get(APP, 'nobody')).toBeUndefined();
});

test('a token that is another’s by now stays with it', async () => {
  await tokens.register('seller', 'token-sold');
  aws.wire.next(
    'TransactWriteItems',
    after(() => tokens.register('buyer', 'token-sold')),
  );

  await store.erase(APP, 'seller');

  expect(await store.get(APP, 'seller')).toBeUndefined();
  expect(await tokens.ownerOf('token-sold')).toBe('buyer/phone-1');
});

test('who registers again starts from nothing, and nobody with the old account in hand brings it back', async () => {
  await tokens.register('returning', 'token-before');
  // somebody has read the account, and is about to write it
  aws.wire.next(
    'PutItem',
    after(async () => {
      await store.erase(APP, 'returning');
      await tokens.register('returning', 'token-after');
    }),
  );

  await store.update(
    APP,
    'returning',
    (account) => account && { account: { ...account, lastDeviceId: 'seen' } },
  );

  expect(await store.get(APP, 'returning')).toMatchObject({ lastDeviceId: 'seen' });
  expect(await tokens.tokensOf('returning')).toEqual({ 'phone-1': ['token-after'] });
  expect(await tokens.ownerOf('token-before')).toBeUndefined();
});

test('an erasure that is refused for good leaves the account whole', async () => {
  await tokens.register('whole', 'token-whole');
  aws.wire.next('TransactWriteItems', refuseWith('ValidationException'));

  await expect(store.erase(APP, 'whole')).rejects.toMatchObject({ name: 'ValidationException' });

  expect(await tokens.tokensOf('whole')).toEqual({ 'phone-1': ['token-whole'] });
  expect(await tokens.ownerOf('token-whole')).toBe('whole/phone-1');
});

test('more tokens than fit a transaction are gone before the account is', async () => {
  const devices = Array.from({ length: 5 }, (_, phone) =>
    aDevice({
      deviceId: `phone-${phone}`,
      tokens: Object.fromEntries(
        Array.from({ length: 25 }, (_one, at) => [
          `c${at}`,
          aToken({ token: `rich-${phone}-${at}` }),
        ]),
      ),
    }),
  );
  for (let count = 1; count <= devices.length; count++) {
    await store.update(APP, 'rich', (account) =>
      changeOf(account, anAccount(devices.slice(0, count), { accountId: 'rich' })),
    );
  }
  const ownerBefore = await tokens.ownerOf('rich-4-24');

  await store.erase(APP, 'rich');

  expect(ownerBefore).toBe('rich/phone-4');
  expect(await aws.textIn('devices')).not.toContain('rich');
});
