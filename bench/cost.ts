import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { readMeasured } from './cost/measured';
import { type Month, monthOf } from './cost/month-of';
import { PRICES } from './cost/prices';
import { type CostRequest, readTraffic } from './cost/read-traffic';
import { sizeOf } from './cost/stack-size';

/**
 * What a month of messages costs on AWS: counts by service, dollars, dollars per million pushes, and what is paid
 * whatever the traffic.
 */
const projectFolder = resolve(import.meta.dirname, '../..');

const { traffic, asJson } = asked();
const month = monthOf(
  traffic,
  readMeasured(await readJson('bench/results.json')),
  sizeOf(await readJson('.serverless/cloudformation-template-update-stack.json')),
);
if (asJson) console.log(JSON.stringify({ traffic, ...month }, null, 2));
else print(month);

function asked(): CostRequest {
  try {
    return readTraffic(process.argv.slice(2));
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode);
    throw error;
  }
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(resolve(projectFolder, file), 'utf8'));
}

function print(told: Month): void {
  console.log(
    `\n${round(told.pushes)} pushes a month. Counts from ${told.countsFrom}. List prices of ${PRICES.region}.\n`,
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
    `$${cents(told.variableDollars)} a month, $${cents(told.dollarsPerMillionPushes)} per million pushes, ` +
      `${round(told.unitsPerPush)} units a push.\n\nWhatever the traffic:`,
  );
  console.table(
    told.fixed.map(({ what, count, dollars }) => ({ what, count, '$ a month': cents(dollars) })),
  );
  const together = told.fixedDollars + told.variableDollars;
  console.log(`$${cents(told.fixedDollars)} a month. Together $${cents(together)}.`);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

function cents(value: number): string {
  return value.toFixed(value < 0.1 ? 4 : 2);
}
