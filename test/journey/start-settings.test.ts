import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ApiClient } from '../../local/api-client';

const DIST = resolve(import.meta.dirname, '../../dist/local');
type Variables = Readonly<Record<string, string>>;

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'start-settings-'));
});
afterAll(() => rm(data, { recursive: true }));

interface Run {
  readonly text: string;
  /** Undefined when it was running well until it was stopped. */
  readonly failed?: { readonly code: number | null; readonly words: string };
}

/** `npm start` until it is ready, and what `act` does with it then; or until it gives up. */
function start(variables: Variables, act?: (text: string) => Promise<unknown>): Promise<Run> {
  const child = spawn(process.execPath, [join(DIST, 'start.mjs')], {
    env: { PORT: '0', OFFLINE_PUSH_DATA: ':memory:', ...variables },
  });
  const [out, err]: [string[], string[]] = [[], []];
  child.stderr.on('data', (chunk) => err.push(String(chunk)));
  return new Promise((resolve, reject) => {
    let isReady = false;
    child.stdout.on('data', (chunk) => {
      out.push(String(chunk));
      if (isReady || !out.join('').includes('Ctrl-C')) return;
      isReady = true;
      Promise.resolve(act?.(out.join('')))
        .catch(reject)
        .finally(() => child.kill('SIGTERM'));
    });
    child.on('exit', (code) => {
      const text = out.join('');
      resolve(isReady ? { text } : { text, failed: { code, words: err.join('') } });
    });
  });
}

/** `npm run app -- --local …` on this data. */
function app(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(DIST, 'app.mjs'), '--local', ...args], {
      env: { OFFLINE_PUSH_DATA: data },
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('exit', (code) => (code === 0 ? resolve(text) : reject(new Error(text))));
  });
}

const printed = (text: string, name: string) =>
  new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1] ?? '';
const asAdmin = (text: string) =>
  new ApiClient(printed(text, 'API'), printed(text, 'Admin token')).try('GET', '/v1/app');

test.each<[string, Variables, string]>([
  [
    'a key without a secret',
    { OFFLINE_PUSH_APP_KEY: 'shop' },
    'set OFFLINE_PUSH_APP_KEY and OFFLINE_PUSH_APP_SECRET, or neither',
  ],
  [
    'a secret without a key',
    { OFFLINE_PUSH_APP_SECRET: 'a secret' },
    'set OFFLINE_PUSH_APP_KEY and OFFLINE_PUSH_APP_SECRET, or neither',
  ],
  [
    'a key nobody could sign for',
    { OFFLINE_PUSH_APP_KEY: 'com.example.app', OFFLINE_PUSH_APP_SECRET: 'a secret' },
    'OFFLINE_PUSH_APP_KEY: an app key has 1 to 64 characters',
  ],
  [
    'another such key',
    { OFFLINE_PUSH_APPS: 'shop:a secret,com.example:b' },
    'OFFLINE_PUSH_APPS: an app key has 1 to 64 characters',
  ],
  ['half an app', { OFFLINE_PUSH_APPS: 'shop' }, 'OFFLINE_PUSH_APPS must be key:secret,…'],
  ['no port', { PORT: 'http' }, 'PORT must be a port'],
])('%s is said in one line', async (_what, variables, words) => {
  const { text, failed } = await start(variables);

  expect(text).toBe('');
  expect(failed).toMatchObject({ code: 1 });
  expect(failed?.words).toMatch(/^.+\n$/);
  expect(failed?.words).toContain(words);
});

test('what is printed works: a secret that is not the kept one is refused, one of the app’s is taken', async () => {
  const named = (secret: string): Variables => ({
    OFFLINE_PUSH_DATA: data,
    OFFLINE_PUSH_APP_KEY: 'shop',
    OFFLINE_PUSH_APP_SECRET: secret,
  });
  let rotated = '';
  await start(named('the first secret'), async (text) => {
    expect(await asAdmin(text)).toMatchObject({ body: { appKey: 'shop' } });
    rotated = printed(await app('rotate', 'shop'), 'secret');
  });

  const { failed } = await start(named('another secret'));
  expect(failed).toMatchObject({ code: 1 });
  expect(failed?.words).toMatch(/^OFFLINE_PUSH_APP_SECRET is no secret of the app shop .+\n$/);

  const { text } = await start(named(rotated), async (ready) => {
    expect(await asAdmin(ready)).toMatchObject({ body: { appKey: 'shop' } });
  });
  expect(printed(text, 'Key id')).toBe('shop.1');

  const further = { OFFLINE_PUSH_DATA: data, OFFLINE_PUSH_APPS: 'shop:yet another' };
  expect((await start(further)).failed?.words).toContain('OFFLINE_PUSH_APPS is no secret');
}, 60_000);

test('a generated secret that was revoked is not printed as if it worked', async () => {
  const { text: before } = await start({ OFFLINE_PUSH_DATA: data }, async (text) => {
    await app('revoke', printed(text, 'App key'));
  });
  const { text } = await start({ OFFLINE_PUSH_DATA: data });

  expect(printed(text, 'App key')).toBe(printed(before, 'App key'));
  expect(text).not.toContain(printed(before, 'App secret'));
  expect(text).toContain('App secret     changed with npm run app');
  expect(text).not.toContain('Admin token');
}, 60_000);
