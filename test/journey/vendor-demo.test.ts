import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { VENDORS } from '../support/vendor-phones';

const DEMO = resolve(import.meta.dirname, '../../dist/local/demo.mjs');

/** `npm run demo -- …` on a stack of its own. */
function demo(...args: readonly string[]): Promise<{ failed: boolean; told: string }> {
  const env = { OFFLINE_PUSH_DATA: join(tmpdir(), 'no-stack-runs-here') };
  return new Promise((done) => {
    execFile(process.execPath, [DEMO, ...args], { env }, (error, stdout, stderr) =>
      done({ failed: error !== null, told: stdout + stderr }),
    );
  });
}

test('the demo tells of phones of all vendors, and all is as it should be', async () => {
  const { failed, told } = await demo();

  expect(told).not.toContain('✗');
  expect(failed).toBe(false);
  const named = [...told.matchAll(/channel: (\w+)/g)].map(([, vendor = '']) => vendor);
  expect(new Set(named)).toEqual(new Set(VENDORS));
}, 90_000);

test('the whole story can be asked for, of an iPhone too', async () => {
  const { failed, told } = await demo('--vendor', 'apns');

  expect(failed).toBe(false);
  expect(told).toContain('skip (foreground)');
  expect(told).toContain('token-invalid (Unregistered)');
  expect(told).not.toContain('xiaomi');
}, 60_000);

test('a vendor nobody knows is refused with the names of those there are', async () => {
  const { failed, told } = await demo('--vendor', 'nokia');

  expect(failed).toBe(true);
  expect(told).toContain(VENDORS.join(', '));
});
