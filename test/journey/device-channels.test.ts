import { randomUUID } from 'node:crypto';
import { decide, logIn } from '../support/journeys';
import { type Service, startService, until } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const path = (account: string, device = 'd1') => `/v1/accounts/${account}/devices/${device}`;
const put = (account: string, body: unknown, device = 'd1') =>
  service.server.call('PUT', path(account, device), body);
const settings = (change: unknown) => service.admin.call('PATCH', '/v1/app', change);
const vendorShowing = async (token: string) => {
  const { tray } = await until(
    () => service.machine.simulators.phones.look(token),
    (phone) => phone.tray.length > 0,
  );
  return tray[0]?.vendor;
};

const XIAOMI = { vendor: 'xiaomi', pushType: 5, certificate: 'xiaomi' };
const FCM = { vendor: 'fcm', pushType: 8, certificate: 'fcm' };
const NONE = { vendor: null, pushType: 0, certificate: null };

/** A Xiaomi phone with Google services, sold outside the mainland, and a token of each vendor named. */
function globalPhone(vendors: readonly ('xiaomi' | 'fcm')[], changes: object = {}) {
  const name = randomUUID();
  return {
    platform: 'android',
    manufacturer: 'Xiaomi',
    googleServices: true,
    region: 'DE',
    package: 'com.example.chat',
    tokens: vendors.map((vendor) => ({ certificate: vendor, token: `${vendor}-${name}` })),
    ...changes,
  };
}

test('by default a device is reached through the recommended vendor or not at all', async () => {
  const recommended = globalPhone(['xiaomi', 'fcm']);

  expect(await put('strict', recommended)).toMatchObject({ channel: XIAOMI });
  expect(await decide(service, 'strict')).toEqual(['queued']);
  expect(await vendorShowing(recommended.tokens[0]?.token ?? '')).toBe('xiaomi');
  expect(await put('stuck', globalPhone(['fcm']))).toMatchObject({
    channel: NONE,
    recommendation: { vendor: 'xiaomi' },
  });
  expect(await decide(service, 'stuck')).toEqual(['no-token']);
});

test('a device that selects by itself is reached through what it has, the recommendation first', async () => {
  const only = globalPhone(['fcm'], { autoSelectPushType: true });

  expect(await put('chooser', only)).toMatchObject({ channel: FCM });
  expect(await decide(service, 'chooser')).toEqual(['queued']);
  expect(await vendorShowing(only.tokens[0]?.token ?? '')).toBe('fcm');
  expect(
    await put('chooser', globalPhone(['xiaomi', 'fcm'], { autoSelectPushType: true })),
  ).toMatchObject({ channel: XIAOMI });
  expect(await put('chooser', globalPhone([], { autoSelectPushType: false }))).toMatchObject({
    channel: XIAOMI,
  });
});

test('what a device says about itself makes the recommendation, among certificates that fit', async () => {
  const facts = { platform: 'android', package: 'com.example.chat', googleServices: true };
  const recommended = async (changes: object) =>
    put('facts', { ...facts, manufacturer: 'Xiaomi', ...changes });

  expect(await recommended({})).toMatchObject({ recommendation: { vendor: 'xiaomi' } });
  expect(await recommended({ supportedVendors: ['fcm'] })).toMatchObject({
    recommendation: { vendor: 'fcm' },
  });
  expect(await recommended({ manufacturer: 'Samsung', supportedVendors: [] })).toMatchObject({
    recommendation: { vendor: null, certificate: null },
  });
  expect(
    await put('others', { ...facts, manufacturer: 'Xiaomi', package: 'com.example.other' }),
  ).toMatchObject({ recommendation: { vendor: null, certificate: null } });
  expect(await put('huawei', { ...facts, manufacturer: 'HUAWEI' })).toMatchObject({
    recommendation: { vendor: 'huawei', certificate: 'huawei' },
  });
});

test('where the maker’s certificate is missing, the next channel that fits is recommended', async () => {
  const phone = { platform: 'android', package: 'com.example.chat', googleServices: true };
  const honor = { ...phone, manufacturer: 'HONOR', romVersion: 'Magic UI 6.0' };
  const recommended = () => put('makers', { ...honor, tokens: [] });
  const after = async (certificate: string, next: string) => {
    await service.admin.call('DELETE', `/v1/certificates/${certificate}`);
    return until(recommended, (answer) => JSON.stringify(answer).includes(next));
  };

  expect(await recommended()).toMatchObject({ recommendation: { vendor: 'honor' } });
  expect(await after('honor', 'huawei')).toMatchObject({ recommendation: { vendor: 'huawei' } });
  expect(await after('huawei', 'fcm')).toMatchObject({ recommendation: { vendor: 'fcm' } });
});

test('fcmFirst makes FCM the recommendation: outside the mainland, or always', async () => {
  const recommendedIn = async (region: string) => {
    const phone = globalPhone([], { region });
    return JSON.stringify(await put(`phone-in-${region}`, phone)).includes('"vendor":"fcm"');
  };
  const both = async () => [await recommendedIn('CN'), await recommendedIn('DE')];
  const untilRecommended = (wanted: readonly boolean[]) =>
    until(both, (found) => found.every((one, index) => one === wanted[index]));

  expect(await both()).toEqual([false, false]);
  await settings({ fcmFirst: 'outside-mainland' });
  expect(await untilRecommended([false, true])).toEqual([false, true]);
  await settings({ fcmFirst: 'always' });
  expect(await untilRecommended([true, true])).toEqual([true, true]);
  const chosen = globalPhone(['xiaomi', 'fcm']);
  expect(await put('first', chosen)).toMatchObject({ channel: FCM });
  expect(await put('no-google', globalPhone([], { googleServices: false }))).toMatchObject({
    recommendation: { vendor: 'xiaomi' },
  });
  await until(
    () => decide(service, 'first'),
    ([reason]) => reason === 'queued',
  );
  expect(await vendorShowing(chosen.tokens[1]?.token ?? '')).toBe('fcm');
  await settings({ fcmFirst: 'never' });
  expect(await untilRecommended([false, false])).toEqual([false, false]);
});

test('an account has ten devices: the one logged out longest ago leaves, and nobody who is logged in', async () => {
  const devices = Array.from({ length: 10 }, (_, index) => `d${index}`);
  for (const device of devices) await logIn(service, 'collector', {}, device);
  const shown = async () => {
    const account = await service.server.call('GET', '/v1/accounts/collector');
    return [...JSON.stringify(account).matchAll(/"deviceId":"(\w+)"/g)].map(([, id]) => id).sort();
  };
  const eleventh = { platform: 'android' };

  const refused = await service.server.try('PUT', path('collector', 'd10'), eleventh);
  const again = await service.server.try('PUT', path('collector', 'd9'), eleventh);
  await service.server.call('DELETE', `${path('collector', 'd4')}/session`);
  await service.server.call('DELETE', `${path('collector', 'd2')}/session`);
  await put('collector', eleventh, 'd10');
  const after = await shown();
  await put('collector', eleventh, 'd11');

  expect(refused).toMatchObject({ status: 409, body: { title: 'Conflict' } });
  expect(again).toMatchObject({ status: 200 });
  expect(after).toEqual([...devices.filter((one) => one !== 'd4'), 'd10'].sort());
  expect(await shown()).not.toContain('d2');
  expect(await service.server.try('PUT', path('collector', 'd12'), eleventh)).toMatchObject({
    status: 409,
  });
});
