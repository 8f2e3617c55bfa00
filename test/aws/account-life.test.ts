import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { createAccountStore } from '../../lib/aws/account-store';
import { accountKey, tokenKey } from '../../lib/aws/account-writes';
import { numberIn } from '../../lib/aws/stored-json';
import { DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import type { AccountStore } from '../../lib/model/ports';
import { DAY_MS } from '../../lib/model/time';
import { applyPresence } from '../../lib/rules/presence';
import { forgetToken, registerDevice } from '../../lib/rules/registration';
import { type Aws, after, startAws } from '../support/aws';
import { NOW } from '../support/builders';
import { aRegistration } from '../support/registering';

const DAY_SECONDS = 86_400;
const MARGIN_DAYS = 30;
const clock = { at: NOW, now: () => clock.at };

let aws: Aws;
let store: AccountStore;
let apps = 0;
let appKey: string;
beforeAll(async () => {
  aws = await startAws();
  store = createAccountStore(aws.dynamoDb, 'devices', clock);
});
afterAll(() => aws.close());
beforeEach(newApp);

function newApp(): void {
  apps += 1;
  appKey = `app-${apps}`;
  clock.at = NOW;
}

/** A phone logs in, with its tokens by certificate. */
function logIn(accountId: string, tokens: readonly string[], inactiveDays = 270, by = store) {
  const named = tokens.map((token) => [`for ${token}`, { vendor: 'xiaomi', token } as const]);
  const registration = aRegistration({ tokens: Object.fromEntries(named) });
  return by.update(appKey, accountId, (account) => {
    const owner = { appKey, accountId };
    const result = registerDevice(account, owner, registration, DEFAULT_APP_SETTINGS, clock.at);
    if ('refused' in result) throw new Error(result.refused);
    return { ...result.change, inactiveDays };
  });
}

/** A connection reports the phone. */
function report(accountId: string, inactiveDays = 270) {
  return store.update(appKey, accountId, (account) => {
    const witness = { kind: 'none' } as const;
    const event = { deviceId: 'phone-1', event: 'foreground', at: clock.at, witness } as const;
    const settings = DEFAULT_APP_SETTINGS;
    const { change } = applyPresence(account, { appKey, accountId }, [event], settings, clock.at);
    return change && { ...change, inactiveDays };
  });
}

function forget(accountId: string, token: string) {
  return store.update(appKey, accountId, (account) =>
    forgetToken(account, 'xiaomi', token, clock.at),
  );
}

/** Days until an item goes; undefined when there is no such item. */
async function daysLeft(pk: string): Promise<number | undefined> {
  const { Item } = await aws.aside.send(new GetCommand({ TableName: 'devices', Key: { pk } }));
  return Item && (numberIn(Item, 'expiresAt') - clock.at / 1000) / DAY_SECONDS;
}
const accountDays = (accountId: string) => daysLeft(accountKey(appKey, accountId));
const tokenDays = (token: string) => daysLeft(tokenKey(appKey, 'xiaomi', token));
const pass = (days: number) => {
  clock.at += days * DAY_MS;
};

test('an account nobody hears of goes some time after its devices have become stale', async () => {
  await logIn('alice', ['t']);
  expect(await accountDays('alice')).toBe(270 + MARGIN_DAYS);

  pass(100);
  await report('alice');
  expect(await accountDays('alice')).toBe(270 + MARGIN_DAYS);

  pass(100);
  await report('alice', 30);
  expect(await accountDays('alice')).toBe(30 + MARGIN_DAYS);
});

test('a change that is no sign of life keeps nobody alive', async () => {
  await logIn('alice', ['t', 'u']);
  pass(100);
  await forget('alice', 't');
  await logIn('bob', ['u']);

  expect(await accountDays('alice')).toBe(170 + MARGIN_DAYS);
  expect(await accountDays('bob')).toBe(270 + MARGIN_DAYS);
});

test('signs of life write tokens anew once in a life, not every time', async () => {
  await logIn('alice', ['t', 'u']);
  const writes: string[][] = [];
  for (const days of [0, 200, 99, 2, 100]) {
    pass(days);
    const calls = await aws.wire.watch(() => report('alice'));
    writes.push(calls.map(({ operation }) => operation).filter((one) => one !== 'GetItem'));
  }

  const one = ['PutItem'];
  expect(writes).toEqual([one, one, one, ['PutItem', 'PutItem', 'PutItem'], one]);
  expect(await tokenDays('t')).toBe(2 * (270 + MARGIN_DAYS) - 100);
});

test('a token that was taken over meanwhile is not taken back', async () => {
  await logIn('alice', ['t']);
  pass(250);
  const another = createAccountStore(aws.aside, 'devices', clock);
  aws.wire.next(
    'PutItem',
    after(() => logIn('bob', ['t'], 270, another)),
  );
  await report('alice', 3_650);

  expect(await store.ownerOf(appKey, 'xiaomi', 't')).toMatchObject({ accountId: 'bob' });
  expect((await store.get(appKey, 'alice'))?.devices['phone-1']?.tokens).toEqual({});
});

const step = fc.record({
  act: fc.constantFrom('log in', 'report', 'forget'),
  accountId: fc.constantFrom('alice', 'bob'),
  token: fc.constantFrom('t', 'u', 'v'),
  inactiveDays: fc.constantFrom(1, 30, 270, 3_650),
  days: fc.constantFrom(0, 1, 40, 290, 400),
});

test('whatever happens, an account outlives its devices, and what says whose a token is outlives the account', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      newApp();
      const wanted = new Map<string, number>();
      for (const { act, accountId, token, inactiveDays, days } of steps) {
        pass(days);
        const isKnown = wanted.has(accountId);
        if (act === 'log in') await logIn(accountId, [token], inactiveDays);
        else if (act === 'report' && isKnown && days > 0) await report(accountId, inactiveDays);
        else {
          if (isKnown) await forget(accountId, token);
          continue;
        }
        wanted.set(accountId, clock.at + inactiveDays * DAY_MS);
      }
      for (const [accountId, until] of wanted) {
        const left = (await accountDays(accountId)) ?? 0;
        expect(left).toBeGreaterThan((until - clock.at) / DAY_MS);
        const { devices = {} } = (await store.get(appKey, accountId)) ?? {};
        for (const { token } of Object.values(devices['phone-1']?.tokens ?? {})) {
          expect(await tokenDays(token)).toBeGreaterThanOrEqual(left);
        }
      }
    }),
    { numRuns: 60 },
  );
});
