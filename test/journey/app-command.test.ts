import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ApiClient } from '../../local/api-client';
import { signToken } from '../../local/one-machine';
import { type Service, startService } from '../support/service';

const COMMAND = resolve(import.meta.dirname, '../../dist/local/app.mjs');

let dataFolder: string;
let service: Service;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'app-command-'));
  service = await startService({ dataFolder });
});
afterAll(async () => {
  await service.close();
  await rm(dataFolder, { recursive: true });
});

interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run app -- --local …` against this stack, or the one whose data is elsewhere. */
function app(args: readonly string[], data = dataFolder, input = ''): Promise<Ended> {
  return new Promise((done) => {
    const { stdin } = execFile(
      process.execPath,
      [COMMAND, '--local', ...args],
      { env: { OFFLINE_PUSH_DATA: data } },
      (error, stdout, stderr) => done({ code: error ? error.code : 0, stdout, stderr }),
    );
    stdin?.end(input);
  });
}

/** What the command printed beside one of its words. */
const printed = ({ stdout }: Ended, name: string) =>
  new RegExp(`^${name} +(\\S+)$`, 'm').exec(stdout)?.[1] ?? '';

async function caller(ended: Ended): Promise<ApiClient> {
  const credentials = { key: printed(ended, 'key id'), secret: printed(ended, 'secret') };
  return new ApiClient(service.machine.stack.url, await signToken(credentials, 'admin'));
}

test('a created app can call at once, with the key and secret that were printed', async () => {
  const named = await app(['create', 'shop_1-A']);
  const generated = await app(['create']);

  expect(named).toMatchObject({ code: 0, stderr: '' });
  expect(printed(named, 'app key')).toBe('shop_1-A');
  expect(printed(generated, 'app key')).toMatch(/^[0-9a-f]{32}$/);
  expect(printed(generated, 'secret')).toMatch(/^[\w-]{43}$/);
  for (const created of [named, generated]) {
    expect(await (await caller(created)).call('GET', '/v1/app')).toMatchObject({
      appKey: printed(created, 'app key'),
    });
  }
});

test('a second secret works at once beside the first, and there is no third', async () => {
  const first = await app(['create', 'rotated']);
  const before = await caller(first);
  await before.call('GET', '/v1/app');

  const second = await app(['rotate', 'rotated']);
  const third = await app(['rotate', 'rotated']);
  const listed = await app(['list', 'rotated']);

  expect(printed(second, 'key id')).toBe('rotated.1');
  expect(printed(second, 'secret')).not.toBe(printed(first, 'secret'));
  expect(await (await caller(second)).try('GET', '/v1/app')).toMatchObject({ status: 200 });
  expect(await before.try('GET', '/v1/app')).toMatchObject({ status: 200 });
  expect(third).toMatchObject({ code: 1, stdout: '' });
  expect(third.stderr).toContain('has two secrets already');
  expect(listed.stdout).toBe('rotated\nrotated.1\n');
});

test('a secret from elsewhere is taken from standard input, and not shown again', async () => {
  const secret = 'c0ffee123456';

  const created = await app(['create', 'from-nim', '--secret-stdin'], dataFolder, `${secret}\n`);
  const second = await app(['rotate', 'from-nim', '--secret-stdin'], dataFolder, 'x'.repeat(256));
  const short = await app(
    ['create', 'too-short', '--secret-stdin'],
    dataFolder,
    'eleven chars'.slice(1),
  );

  expect(created).toMatchObject({ code: 0, stderr: '' });
  expect(created.stdout).not.toContain(secret);
  for (const [key, own] of [
    ['from-nim', secret],
    [printed(second, 'key id'), 'x'.repeat(256)],
  ] as const) {
    const client = new ApiClient(
      service.machine.stack.url,
      await signToken({ key, secret: own }, 'server'),
    );
    expect(await client.try('GET', '/v1/messages/none/trace')).toMatchObject({ status: 404 });
  }
  expect(short).toMatchObject({ code: 1, stdout: '' });
  expect(short.stderr).toContain('a secret has 12 to 256 characters');
});

test('a revoked secret is refused wherever it was not used in the last minute; the other one stays', async () => {
  const first = await app(['create', 'revoked']);
  const second = await app(['rotate', 'revoked']);

  const ended = await app(['revoke', 'revoked', 'revoked']);
  const listed = await app(['list', 'revoked']);

  expect(ended).toMatchObject({ code: 0, stdout: 'revoked revoked\n' });
  expect(listed.stdout).toBe('revoked.1\n');
  expect(await (await caller(first)).try('GET', '/v1/app')).toMatchObject({ status: 401 });
  expect(await (await caller(second)).try('GET', '/v1/app')).toMatchObject({ status: 200 });
  await app(['revoke', 'revoked']);
  expect(await app(['list', 'revoked'])).toMatchObject({ code: 1, stdout: '' });
  // another function, which has not seen the app yet
  expect(await (await caller(second)).try('GET', '/v1/certificates')).toMatchObject({
    status: 401,
  });
});

test.each<[string, readonly string[], RegExp]>([
  ['an app key with other characters', ['create', 'my app'], /1 to 64 characters/],
  ['an app key that is too long', ['create', 'a'.repeat(65)], /1 to 64 characters/],
  ['an app that is there already', ['create', 'other-app'], /there is an app other-app already/],
  ['rotating an app nobody created', ['rotate', 'nobody'], /there is no app nobody/],
  ['revoking an app nobody created', ['revoke', 'nobody'], /there is no app nobody/],
  ['listing an app nobody created', ['list', 'nobody'], /there is no app nobody/],
  ['revoking a secret it does not have', ['revoke', 'other-app', 'x.9'], /has no secret x\.9/],
  ['a command without its app', ['rotate'], /missing required argument 'appKey'/],
  ['a command that does not exist', ['destroy'], /unknown command 'destroy'/],
  ['an option that does not exist', ['--force', 'list', 'a'], /unknown option '--force'/],
])('%s is a clear error', async (_case, args, message) => {
  const ended = await app(args);

  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
});

test.each(['was started', 'is running any more'])(
  'where no stack %s it says how to start one',
  async (it) => {
    const data = join(dataFolder, it);
    if (it !== 'was started') {
      const connection = await readFile(join(dataFolder, 'connection.json'), 'utf8');
      await mkdir(data);
      await writeFile(
        join(data, 'connection.json'),
        connection.replaceAll(service.machine.stack.dynamoDbUrl, 'http://127.0.0.1:1'),
      );
    }

    for (const args of [
      ['list', 'any'],
      ['create', 'any'],
    ]) {
      const ended = await app(args, data);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toContain('npm start');
    }
  },
);
