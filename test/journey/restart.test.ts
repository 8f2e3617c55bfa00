import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ApiClient } from '../../local/api-client';
import { signToken } from '../../local/one-machine';
import { logIn } from '../support/journeys';
import { aMessage, type Service, startService, until, xiaomiPhone } from '../support/service';

const DIST = resolve(import.meta.dirname, '../../dist/local');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restart-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the service on the same data once more, and stops it. */
async function run<Result>(act: (service: Service) => Promise<Result>): Promise<Result> {
  const service = await startService({ dataFolder: join(folder, 'data') });
  try {
    return await act(service);
  } finally {
    await service.close();
  }
}

test('devices, settings, certificates, the app and a job that waits outlive a restart', async () => {
  const message = aMessage(['alice']);
  const REAL = {
    vendor: 'xiaomi',
    package: 'com.example.chat',
    credentials: { appId: '1', appKey: '2', appSecret: '3' },
  };
  const before = await run(async (service) => {
    const token = await logIn(service, 'alice');
    await service.admin.call('PUT', '/v1/certificates/真 实', REAL);
    await service.admin.call('PATCH', '/v1/app', { ttlSeconds: 4_000 });
    service.machine.simulators.xiaomi.control({ failNext: 1_000, status: 503 });
    await service.server.call('POST', '/v1/messages', message);
    const told = await until(
      async () => JSON.stringify(await traceOf(service, message.messageId)),
      (trace) => trace.includes('unavailable'),
    );
    expect(told).toContain('unavailable');
    return { token, app: service.machine.app, ...(await stored(service)) };
  });

  await run(async (service) => {
    expect(service.machine.app).toEqual(before.app);
    expect(await stored(service)).toEqual({ account: before.account, settings: before.settings });
    expect(await service.admin.call('GET', '/v1/certificates/真 实')).toMatchObject({
      vendor: 'xiaomi',
    });
    const phone = await until(
      () => service.machine.simulators.phones.look(before.token),
      ({ tray }) => tray.length > 0,
    );
    expect(phone.arrivals).toHaveLength(1);
    const told = await until(
      async () => JSON.stringify(await traceOf(service, message.messageId)),
      (trace) => trace.includes('accepted'),
    );
    expect(told).toContain('accepted');
    expect(await service.server.call('POST', '/v1/messages', message)).toMatchObject({
      duplicate: true,
    });
  });
}, 60_000);

test('a real certificate stands where the simulator stood, after a restart as well', async () => {
  const real = {
    vendor: 'xiaomi',
    package: 'com.example.real',
    credentials: { appId: '1', appKey: '2', appSecret: '3' },
  };
  const entry = await run(async ({ admin }) => {
    await admin.call('PUT', '/v1/certificates/xiaomi', real);
    return admin.call('GET', '/v1/certificates/xiaomi');
  });

  await run(async (service) => {
    expect(entry).toMatchObject({ package: 'com.example.real' });
    expect(await service.admin.call('GET', '/v1/certificates/xiaomi')).toEqual(entry);
    expect(await service.admin.call('GET', '/v1/certificates/fcm')).toMatchObject({
      endpoint: service.machine.simulators.endpoint('fcm'),
    });
  });
}, 60_000);

test('it starts again after its first secret was rotated and revoked', async () => {
  const app = async (...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(DIST, 'app.mjs'), '--local', ...args],
      { env: { OFFLINE_PUSH_DATA: join(folder, 'data') } },
    );
    return /^secret +(\S+)$/m.exec(stdout)?.[1] ?? '';
  };
  const { key, secret } = await run(async ({ machine }) => {
    const rotated = await app('rotate', machine.app.key);
    await app('revoke', machine.app.key, machine.app.key);
    return { key: `${machine.app.key}.1`, secret: rotated };
  });

  await run(async ({ machine, admin }) => {
    const { url } = machine.stack;
    const renewed = new ApiClient(url, await signToken({ key, secret }, 'admin'));
    expect(await renewed.try('GET', '/v1/accounts/alice')).toMatchObject({ status: 200 });
    expect(await admin.try('GET', '/v1/app')).toMatchObject({ status: 401 });
  });
}, 60_000);

test('in memory nothing is kept, and every app named in the environment is there', async () => {
  const device = '/v1/accounts/alice/devices/d1';
  const apps = { OFFLINE_PUSH_APPS: 'shop:a secret: with colons,chat:another secret' };
  const first = await startProcess({ cwd: folder });
  await first.client('server').then((server) => server.call('PUT', device, xiaomiPhone('reg-1')));
  await first.stop();
  const second = await startProcess({ cwd: folder, env: apps });
  const unknown = await (await second.client('server')).try('GET', '/v1/accounts/alice');
  const shop = await second.client('admin', { key: 'shop', secret: 'a secret: with colons' });
  const chat = await second.client('admin', { key: 'chat', secret: 'another secret' });
  const answers = [await shop.try('GET', '/v1/app'), await chat.try('GET', '/v1/app')];
  await second.stop();

  expect(unknown).toMatchObject({ status: 404 });
  expect(second.app.key).not.toBe(first.app.key);
  expect(answers).toMatchObject([{ body: { appKey: 'shop' } }, { body: { appKey: 'chat' } }]);
  expect(await readdir(folder)).toEqual(['data']);
}, 60_000);

const traceOf = ({ server }: Service, messageId: string) =>
  server.call('GET', `/v1/messages/${messageId}/trace`);

async function stored({ server, admin }: Service) {
  return {
    account: await server.call('GET', '/v1/accounts/alice'),
    settings: await admin.call('GET', '/v1/app'),
  };
}

/** `npm start` on free ports, with its data in memory. */
async function startProcess({ cwd, env = {} }: { cwd: string; env?: Record<string, string> }) {
  const child = spawn(process.execPath, [join(DIST, 'start.mjs')], {
    cwd,
    env: { PORT: '0', OFFLINE_PUSH_DATA: ':memory:', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const text = await readyText(child);
  const printed = (name: string) => new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1] ?? '';
  const app = { key: printed('App key'), secret: printed('App secret') };
  return {
    app,
    client: async (scope: 'server' | 'admin', as = app) =>
      new ApiClient(printed('API'), await signToken(as, scope)),
    stop: () =>
      new Promise<void>((done, fail) => {
        child.once('exit', (code) => (code === 0 ? done() : fail(new Error(`ended with ${code}`))));
        child.kill('SIGTERM');
      }),
  };
}

function readyText(child: ChildProcess): Promise<string> {
  return new Promise((ready, fail) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
      if (text.includes('Ctrl-C')) ready(text);
    });
    child.once('exit', (code) => fail(new Error(`ended with ${code}: ${text}`)));
  });
}
