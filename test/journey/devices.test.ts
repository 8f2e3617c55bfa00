import { randomUUID } from 'node:crypto';
import { ApiClient } from '../../local/api-client';
import { decide, logIn } from '../support/journeys';
import { type Service, startService, until, xiaomiPhone } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const path = (account: string, device = 'd1') => `/v1/accounts/${account}/devices/${device}`;
const put = (account: string, body: unknown, device = 'd1') =>
  service.server.call('PUT', path(account, device), body);
const view = (account: string) => service.server.call('GET', `/v1/accounts/${account}`);
const phone = (token: string) => service.machine.simulators.phones.look(token);
const shownOn = (token: string) =>
  until(
    () => phone(token),
    ({ tray }) => tray.length > 0,
  );

const XIAOMI = { vendor: 'xiaomi', pushType: 5, certificate: 'xiaomi' };
const NONE = { vendor: null, pushType: 0, certificate: null };

test('registering again keeps what is left out, and an empty list of tokens changes nothing', async () => {
  const token = `reg-${randomUUID()}`;
  await put('keeper', { ...xiaomiPhone(token), model: 'M1', autoSelectPushType: true });
  await service.server.call('PATCH', path('keeper'), { pushEnabled: false });

  await put('keeper', { platform: 'android', osVersion: '15', tokens: [] });

  expect(await view('keeper')).toMatchObject({
    devices: [
      {
        manufacturer: 'Xiaomi',
        package: 'com.example.chat',
        model: 'M1',
        osVersion: '15',
        autoSelectPushType: true,
        pushEnabled: false,
        tokens: [{ certificate: 'xiaomi', vendor: 'xiaomi' }],
      },
    ],
  });
  expect(await decide(service, 'keeper')).toEqual(['push-disabled']);
  await service.server.call('PATCH', path('keeper'), { pushEnabled: true });
  expect(await decide(service, 'keeper')).toEqual(['queued']);
  expect((await shownOn(token)).tray).toHaveLength(1);
});

test('a certificate nobody configured is refused by its place in the list, and nothing is stored', async () => {
  const tokens = [
    { certificate: 'xiaomi', token: 'reg-1' },
    { certificate: 'nobody', token: 'reg-2' },
  ];

  const answer = await service.server.try('PUT', path('typo'), { platform: 'android', tokens });

  expect(answer).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'tokens[1].certificate' }] },
  });
  expect(await service.server.try('GET', '/v1/accounts/typo')).toMatchObject({ status: 404 });
});

test('a first answer says which vendor to ask, later ones which channel leads to the device', async () => {
  const first = await put('answered', {
    platform: 'android',
    manufacturer: 'Xiaomi',
    package: 'com.example.chat',
  });
  const second = await put('answered', xiaomiPhone('reg-answered'));
  const third = await put('answered', { platform: 'ios' }, 'd2');
  const desktop = await put('answered', { platform: 'windows' }, 'd3');
  const last = await put('answered', { platform: 'android' });

  const recommendation = { vendor: 'xiaomi', certificate: 'xiaomi' };
  expect(first).toEqual({
    channel: NONE,
    recommendation,
    hadToken: false,
    lastDeviceId: null,
    deviceKey: expect.stringMatching(/^opd1\./),
  });
  expect(second).toMatchObject({
    channel: XIAOMI,
    recommendation,
    hadToken: false,
    lastDeviceId: 'd1',
  });
  expect(third).toMatchObject({
    channel: NONE,
    recommendation: { vendor: 'apns', certificate: 'apns' },
    hadToken: true,
    lastDeviceId: 'd1',
  });
  expect(desktop).toMatchObject({
    channel: NONE,
    recommendation: { vendor: null, certificate: null },
    hadToken: true,
    lastDeviceId: 'd2',
  });
  expect(last).toMatchObject({ channel: XIAOMI, hadToken: true, lastDeviceId: 'd3' });
});

test('fields of a device that nobody knows are ignored and listed', async () => {
  const tokens = [{ certificate: 'xiaomi', token: 'reg-modern', age: 1 }];
  const body = { ...xiaomiPhone('reg-modern'), tokens, colour: 'red', nfc: true };
  const answer = await put('modern', body);
  const changed = await service.server.call('PATCH', path('modern'), { volume: 3 });
  const refreshed = await service.server.call('PUT', `${path('modern')}/tokens/xiaomi`, {
    token: 'reg-modern-2',
    age: 1,
  });

  expect(answer).toMatchObject({
    channel: XIAOMI,
    warnings: ['tokens[0].age', 'colour', 'nfc'].map((path) => expect.stringContaining(path)),
  });
  expect(changed).toMatchObject({ warnings: [expect.stringContaining('volume')] });
  expect(refreshed).toMatchObject({ warnings: [expect.stringContaining('age')] });
  expect(JSON.stringify(await view('modern'))).not.toContain('colour');
});

