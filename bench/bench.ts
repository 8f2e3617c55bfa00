import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { measureCpu } from './measures/cpu';
import { startRig } from './measures/rig';
import { measureUnits } from './measures/units';

/**
 * Measures the service on this machine: what AWS would bill for a push, counted exactly, and the CPU of the two
 * busiest functions against bare loops. Prints tables and writes `bench/results.json`.
 */
const projectFolder = resolve(import.meta.dirname, '../..');

console.log('Registering 10,000 phones …');
const rig = await startRig(projectFolder);
const traceLevels = ['off', 'full'] as const;
const units: Record<string, unknown> = {};
for (const traceLevel of traceLevels) {
  await rig.admin.call('PATCH', '/v1/app', { traceLevel });
  await new Promise((done) => setTimeout(done, 300)); // settings are kept for 250 ms
  const rows = await measureUnits(rig);
  console.log(`\nAWS units, trace level "${traceLevel}":`);
  console.table(rows);
  units[traceLevel] = rows;
}
await rig.admin.call('PATCH', '/v1/app', { traceLevel: 'off' });
await new Promise((done) => setTimeout(done, 300));
const cpu = await measureCpu(rig);
console.log('\nCPU:');
console.table(cpu);
await rig.machine.close();

const sizes: unknown = JSON.parse(
  await readFile(resolve(projectFolder, 'dist/sizes.json'), 'utf8'),
);
const results = {
  measuredAt: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
  unitsByTraceLevel: units,
  cpu,
  bundleBytes: sizes,
};
await writeFile(
  resolve(projectFolder, 'bench/results.json'),
  `${JSON.stringify(results, null, 2)}\n`,
);
process.exit(0);
