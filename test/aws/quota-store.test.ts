import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { createQuotaStore } from '../../lib/aws/quota-store';
import type { CountedClass, QuotaCounter } from '../../lib/model/quota';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import { type Aws, startAws } from '../support/aws';
import { NOW } from '../support/builders';

let aws: Aws;
let clock: { at: number; now(): number };
let classes = 0;

beforeAll(async () => {
  aws = await startAws();
});
beforeEach(() => {
  clock = { at: NOW, now: () => clock.at };
});
afterAll(() => aws.close());

/** A container, with everything it remembers its own. */
const container = () => createQuotaStore(aws.dynamoDb, 'flow', clock);

const aClass = (): CountedClass => ({
  vendor: 'vivo',
  appKey: 'app-1',
  certificate: 'vivo 证书',
  quotaClass: `class-${classes++}`,
});

const aCounter = (changes: Partial<QuotaCounter> = {}): QuotaCounter => ({
  of: aClass(),
  period: '2027-01-15',
  keepUntil: NOW + DAY_MS,
  ...changes,
});

async function itemOf(pk: string) {
  const { Item } = await aws.aside.send(new GetCommand({ TableName: 'flow', Key: { pk } }));
  return Item;
}

test('what is taken is counted up to the limit, and the rest is not there', async () => {
  const store = container();
  const counter = aCounter();

  expect(await store.take(counter, 6, 10)).toBe(6);
  expect(await store.take(counter, 6, 10)).toBe(4);
  expect(await container().take(counter, 1, 10)).toBe(0);
});

test('what is given back can be taken again, also by who found nothing', async () => {
  const store = container();
  const counter = aCounter();
  await store.take(counter, 10, 10);
  expect(await store.take(counter, 1, 10)).toBe(0);

  await store.giveBack(counter, 3);

  expect(await store.take(counter, 5, 10)).toBe(3);
});

test('many containers that take at once never take more than the limit, and use all of it', async () => {
  const counter = aCounter();
  const takes = Array.from({ length: 20 }, async (_, index) => {
    const store = container();
    const got: number[] = [];
    for (let take = 0; take < 5; take += 1)
      got.push(await store.take(counter, 1 + (index % 7), 97));
    return got.reduce((sum, one) => sum + one, 0);
  });

  const taken = await Promise.all(takes);

  expect(taken.reduce((sum, one) => sum + one, 0)).toBe(97);
});

test('days, classes and devices are counted apart', async () => {
  const store = container();
  const counter = aCounter();
  await store.take(counter, 1, 1);

  expect(await store.take({ ...counter, period: '2027-01-16' }, 1, 1)).toBe(1);
  expect(await store.take({ ...counter, of: aClass() }, 1, 1)).toBe(1);
  expect(await store.take({ ...counter, token: 'one' }, 1, 1)).toBe(1);
  expect(await store.take({ ...counter, token: 'two' }, 1, 1)).toBe(1);
  expect(await store.take({ ...counter, token: 'two' }, 1, 1)).toBe(0);
});

test('a limit of nothing costs no call, and a total that is used up is not asked for with each push', async () => {
  const store = container();
  const counter = aCounter();
  await store.take(counter, 1, 1);

  const calls = await aws.wire.watch(async () => {
    await store.take(aCounter(), 1, 0);
    for (let push = 0; push < 5; push += 1) await store.take(counter, 1, 1);
  });

  expect(calls).toHaveLength(1);
});

test('counts end by themselves, lie below their vendor, and hold no token', async () => {
  const counter = aCounter({ token: 'a secret token' });
  await container().take(counter, 1, 2);

  const text = await aws.textIn('flow');

  const { quotaClass } = counter.of;
  expect(text).toContain(`quota/vivo/app-1/vivo 证书/${quotaClass}/2027-01-15/`);
  expect(text).toContain(String((NOW + DAY_MS) / 1000));
  expect(text).not.toContain('a secret token');
});

test('a pause is known to who made it at once, and to the others as soon as they look', async () => {
  const [one, other] = [container(), container()];
  const of = aClass();
  const until = NOW + 60 * MINUTE_MS;
  const pause = expect.objectContaining({ since: NOW, until });
  expect(await other.pauseOf(of, 10_000)).toBeUndefined();

  await one.pause(of, until);

  expect(await one.pauseOf(of, 10_000)).toEqual(pause);
  expect(await other.pauseOf(of, 10_000)).toBeUndefined();
  clock.at += 10_000;
  expect(await other.pauseOf(of, 10_000)).toEqual(pause);
  clock.at = until;
  expect(await other.pauseOf(of, 10_000)).toBeUndefined();
});

test('looking costs one read in that time, and none while a class is known to be paused', async () => {
  const store = container();
  const [quiet, paused] = [aClass(), aClass()];
  await container().pause(paused, NOW + 60 * MINUTE_MS);

  const calls = await aws.wire.watch(async () => {
    for (let minute = 0; minute < 3; minute += 1) {
      for (let push = 0; push < 4; push += 1) {
        await store.pauseOf(quiet, MINUTE_MS);
        await store.pauseOf(paused, MINUTE_MS);
      }
      clock.at += MINUTE_MS;
    }
  });

  expect(calls.map(({ operation }) => operation)).toEqual(Array(4).fill('GetItem'));
});

test('a pause is kept no longer than a day beyond its end', async () => {
  const of = aClass();
  await container().pause(of, NOW);

  const item = await itemOf(`quota/vivo/app-1/vivo 证书/${of.quotaClass}`);

  expect(item).toMatchObject({ pausedUntil: NOW, expiresAt: (NOW + DAY_MS) / 1000 });
});

test('whoever wants to know hears how much of a limit is used, also where nothing was left', async () => {
  const heard: unknown[] = [];
  const store = createQuotaStore(aws.dynamoDb, 'flow', clock, (...counted) => heard.push(counted));
  const counter = aCounter();

  await store.take(counter, 6, 10);
  await container().take(counter, 4, 10);
  await store.take(counter, 1, 10);

  expect(heard).toEqual([
    [counter, 6, 10],
    [counter, 10, 10],
  ]);
});