test('the account view shows a fingerprint where a token is, the same for the same token', async () => {
  const token = await logIn(service, 'looker');
  const before = await view('looker');
  await put('looker', xiaomiPhone(token));
  const same = await view('looker');
  await put('looker', xiaomiPhone(`${token}-2`));
  const other = await view('looker');

  const print = (account: unknown) => /"fingerprint":"([\w-]{12})"/.exec(JSON.stringify(account));
  expect(JSON.stringify([before, same, other])).not.toContain(token);
  expect(print(before)?.[1]).toBeDefined();
  expect(print(same)?.[1]).toBe(print(before)?.[1]);
  expect(print(other)?.[1]).not.toBe(print(before)?.[1]);
});

test('a refreshed token takes the push from then on, and a removed one leaves none', async () => {
  const old = await logIn(service, 'fresh');
  const token = `reg-${randomUUID()}`;
  const tokens = `${path('fresh')}/tokens/xiaomi`;

  const answer = await service.server.call('PUT', tokens, { token });
  await decide(service, 'fresh');
  await shownOn(token);
  const removals = [
    await service.server.try('DELETE', tokens),
    await service.server.try('DELETE', tokens),
  ];

  expect(answer).toEqual({
    channel: XIAOMI,
    recommendation: { vendor: 'xiaomi', certificate: 'xiaomi' },
  });
  expect(phone(old).arrivals).toHaveLength(0);
  expect(removals).toEqual([{ status: 204 }, { status: 204 }]);
  expect(await decide(service, 'fresh')).toEqual(['no-token']);
});

test('a token for an unknown device is a 404, on an ended session a 409', async () => {
  await logIn(service, 'leaver');
  await service.server.call('DELETE', `${path('leaver')}/session`);
  const token = { token: 'reg-late' };

  for (const [place, certificate, status] of [
    [path('leaver', 'd9'), 'xiaomi', 404],
    [path('never-seen'), 'xiaomi', 404],
    [path('leaver'), 'xiaomi', 409],
    [path('leaver'), 'nobody', 400],
  ] as const) {
    expect(await service.server.try('PUT', `${place}/tokens/${certificate}`, token)).toMatchObject({
      status,
    });
  }
});

test('a phone that changes hands takes its token along: its old owner never gets a push again', async () => {
  const token = await logIn(service, 'seller');
  await put('buyer', xiaomiPhone(token));

  expect(await view('seller')).toMatchObject({ devices: [{ tokens: [], channel: NONE }] });
  expect(await decide(service, 'seller')).toEqual(['no-token']);
  expect(await decide(service, 'buyer')).toEqual(['queued']);
  expect((await shownOn(token)).tray).toHaveLength(1);
  await put('buyer', { platform: 'android' });
  await service.server.call('PUT', `${path('seller')}/tokens/xiaomi`, { token });
  expect(await decide(service, 'buyer')).toEqual(['no-token']);
});

test('accounts that claim one token at the same moment leave it with exactly one of them', async () => {
  const token = `reg-${randomUUID()}`;
  const rivals = ['rival-1', 'rival-2', 'rival-3', 'rival-4'];

  await Promise.all(rivals.map((account) => put(account, xiaomiPhone(token))));

  const reasons = await Promise.all(rivals.map((account) => decide(service, account)));
  expect(reasons.flat().sort()).toEqual(['no-token', 'no-token', 'no-token', 'queued']);
});

test('a device key is good for token, presence and logout until a kick or a newer login', async () => {
  const keyOf = async (account: string) => {
    const { deviceKey } = (await put(account, xiaomiPhone(`reg-${account}`))) as {
      deviceKey: string; // checked by the first test of the answer
    };
    return new ApiClient(service.machine.stack.url, deviceKey);
  };
  const refresh = (key: ApiClient, account: string) =>
    key.try('PUT', `${path(account)}/tokens/xiaomi`, { token: `reg-${account}-2` });
  const kicked = await keyOf('kicked');
  const first = await keyOf('twice');
  const second = await keyOf('twice');

  expect(await refresh(kicked, 'kicked')).toMatchObject({ status: 200 });
  expect(
    await kicked.try('PUT', `${path('kicked')}/presence`, { state: 'background' }),
  ).toMatchObject({ status: 200 });
  expect(await kicked.try('DELETE', `${path('kicked')}/session?reason=kicked`)).toMatchObject({
    status: 403,
  });
  await service.server.call('DELETE', `${path('kicked')}/session?reason=kicked`);
  expect(await decide(service, 'kicked')).toEqual(['kicked']);
  expect(await refresh(kicked, 'kicked')).toMatchObject({ status: 401 });
  expect(await refresh(first, 'twice')).toMatchObject({ status: 401 });
  expect(await second.try('DELETE', `${path('twice')}/session`)).toMatchObject({ status: 204 });
  expect(await refresh(second, 'twice')).toMatchObject({ status: 401 });
  expect(await decide(service, 'twice')).toEqual(['logged-out']);
});
