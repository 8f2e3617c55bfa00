import { readdirSync } from 'node:fs';
import { measureStart } from '../../bench/measures/start';
import { missedGates } from '../../bench/report/part';

test('the start of every function is measured, and its size is within bounds', async () => {
  const rows = await measureStart('.', 1);

  const functions = readdirSync('functions').flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []);
  expect(rows.map(({ figures }) => figures['function'])).toEqual(functions.sort());
  for (const { figures } of rows) expect(figures['start CPU ms']).toBeGreaterThan(0);
  expect(missedGates([{ key: 'start', title: 'Start', rows }])).toEqual([]);
}, 120_000);
