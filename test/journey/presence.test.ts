import { decide, logIn } from '../support/journeys';
import { type Service, startService, until } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const report = (body: unknown) => service.server.call('POST', '/v1/presence', body);
const phoneReports = (account: string, body: unknown, device = 'd1') =>
  service.server.call('PUT', `/v1/accounts/${account}/devices/${device}/presence`, body);
const view = (account: string) => service.server.call('GET', `/v1/accounts/${account}`);

/** An event about `d1` of an account, so long ago. */
const event = (accountId: string, name: string, agoMs = 0, more: object = {}) => ({
  accountId,
  deviceId: 'd1',
  event: name,
  at: Date.now() - agoMs,
  ...more,
});

test('a list of events is answered in its order, each with what became of it', async () => {
  const answer = await report({
    events: [
      event('listed', 'login', 5_000),
      event('listed', 'background', 4_000),
      event('listed', 'foreground', 4_500),
      event('stranger', 'foreground'),
      event('listed', 'logout', 3_000),
      event('listed', 'foreground', 2_000),
    ],
  });

  expect(answer).toEqual({
    heartbeats: 0,
    events: [
      { result: 'applied' },
      { result: 'applied' },
      { result: 'older' },
      { result: 'unknown-device' },
      { result: 'applied' },
      { result: 'session-ended' },
    ],
  });
  expect(await decide(service, 'listed')).toEqual(['logged-out']);
  expect(await decide(service, 'stranger')).toEqual(['unknown-account']);
});

test('500 events in one call are all applied, and one more is refused', async () => {
  const events = Array.from({ length: 500 }, (_, index) => ({
    ...event(`many-${index % 250}`, 'login'),
    deviceId: index < 250 ? 'd1' : 'd2',
  }));

  const answer = await report({ events });
  const refused = await service.server.try('POST', '/v1/presence', {
    events: [...events, event('one-too-many', 'login')],
  });

  expect(answer).toMatchObject({ events: new Array(500).fill({ result: 'applied' }) });
  expect(await decide(service, 'many-249')).toEqual(['foreground', 'foreground']);
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'events' }] } });
  expect(await decide(service, 'one-too-many')).toEqual(['unknown-account']);
});

test('a login makes an unknown device known, connected and in the foreground', async () => {
  await report({ events: [event('newcomer', 'login', 1_000, { platform: 'harmony' })] });

  expect(await view('newcomer')).toMatchObject({
    devices: [
      {
        deviceId: 'd1',
        platform: 'harmony',
        session: { state: 'logged-in' },
        presence: { state: 'foreground' },
      },
    ],
  });
  expect(await decide(service, 'newcomer')).toEqual(['foreground']);
  await report({ events: [event('newcomer', 'disconnect')] });
  expect(await decide(service, 'newcomer')).toEqual(['no-token']);
});

test('a kick ends the session, and only a newer login begins another', async () => {
  await logIn(service, 'rowdy');

  await report({ events: [event('rowdy', 'kick', -1_000)] });
  expect(await decide(service, 'rowdy')).toEqual(['kicked']);
  await report({ events: [event('rowdy', 'login', 60_000)] });
  expect(await decide(service, 'rowdy')).toEqual(['kicked']);
  await report({ events: [event('rowdy', 'login', -2_000), event('rowdy', 'disconnect', -3_000)] });
  expect(await decide(service, 'rowdy')).toEqual(['queued']);
});

test("a phone's own claim ends with its lease: network lost, and pushed to", async () => {
  const token = await logIn(service, 'leased');
  await phoneReports('leased', { state: 'foreground', at: Date.now() - 3_000, leaseSeconds: 60 });
  const during = await decide(service, 'leased');

  await phoneReports('leased', { state: 'foreground', at: Date.now() - 2_000, leaseSeconds: 1 });
  const after = await decide(service, 'leased');
  const phone = await until(
    () => service.machine.simulators.phones.look(token),
    ({ tray }) => tray.length === 1,
  );

  expect(during).toEqual(['foreground']);
  expect(after).toEqual(['queued']);
  expect(phone.tray).toHaveLength(1);
  await phoneReports('leased', { state: 'background' });
  expect(await decide(service, 'leased')).toEqual(['connected-in-background']);
});

