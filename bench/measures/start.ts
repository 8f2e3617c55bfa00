import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { atMost, countAtMost, type Part, type Row, rounded } from '../report/part';

const run = promisify(execFile);

const ROUNDS = 15;
const QUICK_ROUNDS = 5;
const MOST_MS = 60;
const MOST_KB = 400;
/** Google's own client is in it. */
const WITHOUT_GOALS = 'send-fcm';

const START = 'start ms';
const CPU = 'start CPU ms';
const SIZE = 'bundle KB';

/** As the functions are deployed: `functions/infra/environment.yml`. */
const NODE_OPTIONS = '--enable-source-maps';
const LOAD = `
const cpu = process.cpuUsage();
const startedAt = performance.now();
await import(process.argv[1]);
const ms = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({ ms, cpuMs: (user + system) / 1_000 }));`;

const loading = v.object({ ms: v.number(), cpuMs: v.number() });
type Loading = v.InferOutput<typeof loading>;

/** How long a new container needs for each function's bundle before its handler can be called. */
export const start: Part = {
  name: 'start',
  async run({ projectFolder, isQuick }) {
    const rows = await measureStart(projectFolder, isQuick ? QUICK_ROUNDS : ROUNDS);
    return [{ key: 'start', title: 'Start of a function, above that of an empty one', rows }];
  },
};

/**
 * Loads each packaged bundle in processes of its own, by turns, and an empty handler with them. Milliseconds are medians
 * less that of the empty one; the CPU time is what all threads of the process used meanwhile.
 */
export async function measureStart(
  projectFolder: string,
  rounds: number = ROUNDS,
): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'offline-push-start-'));
  try {
    const empty = join(folder, 'empty.mjs');
    await writeFile(empty, 'export const handler = async () => undefined;\n');
    const sizes = v.parse(
      v.record(v.string(), v.number()),
      JSON.parse(await readFile(resolve(projectFolder, 'dist/sizes.json'), 'utf8')),
    );
    const names = Object.keys(sizes).sort();
    const bundleOf = (name: string) => resolve(projectFolder, 'dist/functions', `${name}.mjs`);
    const loadings = new Map<string, Loading[]>([empty, ...names].map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, times] of loadings) {
        times.push(await load(name === empty ? empty : bundleOf(name)));
      }
    }
    const least = medians(loadings.get(empty) ?? []);
    return names.map((name) => {
      const { ms, cpuMs } = medians(loadings.get(name) ?? []);
      return {
        figures: {
          function: name,
          [SIZE]: rounded((sizes[name] ?? 0) / 1_000),
          [START]: rounded(ms - least.ms),
          [CPU]: rounded(cpuMs - least.cpuMs),
        },
        goals: name === WITHOUT_GOALS ? [] : [countAtMost(SIZE, MOST_KB), atMost(START, MOST_MS)],
      };
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function load(file: string): Promise<Loading> {
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '--eval', LOAD, pathToFileURL(file).href],
    { env: { ...process.env, NODE_OPTIONS } },
  );
  return v.parse(loading, JSON.parse(stdout));
}

function medians(loadings: readonly Loading[]): Loading {
  const median = (values: readonly number[]) =>
    values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
  return {
    ms: median(loadings.map(({ ms }) => ms)),
    cpuMs: median(loadings.map(({ cpuMs }) => cpuMs)),
  };
}
