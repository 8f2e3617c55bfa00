import * as v from 'valibot';
import table from './prices.json' with { type: 'json' };

const price = v.strictObject({
  usd: v.pipe(v.number(), v.minValue(0)),
  per: v.pipe(v.number(), v.minValue(1)),
  unit: v.string(),
  source: v.pipe(v.string(), v.url()),
  asOf: v.pipe(v.string(), v.regex(/^20\d\d-(0[1-9]|1[0-2])$/)),
});

/** What grows with traffic: units of AWS in a month. */
export const VARIABLE = [
  'apiRequests',
  'lambdaRequests',
  'lambdaGbSeconds',
  'sqsRequests',
  'writeUnits',
  'readUnits',
  'storageGbMonths',
  'kmsRequests',
  'logGb',
  'egressGb',
] as const;

/** What is paid each month whatever the traffic, beside the polls of idle queues. */
export const FIXED = ['kmsKeys', 'alarms', 'dashboards', 'customMetrics'] as const;

const ITEMS = [...VARIABLE, ...FIXED] as const;

/** What has a price. */
export type Item = (typeof ITEMS)[number];

const schema = v.strictObject({
  region: v.string(),
  currency: v.literal('USD'),
  prices: v.strictObject(v.entriesFromList(ITEMS, price)),
});

/** AWS's list prices in one region, without its free tier, each with its source and the month it was read. */
export const PRICES = v.parse(schema, table);

/** US dollars for so many units. */
export function dollars(item: Item, count: number): number {
  const { usd, per } = PRICES.prices[item];
  return (count * usd) / per;
}
