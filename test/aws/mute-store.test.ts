import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { createAccountStore } from '../../lib/aws/account-store';
import { mutesKey } from '../../lib/aws/mute-store';
import type { Mute } from '../../lib/model/account';
import type { AccountStore } from '../../lib/model/ports';
import { MAX_MUTES_WITHIN, withMute, withoutMute } from '../../lib/rules/mute';
import { type Aws, after, startAws } from '../support/aws';
import { anAccount, NOW } from '../support/builders';

const APP = 'app-1';
const clock = { at: NOW, now: () => clock.at };

let aws: Aws;
let store: AccountStore;
beforeAll(async () => {
  aws = await startAws();
  store = createAccountStore(aws.dynamoDb, 'devices', clock);
});
afterAll(() => aws.close());

function mute(accountId: string, conversationId: string, how: Mute = 'all'): Promise<void> {
  return store.updateMutes(APP, accountId, (stored, apart) => {
    const account = stored ?? anAccount([], { accountId });
    const muted = withMute({ account, apart }, conversationId, how);
    if (muted === 'too-many') throw new Error(muted);
    return muted;
  });
}

function unmute(accountId: string, conversationId: string): Promise<void> {
  return store.updateMutes(
    APP,
    accountId,
    (account, apart) => account && withoutMute({ account, apart }, conversationId),
  );
}

/** Mutes `c-0` and so on, one after the other: the first 32 lie in the account. */
async function muteMany(accountId: string, count: number): Promise<void> {
  for (let number = 0; number < count; number++) await mute(accountId, `c-${number}`);
}

const apartFrom = async (accountId: string, ...conversations: readonly string[]) =>
  Object.fromEntries(
    await store.getMutes(
      APP,
      conversations.map((conversationId) => ({ accountId, conversationId })),
    ),
  );

async function itemApart(accountId: string) {
  const key = { pk: mutesKey(APP, accountId) };
  return (await aws.aside.send(new GetCommand({ TableName: 'devices', Key: key }))).Item;
}

test('mutes lie in the account as long as there is room', async () => {
  const calls = await aws.wire.watch(async () => {
    await mute('few', 'c-1');
    await mute('few', 'c-2', 'except-mentions');
    await mute('few', 'c-1', 'except-managers');
  });

  expect((await store.get(APP, 'few'))?.mutes).toEqual({
    'c-1': 'except-managers',
    'c-2': 'except-mentions',
  });
  expect(calls.map(({ operation }) => operation)).toEqual(
    Array(3).fill(['GetItem', 'PutItem']).flat(),
  );
  expect(await apartFrom('few', 'c-1', 'c-2')).toEqual({});
});

test('further ones lie beside it, and are found by account and conversation', async () => {
  await muteMany('many', MAX_MUTES_WITHIN);
  await mute('many', 'late-1', 'except-mentions');
  await mute('many', 'late-2');
  await mute('many', 'late-2', 'except-managers');

  const account = await store.get(APP, 'many');
  expect(Object.keys(account?.mutes ?? {})).toHaveLength(MAX_MUTES_WITHIN);
  expect(account?.hasMoreMutes).toBe(true);
  expect(await apartFrom('many', 'late-1', 'late-2', 'c-1', 'constructor', 'x')).toEqual({
    'many\nlate-1': 'except-mentions',
    'many\nlate-2': 'except-managers',
  });
});

test('those of many accounts are read a hundred a call, each account once', async () => {
  await muteMany('read', MAX_MUTES_WITHIN + 2);
  const pairs = Array.from({ length: 150 }, (_, index) => ({
    accountId: `reader-${index}`,
    conversationId: 'c-1',
  }));
  const own = ['c-32', 'c-33'].map((conversationId) => ({ accountId: 'read', conversationId }));

  const calls = await aws.wire.watch(async () => {
    const found = await store.getMutes(APP, [...pairs, ...own]);
    expect([...found.keys()]).toEqual(['read\nc-32', 'read\nc-33']);
  });

  expect(calls.map(({ operation }) => operation)).toEqual(['BatchGetItem', 'BatchGetItem']);
  expect(await store.getMutes('app-2', own)).toEqual(new Map());
});

test('one that ends makes room for one from beside, until nothing is left there', async () => {
  await muteMany('leaving', MAX_MUTES_WITHIN + 1);

  await unmute('leaving', 'c-5');

  const account = await store.get(APP, 'leaving');
  expect(Object.keys(account?.mutes ?? {})).toHaveLength(MAX_MUTES_WITHIN);
  expect(account?.mutes).toMatchObject({ 'c-32': 'all' });
  expect(account?.hasMoreMutes).toBeUndefined();
  expect(await itemApart('leaving')).toBeUndefined();
});

test('mutes set and ended at the same moment are all kept, and none twice', async () => {
  await muteMany('busy', MAX_MUTES_WITHIN - 2);

  await Promise.all([
    ...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => mute('busy', id)),
    ...['c-0', 'c-1', 'c-2'].map((id) => unmute('busy', id)),
  ]);

  const kept = [...Array.from({ length: 27 }, (_, at) => `c-${at + 3}`), ...'abcdef'].sort();
  const within = Object.keys((await store.get(APP, 'busy'))?.mutes ?? {});
  const apart = Object.keys(await apartFrom('busy', ...kept));
  expect([...within, ...apart.map((key) => key.replace('busy\n', ''))].sort()).toEqual(kept);
});

test('a change of the account in between is kept, and so is the mute', async () => {
  await muteMany('raced', MAX_MUTES_WITHIN);
  aws.wire.next(
    'TransactWriteItems',
    after(() =>
      store.update(
        APP,
        'raced',
        (account) => account && { account: { ...account, blocked: true } },
      ),
    ),
  );

  await mute('raced', 'late');

  expect(await store.get(APP, 'raced')).toMatchObject({ blocked: true, hasMoreMutes: true });
  expect(await apartFrom('raced', 'late')).toEqual({ 'raced\nlate': 'all' });
});

test('what lies beside is kept as long as tokens are, and prolonged with them', async () => {
  await store.update(APP, 'living', () => ({
    account: anAccount([], { accountId: 'living' }),
    inactiveDays: 10,
  }));
  await muteMany('living', MAX_MUTES_WITHIN + 1);
  const before = await itemApart('living');
  const stored = await store.get(APP, 'living');

  await store.update(APP, 'living', (account) => account && { account, inactiveDays: 1_000 });

  const seconds = (days: number) => NOW / 1000 + days * 86_400;
  expect(before?.['expiresAt']).toBe(seconds(2 * 40));
  expect(await itemApart('living')).toEqual({ ...before, expiresAt: seconds(2 * 1_030) });
  expect(await store.get(APP, 'living')).toEqual(stored);
});
