import fc from 'fast-check';
import { createAccountStore } from '../../lib/aws/account-store';
import { ConflictError } from '../../lib/model/errors';
import type { AccountStore } from '../../lib/model/ports';
import { forgetToken, removeToken } from '../../lib/rules/registration';
import { type Aws, after, refuseWith, startAws } from '../support/aws';
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

test('a token renewed while an older one is being forgotten is kept', async () => {
  await tokens.register('renewing', 'token-renewed');
  aws.wire.next(
    'TransactWriteItems',
    after(() => tokens.register('renewing', 'token-renewed', { now: NOW + 5 })),
  );

  await store.update(APP, 'renewing', (account) =>
    forgetToken(account, 'xiaomi', 'token-renewed', NOW),
  );

  expect(await tokens.ownerOf('token-renewed')).toBe('renewing/phone-1');
  expect(await tokens.tokensOf('renewing')).toEqual({ 'phone-1': ['token-renewed'] });
});

test('a transaction cancelled by another on the same items is tried again', async () => {
  await tokens.register('slow', 'token-contended');
  aws.wire.next(
    'TransactWriteItems',
    refuseWith('TransactionCanceledException', {
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }, { Code: 'None' }],
    }),
  );

  await tokens.register('quick', 'token-contended');

  expect(await tokens.ownerOf('token-contended')).toBe('quick/phone-1');
});

test('a loser whose account changes meanwhile keeps that change, without the token', async () => {
  await tokens.register('robbed', 'token-stolen');
  aws.wire.next(
    'TransactWriteItems',
    after(() => tokens.register('robbed', 'token-own', { deviceId: 'phone-2' })),
  );

  await tokens.register('thief', 'token-stolen');

  expect(await tokens.tokensOf('robbed')).toEqual({ 'phone-1': [], 'phone-2': ['token-own'] });
  expect(await tokens.ownerOf('token-stolen')).toBe('thief/phone-1');
});

test('a token that leaves its owner and comes back while a third one takes it has one holder', async () => {
  await tokens.register('first', 'token-to-and-fro');
  aws.wire.next('BatchGetItem', async (_body, goOn) => {
    const owners = await goOn();
    await tokens.register('second', 'token-to-and-fro');
    return owners;
  });
  // the transaction of the second, then that of the third
  aws.wire.next('TransactWriteItems', (_body, goOn) => goOn());
  aws.wire.next(
    'TransactWriteItems',
    after(() => tokens.register('first', 'token-to-and-fro')),
  );

  await tokens.register('third', 'token-to-and-fro');

  expect(await tokens.ownerOf('token-to-and-fro')).toBe('third/phone-1');
  expect(await tokens.holdersOf('token-to-and-fro', ['first', 'second', 'third'])).toEqual([
    'third/phone-1',
  ]);
});

test('owners that AWS leaves unread in one answer are asked for again', async () => {
  await tokens.register('unread', 'token-unread');
  aws.wire.next('BatchGetItem', async ({ RequestItems }) => ({
    status: 200,
    body: { Responses: {}, UnprocessedKeys: RequestItems },
  }));

  await store.update(APP, 'unread', (account) => removeToken(account, 'phone-1', 'xiaomi'));

  expect(await tokens.ownerOf('token-unread')).toBeUndefined();
});

test('however many accounts take one token at once, exactly one holds it in the end', async () => {
  const accountIds = Array.from({ length: 25 }, (_, index) => `crowd-${index}`);

  const results = await Promise.allSettled(
    accountIds.map((accountId) => tokens.register(accountId, 'token-wanted')),
  );

  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConflictError);
  }
  const holders = await tokens.holdersOf('token-wanted', accountIds);
  expect(holders).toHaveLength(1);
  expect(await tokens.ownerOf('token-wanted')).toBe(holders[0]);
});

test('whoever registers and removes which token at once, accounts and owners agree', async () => {
  const accountIds = ['a', 'b', 'c'].map((name) => `any-${name}`);
  const names = ['x', 'y'].map((name) => `any-token-${name}`);
  const act = fc.record({
    accountId: fc.constantFrom(...accountIds),
    deviceId: fc.constantFrom('phone-1', 'phone-2'),
    token: fc.constantFrom(...names, undefined),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      await Promise.allSettled(
        acts.map(({ accountId, deviceId, token }) =>
          token === undefined
            ? store.update(APP, accountId, (account) => removeToken(account, deviceId, 'xiaomi'))
            : tokens.register(accountId, token, { deviceId }),
        ),
      );
      for (const token of names) {
        const owner = await tokens.ownerOf(token);
        expect(await tokens.holdersOf(token, accountIds)).toEqual(
          owner === undefined ? [] : [owner],
        );
      }
    }),
    { numRuns: 25 },
  );
});
