import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createAccountStore } from '../../lib/aws/account-store';
import type { Account } from '../../lib/model/account';
import { ConflictError } from '../../lib/model/errors';
import type { AccountStore } from '../../lib/model/ports';
import { type Aws, after, refuseWith, startAws } from '../support/aws';
import { aDevice, anAccount } from '../support/builders';

const APP = 'app-1';

let aws: Aws;
let store: AccountStore;
beforeAll(async () => {
  aws = await startAws();
  store = createAccountStore(aws.dynamoDb, 'devices');
});
afterAll(() => aws.close());

/** An account whose phone holds no token, so that nothing but the account itself is written. */
function plainAccount(accountId: string): Account {
  return anAccount([aDevice({ tokens: {} })], { accountId });
}

function save(account: Account): Promise<Account | undefined> {
  return store.update(account.appKey, account.accountId, () => ({ account }));
}

/** Adds a letter to the name of the account's latest device. */
function addLetter(accountId: string, letter: string): Promise<Account | undefined> {
  return store.update(APP, accountId, (account = plainAccount(accountId)) => ({
    account: { ...account, lastDeviceId: (account.lastDeviceId ?? '') + letter },
  }));
}

async function lettersOf(accountId: string): Promise<string | undefined> {
  return (await store.get(APP, accountId))?.lastDeviceId;
}

async function storedItem(accountId: string) {
  const { Item } = await aws.aside.send(
    new GetCommand({ TableName: 'devices', Key: { pk: `account/${APP}/${accountId}` } }),
  );
  return Item;
}

test('an account comes back as it was stored, small or large', async () => {
  const devices = Array.from({ length: 10 }, (_, index) =>
    aDevice({ deviceId: `设备 ${index}`, facts: { model: 'Redmi Note 13', region: 'CN' } }),
  );
  const large = anAccount(devices, { accountId: 'large', lastDeviceId: '设备 3' });

  await save(plainAccount('small'));
  await save(large);

  expect(await store.get(APP, 'small')).toEqual(plainAccount('small'));
  expect(await store.get(APP, 'large')).toEqual(large);
});

test('an account nobody stored is not there, nor is it in another app', async () => {
  await save(plainAccount('only-here'));

  expect(await store.get(APP, 'nobody')).toBeUndefined();
  expect(await store.get('app-2', 'only-here')).toBeUndefined();
});

test('a change in hand is written over what was there, and answered', async () => {
  const account = plainAccount('changing');
  await save(account);
  const changed = { ...account, lastDeviceId: 'phone-2' };

  const answer = await store.update(APP, 'changing', () => ({ account: changed }));

  expect(answer).toEqual(changed);
  expect(await store.get(APP, 'changing')).toEqual(changed);
});

test('each write of an account counts its version up by one', async () => {
  const versions: number[] = [];
  for (let writes = 0; writes < 3; writes++) {
    await save(plainAccount('counted'));
    versions.push(Number((await storedItem('counted'))?.['version']));
  }

  const [first = 0] = versions;
  expect(first).toBeGreaterThan(0);
  expect(versions).toEqual([first, first + 1, first + 2]);
});

test('no change means no write, and the account as it is', async () => {
  await save(plainAccount('left-alone'));

  const calls = await aws.wire.watch(async () => {
    const answer = await store.update(APP, 'left-alone', () => undefined);
    expect(answer).toEqual(plainAccount('left-alone'));
  });

  expect(calls.map(({ operation }) => operation)).toEqual(['GetItem']);
});

test('an account without moving tokens is one consistent read and one write', async () => {
  const calls = await aws.wire.watch(() => save(plainAccount('cheap')));

  expect(calls.map(({ operation }) => operation)).toEqual(['GetItem', 'PutItem']);
  expect(calls[0]?.body['ConsistentRead']).toBe(true);
});

test.each(['stored', 'new'])(
  'a change of a %s account that lost a race is made on what won',
  async (state) => {
    const accountId = `raced-${state}`;
    if (state === 'stored') await addLetter(accountId, 'a');
    aws.wire.next(
      'PutItem',
      after(() => addLetter(accountId, 'b')),
    );

    await addLetter(accountId, 'c');

    expect(await lettersOf(accountId)).toBe(state === 'stored' ? 'abc' : 'bc');
  },
);