test('losing the connection keeps what the app was doing', async () => {
  await logIn(service, 'tunnel');
  await phoneReports('tunnel', { state: 'foreground', at: Date.now() - 1_000 });
  await phoneReports('tunnel', { state: 'disconnected' });

  expect(await decide(service, 'tunnel')).toEqual(['queued']);
  expect(await view('tunnel')).toMatchObject({
    devices: [{ presence: { state: 'disconnected', appState: 'foreground' } }],
  });
});

test('late and repeated reports change nothing', async () => {
  await logIn(service, 'steady');
  const report = { state: 'foreground', at: Date.now() - 1_000 };
  const first = await phoneReports('steady', report);
  const before = await view('steady');

  const repeated = await phoneReports('steady', report);
  const late = await phoneReports('steady', { state: 'background', at: report.at - 1 });

  expect(first).toEqual({ applied: true });
  expect(repeated).toEqual({ applied: false });
  expect(late).toEqual({ applied: false });
  expect(await view('steady')).toEqual(before);
});

test('fields of a report that nobody knows are ignored and listed', async () => {
  await logIn(service, 'talkative');

  expect(await phoneReports('talkative', { state: 'foreground', mood: 'fine' })).toEqual({
    applied: true,
    warnings: [expect.stringContaining('mood')],
  });
});

test('a time far ahead is taken as now, so that the next report still counts', async () => {
  await logIn(service, 'early');

  await phoneReports('early', { state: 'foreground', at: Date.now() + 3_600_000 });
  const next = await phoneReports('early', { state: 'disconnected' });

  expect(next).toEqual({ applied: true });
  expect(await decide(service, 'early')).toEqual(['queued']);
});

test('a report for an unknown device is a 404, on an ended session a 409', async () => {
  await logIn(service, 'gone');
  await service.server.call('DELETE', '/v1/accounts/gone/devices/d1/session');
  const foreground = { state: 'foreground' };

  for (const [path, status] of [
    ['/v1/accounts/gone/devices/d2/presence', 404],
    ['/v1/accounts/never-seen/devices/d1/presence', 404],
    ['/v1/accounts/gone/devices/d1/presence', 409],
  ] as const) {
    expect(await service.server.try('PUT', path, foreground)).toMatchObject({ status });
  }
  expect(await decide(service, 'gone')).toEqual(['logged-out']);
});

test('what the message says about presence wins over what is stored', async () => {
  await logIn(service, 'stated');
  const says = (state: string, deviceId = 'd1') => ({
    accountId: 'stated',
    presence: [{ deviceId, state }],
  });

  await phoneReports('stated', { state: 'foreground', at: Date.now() - 1_000 });
  expect(await decide(service, says('disconnected'))).toEqual(['queued']);
  expect(await decide(service, says('background'))).toEqual(['connected-in-background']);
  await phoneReports('stated', { state: 'disconnected' });
  expect(await decide(service, says('foreground'))).toEqual(['foreground']);
  expect(await decide(service, says('disconnected', 'd9'))).toEqual(['queued', 'never-logged-in']);
});

test('a connected phone in the background is pushed to where the app says so', async () => {
  await logIn(service, 'pocket');
  await phoneReports('pocket', { state: 'background' });
  const before = await decide(service, 'pocket');

  await service.admin.call('PATCH', '/v1/app', { pushInBackground: { android: true } });

  expect(before).toEqual(['connected-in-background']);
  expect(
    await until(
      () => decide(service, 'pocket'),
      ([reason]) => reason === 'queued',
    ),
  ).toEqual(['queued']);
});
