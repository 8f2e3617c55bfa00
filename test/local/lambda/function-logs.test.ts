import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFunctionLogs } from '../../../local/lambda/function-logs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('every function has a file, and a second run goes on in it', async () => {
  for (const run of [1, 2]) {
    const logs = openFunctionLogs(join(folder, 'logs'));
    logs.write('read-trace', `run ${run}`);
    logs.write('send-fcm', 'sent');
    await logs.close();
  }

  expect(await readFile(join(folder, 'logs', 'read-trace.log'), 'utf8')).toBe('run 1\nrun 2\n');
  expect(await readdir(join(folder, 'logs'))).toEqual(['read-trace.log', 'send-fcm.log']);
});

test('a full file makes room for a new one', async () => {
  const logs = openFunctionLogs(folder, 10);
  for (const line of ['first line', 'second line', 'third line']) logs.write('f', line);
  await logs.close();

  expect(await readFile(join(folder, 'f.log.1'), 'utf8')).toBe('second line\n');
  expect(await readFile(join(folder, 'f.log'), 'utf8')).toBe('third line\n');
});
