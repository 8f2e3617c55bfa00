import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Counts, countUnits, type Traffic, unitsPerPush } from './cost/cost-model';
import { readMeasured, rowFor, withMeasured } from './cost/measured';
import { dollars, PRICES, VARIABLE } from './cost/prices';
import { fixedCosts, sizeOf } from './cost/stack-size';

/**
 * What a month of messages costs on AWS: counts by service, dollars, dollars per million pushes, and what is paid
 * whatever the traffic. Counts are those of `bench/results.json` where it has this very traffic, else reckoned.
 */
const projectFolder = resolve(import.meta.dirname, '../..');
const SECONDS_OF_HOUR = 3_600;
const DAYS = 30;

const from =
  (least: number, most: number, whole = false) =>
  (text: string): number => {
    const number = Number(text);
    if (text.trim() === '' || !(number >= least && number <= most) || (whole && number % 1 !== 0)) {
      throw new InvalidArgumentError(
        `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`,
      );
    }
    return number;
  };
const share = from(0, 1);

interface Options {
  readonly messages: number;
  readonly group: number;
  readonly offline: number;
  readonly devices: number;
  readonly eventsPerCall: number;
  readonly batchId?: true;
  readonly queue?: true;
  readonly trace: Traffic['trace'];
  readonly vendors: number;
  readonly oneToken: number;
  readonly receipts: number;
  readonly busyHours: number;
  readonly json?: true;
}

const program = new Command('npm run cost --')
  .description('What a month of messages costs, at AWS list prices without the free tier.')
  .option('--messages <count>', 'message events a month', from(1, 1e12), 10e6)
  .option('--group <size>', 'recipients of a message; 1 is 1-to-1', from(1, 10_000, true), 1)
  .option('--offline <share>', 'recipients that are pushed to', share, 0.7)
  .option('--devices <count>', 'devices of a recipient that is pushed to', from(1, 10), 1)
  .option('--events-per-call <count>', 'messages in one call', from(1, 100, true), 1)
  .option('--batch-id', 'calls have a batchId')
  .option('--queue', 'messages come through the message-events queue')
  .addOption(
    new Option('--trace <level>', 'trace level of the app')
      .choices(['off', 'failures', 'full'])
      .default('full'),
  )
  .option('--vendors <count>', 'vendors among which the phones are spread', from(1, 9, true), 6)
  .option('--one-token <share>', 'pushes through FCM and APNs', share, 0.15)
  .option('--receipts <share>', 'pushes whose vendor sends a receipt', share, 0)
  .option('--busy-hours <hours>', 'hours of a day in which the messages come', from(0.1, 24), 8)
  .option('--json', 'print JSON')
  .parse();

const options = program.opts<Options>();
const traffic: Traffic = {
  messages: options.messages,
  messagesPerSecond: options.messages / (DAYS * options.busyHours * SECONDS_OF_HOUR),
  recipients: options.group,
  pushesPerRecipient: options.offline * options.devices,
  eventsPerCall: options.eventsPerCall,
  batchId: options.batchId === true,
  viaQueue: options.queue === true,
  trace: options.trace,
  vendors: options.vendors,
  oneTokenShare: options.oneToken,
  tokenBytes: 100,
  roundTripMs: 100,
  receiptShare: options.receipts,
};

const [results, template] = await Promise.all(
  ['bench/results.json', '.serverless/cloudformation-template-update-stack.json'].map(
    async (file): Promise<unknown> =>
      JSON.parse(await readFile(resolve(projectFolder, file), 'utf8')),
  ),
);
const reckoned = countUnits(traffic);
const row = rowFor(traffic, readMeasured(results));
const counts = row === undefined ? reckoned : withMeasured(reckoned, traffic, row);
const million = counts.pushes / 1e6;
const lines = VARIABLE.map((item) => ({
  what: PRICES.prices[item].unit,
  count: counts[item],
  dollars: dollars(item, counts[item]),
  dollarsPerMillionPushes: dollars(item, counts[item]) / million,
}));
const fixed = fixedCosts(sizeOf(template), traffic.vendors);
const sum = (some: readonly { readonly dollars: number }[]) =>
  some.reduce((total, one) => total + one.dollars, 0);
const report = {
  traffic,
  countsFrom:
    row === undefined ? 'the formula' : `bench/results.json: ${row.kind}, trace ${traffic.trace}`,
  pushes: counts.pushes,
  unitsPerPush: unitsPerPush(counts),
  lines,
  variableDollars: sum(lines),
  dollarsPerMillionPushes: sum(lines) / million,
  fixed,
  fixedDollars: sum(fixed),
  monthlyDollars: sum(lines) + sum(fixed),
};

if (options.json) console.log(JSON.stringify(report, null, 2));
else print(report, counts);

function print(told: typeof report, { pushes }: Counts): void {
  const { region } = PRICES;
  console.log(
    `\n${round(pushes)} pushes a month. Counts from ${told.countsFrom}. List prices of ${region}.\n`,
  );
  console.table(
    told.lines.map((line) => ({
      what: line.what,
      count: round(line.count),
      '$ a month': cents(line.dollars),
      '$ per million pushes': cents(line.dollarsPerMillionPushes),
    })),
  );
  console.log(
    `$${cents(told.variableDollars)} a month, $${cents(told.dollarsPerMillionPushes)} per million pushes, ${round(told.unitsPerPush)} units a push.\n\nWhatever the traffic:`,
  );
  console.table(
    told.fixed.map(({ what, count, dollars: each }) => ({ what, count, '$ a month': cents(each) })),
  );
  console.log(`$${cents(told.fixedDollars)} a month. Together $${cents(told.monthlyDollars)}.`);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

function cents(value: number): string {
  return value.toFixed(value < 0.1 ? 4 : 2);
}
