import { createQuotaReader } from '../../lib/aws/quota-reader';
import { createQuotaStore } from '../../lib/aws/quota-store';
import type { CountedClass } from '../../lib/model/quota';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import { type Aws, startAws } from '../support/aws';
import { NOW } from '../support/builders';

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

const OF: CountedClass = {
  vendor: 'vivo',
  appKey: 'app-1',
  certificate: 'vivo 证书',
  quotaClass: 'operational',
};
const TODAY = '2027-01-15';
const reader = () => createQuotaReader(aws.dynamoDb, 'flow');
const store = () => createQuotaStore(aws.dynamoDb, 'flow', { now: () => NOW });

test('what senders took of a class on a day is read, and nothing of its devices or of other days', async () => {
  const counter = { of: OF, period: TODAY, keepUntil: NOW + DAY_MS };
  await store().take(counter, 7, 10);
  await store().take({ ...counter, token: 'token-1' }, 2, 10);
  await store().take({ ...counter, period: '2027-01-14' }, 9, 10);

  expect(await reader().used(OF, TODAY)).toBe(7);
  expect(await reader().used(OF, '2027-01-16')).toBe(0);
  expect(await reader().used({ ...OF, quotaClass: 'system' }, TODAY)).toBe(0);
});

test('a pause of a class is read until it is over', async () => {
  const until = NOW + MINUTE_MS;
  await store().pause(OF, until);

  expect(await reader().pausedUntil(OF, NOW)).toBe(until);
  expect(await reader().pausedUntil(OF, until)).toBeUndefined();
  expect(await reader().pausedUntil({ ...OF, appKey: 'app-2' }, NOW)).toBeUndefined();
});
