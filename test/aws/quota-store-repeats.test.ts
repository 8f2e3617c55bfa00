import { createQuotaReader } from '../../lib/aws/quota-reader';
import { createQuotaStore } from '../../lib/aws/quota-store';
import type { CountedClass, QuotaCounter } from '../../lib/model/quota';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import { type Aws, refuseWith, startAws } from '../support/aws';
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

const container = () => createQuotaStore(aws.dynamoDb, 'flow', clock);

function aCounter(): QuotaCounter {
  const quotaClass = `class-${classes++}`;
  const of: CountedClass = { vendor: 'vivo', appKey: 'app-1', certificate: 'c', quotaClass };
  return { of, period: '2027-01-15', keepUntil: NOW + DAY_MS };
}

const usedOf = ({ of, period }: QuotaCounter) =>
  createQuotaReader(aws.aside, 'flow').used(of, period);

/** The next write is done, but nobody hears of it. */
function loseAnswer(): void {
  aws.wire.next('UpdateItem', async (_body, goOn) => {
    await goOn();
    return { status: 500, body: { __type: 'InternalServerError' } };
  });
}

test('what was given back is not given back again because its answer was lost', async () => {
  const counter = aCounter();
  await container().take(counter, 8, 10);
  loseAnswer();

  await expect(container().giveBack(counter, 3)).rejects.toThrow('InternalServerError');

  expect(await usedOf(counter)).toBe(5);
});

test('what DynamoDB refused to do is asked for again', async () => {
  const counter = aCounter();
  await container().take(counter, 8, 10);
  aws.wire.next('UpdateItem', refuseWith('ProvisionedThroughputExceededException'));

  await container().giveBack(counter, 3);

  expect(await usedOf(counter)).toBe(5);
});

test('a take whose answer was lost may be counted twice, but never gets more than it may', async () => {
  const [counter, full] = [aCounter(), aCounter()];
  loseAnswer();
  expect(await container().take(counter, 3, 10)).toBe(3);
  expect(await usedOf(counter)).toBe(6);

  loseAnswer();
  expect(await container().take(full, 7, 10)).toBe(3);
  expect(await usedOf(full)).toBe(10);
});

describe('where an earlier sender may have taken it', () => {
  test('all is counted, beyond the limit too, and the next finds nothing', async () => {
    const counter = aCounter();
    await container().take(counter, 10, 10);
    clock.at += MINUTE_MS;

    expect(await container().take(counter, 3, 10, NOW)).toBe(3);

    expect(await usedOf(counter)).toBe(13);
    expect(await container().take(counter, 1, 10)).toBe(0);
  });

  test('and crashed again after that, all is counted once more', async () => {
    const counter = aCounter();
    await container().take(counter, 10, 10);
    clock.at += MINUTE_MS;
    await container().take(counter, 3, 10, NOW);
    clock.at += MINUTE_MS;

    expect(await container().take(counter, 3, 10, NOW + MINUTE_MS)).toBe(3);
  });

  test('but nobody has taken anything since it began, there is as little as for anybody', async () => {
    const counter = aCounter();
    await container().take(counter, 8, 10);
    clock.at += MINUTE_MS;

    expect(await container().take(counter, 3, 10, NOW + 1)).toBe(2);
    clock.at += MINUTE_MS;
    expect(await container().take(counter, 3, 10, clock.at)).toBe(0);
    expect(await usedOf(counter)).toBe(10);
  });

  test('and there is enough, it is counted like any other', async () => {
    const counter = aCounter();
    await container().take(counter, 3, 10);

    expect(await container().take(counter, 3, 10, NOW)).toBe(3);

    expect(await usedOf(counter)).toBe(6);
  });

  test('a container that knows the count to be used up asks all the same', async () => {
    const counter = aCounter();
    const store = container();
    await store.take(counter, 10, 10);
    await store.take(counter, 1, 10);

    expect(await store.take(counter, 2, 10, NOW)).toBe(2);
    expect(await store.take(counter, 2, 10, NOW + 1)).toBe(0);
  });

  test('a limit of nothing is no question', async () => {
    expect(await container().take(aCounter(), 1, 0, 0)).toBe(0);
  });
});
