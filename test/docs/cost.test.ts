import { readFileSync } from 'node:fs';
import { readMeasured } from '../../bench/cost/measured';
import { monthOf } from '../../bench/cost/month-of';
import { readTraffic } from '../../bench/cost/read-traffic';

const text = readFileSync('docs/cost.md', 'utf8');
const rows = Array.from(
  text.matchAll(/^\| `(--messages [^`]+)` \| .+ \|$/gm),
  ([row, options]) => ({
    row,
    options: options ?? '',
  }),
);
const measured = readMeasured(JSON.parse(readFileSync('bench/results.json', 'utf8')));
const NOTHING_FIXED = { kmsKeys: 0, alarms: 0, dashboards: 0, eventSources: 0 };

test('there are typical kinds of traffic', () => {
  expect(rows.length).toBeGreaterThan(8);
});

test.each(rows)('the page tells what the calculator tells: $options', ({ row, options }) => {
  const { traffic } = readTraffic(options.split(' '));

  const month = monthOf(traffic, measured, NOTHING_FIXED);

  const told = [
    `\`${options}\``,
    (month.pushes / 1e6).toFixed(0),
    Number(month.unitsPerPush.toPrecision(3)),
    month.variableDollars.toFixed(0),
    month.dollarsPerMillionPushes.toFixed(2),
  ];
  expect(row).toBe(`| ${told.join(' | ')} |`);
});