test('many changes of one account at once are all made', async () => {
  await save(plainAccount('busy'));
  const added = Array.from({ length: 20 }, (_, index) => `phone-${index}`);

  await Promise.all(
    added.map((deviceId) =>
      store.update(APP, 'busy', (account = plainAccount('busy')) => {
        const device = aDevice({ deviceId, tokens: {} });
        return { account: { ...account, devices: { ...account.devices, [deviceId]: device } } };
      }),
    ),
  );

  const devices = Object.keys((await store.get(APP, 'busy'))?.devices ?? {});
  expect(devices.sort()).toEqual([...new Set([...added, 'phone-1'])].sort());
});

test('an account that changes at every try is a conflict after ten, and keeps what won', async () => {
  let tries = 0;
  for (let round = 1; round <= 10; round++) {
    aws.wire.next(
      'PutItem',
      after(() => addLetter('restless', `${round}`)),
    );
    // the one in the way goes on as it is
    aws.wire.next('PutItem', (_body, goOn) => goOn());
  }

  const update = store.update(APP, 'restless', (account = plainAccount('restless')) => {
    tries += 1;
    return { account };
  });

  await expect(update).rejects.toThrow(ConflictError);
  expect(tries).toBe(10);
  expect(await lettersOf('restless')).toBe('12345678910');
});

test('a write that meets a running transaction is tried again', async () => {
  aws.wire.next('PutItem', refuseWith('TransactionConflictException'));

  await addLetter('in-transaction', 'a');

  expect(await lettersOf('in-transaction')).toBe('a');
});

test('an error that is no lost race is not tried again', async () => {
  let tries = 0;
  const error = await store
    .update(APP, 'too-large', () => {
      tries += 1;
      const model = Array.from({ length: 60_000 }, () => Math.random()).join();
      return { account: anAccount([aDevice({ facts: { model }, tokens: {} })]) };
    })
    .catch((reason: unknown) => reason);

  expect(error).toMatchObject({ name: 'ValidationException' });
  expect(tries).toBe(1);
});

describe('many accounts', () => {
  const names = Array.from({ length: 250 }, (_, index) => `member-${index}`);
  const item = (accountId: string) => ({
    pk: `account/${APP}/${accountId}`,
    data: JSON.stringify(plainAccount(accountId)),
    version: 1,
  });
  beforeAll(async () => {
    await Promise.all(
      names.map((name) =>
        aws.aside.send(new PutCommand({ TableName: 'devices', Item: item(name) })),
      ),
    );
  });

  test('are read a hundred a call, each once however often it is named', async () => {
    const calls = await aws.wire.watch(async () => {
      const accounts = await store.getMany(APP, [...names, ...names.slice(200)]);
      expect([...accounts.keys()].sort()).toEqual(names.toSorted());
      expect(accounts.get('member-249')).toEqual(plainAccount('member-249'));
    });

    expect(calls.map(({ operation }) => operation)).toEqual(Array(3).fill('BatchGetItem'));
  });

  test('that nobody stored are missing', async () => {
    const accounts = await store.getMany(APP, ['member-1', 'nobody']);

    expect([...accounts.keys()]).toEqual(['member-1']);
    expect(await store.getMany(APP, [])).toEqual(new Map());
  });

  test('that AWS leaves unread in one answer are asked for again', async () => {
    for (const kept of [40, 1]) {
      aws.wire.next('BatchGetItem', async ({ RequestItems }, goOn) => {
        const { devices } = RequestItems as { devices: { Keys: object[] } };
        const part = (Keys: object[]) => ({ devices: { ...devices, Keys } });
        const { status, body } = await goOn({ RequestItems: part(devices.Keys.slice(0, kept)) });
        return {
          status,
          body: { ...body, UnprocessedKeys: part(devices.Keys.slice(kept)) },
        };
      });
    }

    const calls = await aws.wire.watch(async () => {
      const accounts = await store.getMany(APP, names.slice(0, 100));
      expect([...accounts.keys()].sort()).toEqual(names.slice(0, 100).sort());
    });

    expect(calls).toHaveLength(3);
  });
});
