import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulators } from '../../../local/simulators/simulators';
import { call, fetchAccessToken, postFcm, postXiaomi } from './calls';

test('phones are looked at over HTTP by percent-encoded token', async () => {
  const simulators = await startSimulators();
  await postXiaomi(simulators, { registration_id: 'a/b+c==' });
  const phone = await call(`${simulators.url}/phones/${encodeURIComponent('a/b+c==')}`);
  expect(phone.json).toMatchObject({
    token: 'a/b+c==',
    tray: [
      { title: '订单 已发货', body: '包裹 A&B 100%', notifyId: 7, shownAt: expect.any(Number) },
    ],
    arrivals: [{ effect: 'shown', fields: { notify_id: '7' } }],
    repeats: 0,
  });
  const list = await call(`${simulators.url}/phones`);
  expect(list.json).toEqual({
    totals: { phones: 1, arrivals: 1, shown: 1, repeats: 0, silent: 0, withdrawn: 0 },
    phones: [{ token: 'a/b+c==', tray: 1, arrivals: 1, repeats: 0 }],
  });
  const unknown = await call(`${simulators.url}/phones/unknown`);
  expect(unknown.json).toMatchObject({ token: 'unknown', tray: [], arrivals: [], repeats: 0 });
  expect((await call(`${simulators.url}/phones/%E0`)).status).toBe(400);
  expect((await call(`${simulators.url}/phones/x`, { method: 'PUT' })).status).toBe(405);
  expect((await call(`${simulators.url}/phones`, { method: 'DELETE' })).status).toBe(204);
  expect(simulators.phones.tokens()).toEqual([]);
  await simulators.close();
});

test('one phone may have both channels', async () => {
  const simulators = await startSimulators();
  await postXiaomi(simulators, { registration_id: 'phone' });
  const message = { token: 'phone', notification: { title: 'Hello' } };
  await postFcm(simulators, await fetchAccessToken(simulators), { message });
  expect(simulators.phones.look('phone').tray.map(({ vendor }) => vendor)).toEqual([
    'xiaomi',
    'fcm',
  ]);
  await simulators.close();
});

test('the root tells what there is, other paths do not exist', async () => {
  const simulators = await startSimulators();
  expect((await call(simulators.url)).json).toMatchObject({
    vendors: expect.arrayContaining(['/fcm', '/xiaomi']),
  });
  expect((await call(`${simulators.url}/nobody/v1`)).status).toBe(404);
  await simulators.close();
});

test('with a key file the credentials survive a restart, readable by the owner only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'simulators-'));
  const keyFile = join(folder, 'keys', 'vendors.json');
  const first = await startSimulators({ keyFile });
  const [xiaomi, fcm] = [first.credentials('xiaomi'), first.credentials('fcm')];
  await first.close();
  const second = await startSimulators({ keyFile });

  expect(second.credentials('xiaomi')).toEqual(xiaomi);
  const { token_uri, ...account } = second.credentials('fcm').serviceAccount;
  expect(fcm.serviceAccount).toMatchObject(account);
  expect(token_uri).toBe(`${second.authEndpoint('fcm')}/token`);
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(keyFile, 'utf8'))).toMatchObject({ xiaomi });
  await second.close();
  await rm(folder, { recursive: true });
});

test('a key file that is something else is not overwritten', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'simulators-'));
  const keyFile = join(folder, 'other.json');
  await writeFile(keyFile, '{"other":true}');
  await expect(startSimulators({ keyFile })).rejects.toThrow();
  expect(await readFile(keyFile, 'utf8')).toBe('{"other":true}');
  await rm(folder, { recursive: true });
});

test('two runs have different credentials, and one does not know the other’s', async () => {
  const [one, other] = [await startSimulators(), await startSimulators()];
  expect(one.credentials('xiaomi')).not.toEqual(other.credentials('xiaomi'));
  const token = await fetchAccessToken(one);
  const { project_id } = other.credentials('fcm').serviceAccount;
  const message = { token: 'phone', notification: { title: 'Hello' } };
  expect((await postFcm(other, token, { message }, project_id)).status).toBe(401);
  await Promise.all([one.close(), other.close()]);
});

test('a port that is taken is an error', async () => {
  const simulators = await startSimulators();
  await expect(startSimulators({ port: simulators.port })).rejects.toThrow('EADDRINUSE');
  await simulators.close();
});
