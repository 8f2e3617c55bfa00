import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { partsAlone, partsWithService } from './measures/parts';
import { type Rig, startRig } from './measures/rig';
import { drawCharts } from './report/draw-charts';
import { type BenchContext, missedGates, type Part, type Table, toldRow } from './report/part';

/**
 * Measures the service on this machine, with real processes and sockets: exact counts, and ratios against baselines of
 * the same run. Prints tables, writes `bench/results.json` and draws charts into `docs/charts`; fails when an exact goal
 * is missed. A quick run leaves both in `dist/bench`; one of a few parts only prints.
 */
const projectFolder = resolve(import.meta.dirname, '../..');

const names = [...partsAlone, ...partsWithService].map(({ name }) => name);
const command = new Command('bench')
  .option('--quick', 'smaller counts and shorter runs, the same rows', false)
  .addOption(new Option('--only <part...>', 'these parts alone').choices(names).default(names))
  .parse();
const { quick: isQuick, only } = command.opts<{ quick: boolean; only: string[] }>();

let rig: Promise<Rig> | undefined;
const context: BenchContext = {
  projectFolder,
  isQuick,
  rig: () => {
    rig ??= startRig(projectFolder, isQuick);
    return rig;
  },
};

// what has no time to lose does not wait for the machine to be free
const tables = isQuick
  ? (await Promise.all([measure(partsAlone), measure(partsWithService)])).flat()
  : [...(await measure(partsAlone)), ...(await measure(partsWithService))];

if (only.length === names.length) await keep();

const missed = missedGates(tables);
for (const line of missed) console.error(`MISSED: ${line}`);
process.exit(missed.length > 0 ? 1 : 0);

async function measure(parts: readonly Part[]): Promise<Table[]> {
  const tables: Table[] = [];
  for (const part of parts.filter(({ name }) => only.includes(name))) {
    const startedAt = performance.now();
    const measured = await part.run(context);
    tables.push(...measured);
    for (const { title, rows } of measured) {
      console.log(`\n${title}`);
      console.table(rows.map(toldRow));
    }
    console.log(`(${part.name}: ${Math.round((performance.now() - startedAt) / 1_000)} s)`);
  }
  return tables;
}

async function keep(): Promise<void> {
  const resultsFolder = resolve(projectFolder, isQuick ? 'dist/bench' : 'bench');
  const chartsFolder = resolve(projectFolder, isQuick ? 'dist/bench/charts' : 'docs/charts');
  const results: Record<string, unknown> = {
    measuredAt: new Date().toISOString(),
    isQuick,
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
  };
  for (const { key, subKey, rows } of tables) {
    const told = rows.map(toldRow);
    results[key] = subKey === undefined ? told : { ...Object(results[key]), [subKey]: told };
  }
  await writeFile(resolve(resultsFolder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  await mkdir(chartsFolder, { recursive: true });
  await drawCharts(tables, chartsFolder);
}
