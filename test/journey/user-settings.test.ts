import type { ApiClient } from '../../local/api-client';
import { logIn } from '../support/journeys';
import { type Service, startService, xiaomiPhone } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const account = (accountId: string) => `/v1/accounts/${accountId}`;
const device = (accountId: string, deviceId = 'd1') => `${account(accountId)}/devices/${deviceId}`;
const view = (accountId: string) => service.server.call('GET', account(accountId));

const NIGHT = { from: '22:00', to: '07:30', timeZone: 'Asia/Shanghai' };
const DEFAULTS = { pushEnabled: true, showDetail: true, pushWhenDesktopOnline: true };

/** A phone that is logged in, and its user. */
async function user(accountId: string): Promise<ApiClient> {
  await logIn(service, accountId);
  return service.as('device', accountId);
}

describe('settings of an account', () => {
  test('are what applies to everybody until they are set', async () => {
    await user('plain');

    expect(await view('plain')).toMatchObject({
      settings: DEFAULTS,
      blocked: false,
      mutes: {},
      hasMoreMutes: false,
      devices: [{ settings: {}, pushEnabled: true }],
    });
  });

  test('are set by the user, shown, kept, and taken back with null', async () => {
    const carol = await user('carol');
    const doNotDisturb = { window: NIGHT, until: 4_000_000_000_000 };

    const set = await carol.call('PATCH', account('carol'), {
      pushEnabled: false,
      showDetail: false,
      pushWhenDesktopOnline: false,
      locale: 'en',
      doNotDisturb,
    });
    const shown = await view('carol');
    const back = await carol.call('PATCH', account('carol'), {
      pushEnabled: null,
      showDetail: null,
      locale: null,
      doNotDisturb: { window: null },
    });

    const settings = {
      pushEnabled: false,
      showDetail: false,
      pushWhenDesktopOnline: false,
      locale: 'en',
      doNotDisturb,
    };
    expect(set).toEqual({ settings, blocked: false });
    expect(shown).toMatchObject({ settings, devices: [{ deviceId: 'd1' }] });
    expect(back).toEqual({
      settings: {
        ...DEFAULTS,
        pushWhenDesktopOnline: false,
        doNotDisturb: { until: doNotDisturb.until },
      },
      blocked: false,
    });
  });

  test('a duration counts from now', async () => {
    const dora = await user('dora');
    const earliest = Date.now() + 3_600_000;

    const answer = await dora.call('PATCH', account('dora'), {
      doNotDisturb: { durationSeconds: 3_600 },
    });

    const [, until = ''] = /"until":(\d+)/.exec(JSON.stringify(answer)) ?? [];
    expect(Number(until)).toBeGreaterThanOrEqual(earliest);
    expect(Number(until)).toBeLessThanOrEqual(Date.now() + 3_600_000);
  });

  test.each([
    [{ push_enabled_when_desktop_online: false }, false],
    [{ push_enabled_when_desktop_online: true }, true],
    [{ donnopOpen: true }, false],
    [{ donnopOpen: false }, true],
  ])("NIM's %j means pushes while a desktop is online: %s", async (body, pushWhenDesktopOnline) => {
    const answer = await service.server.call('PATCH', account('from-nim'), body);

    expect(answer).toMatchObject({ settings: { pushWhenDesktopOnline } });
  });

  test('fields that nobody knows are ignored and listed', async () => {
    const eve = await user('eve');

    const answer = await eve.call('PATCH', account('eve'), {
      colour: 'red',
      doNotDisturb: { window: { ...NIGHT, days: [1] }, loud: true },
    });

    expect(answer).toEqual({
      settings: { ...DEFAULTS, doNotDisturb: { window: NIGHT } },
      blocked: false,
      warnings: ['colour', 'doNotDisturb.window.days', 'doNotDisturb.loud'].map((path) =>
        expect.stringContaining(path),
      ),
    });
  });

  test('of an account nobody knows are a 404 to its user; a server may set them before the first login', async () => {
    const newcomer = await service.as('device', 'newcomer');

    const refused = await newcomer.try('PATCH', account('newcomer'), { showDetail: false });
    const stillUnknown = await service.server.try('GET', account('newcomer'));
    await service.server.call('PATCH', account('newcomer'), { showDetail: false });
    await user('newcomer');

    expect(refused).toMatchObject({ status: 404 });
    expect(stillUnknown).toMatchObject({ status: 404 });
    expect(await view('newcomer')).toMatchObject({
      settings: { showDetail: false },
      devices: [{ deviceId: 'd1' }],
    });
  });

  test('only a server blocks an account, and unblocks it', async () => {
    const frank = await user('frank');

    const byUser = await frank.try('PATCH', account('frank'), { blocked: false });
    const blocked = await service.server.call('PATCH', account('frank'), { blocked: true });
    const shown = await view('frank');
    const unblocked = await service.server.call('PATCH', account('frank'), { blocked: false });

    expect(byUser).toMatchObject({ status: 403 });
    expect(blocked).toMatchObject({ blocked: true });
    expect(shown).toMatchObject({ blocked: true });
    expect(unblocked).toMatchObject({ blocked: false });
  });
});

describe('settings of a device', () => {
  test('are set by the user, shown, and survive the next login', async () => {
    const gina = await user('gina');

    const answer = await gina.call('PATCH', device('gina'), {
      showDetail: false,
      doNotDisturb: { window: NIGHT },
      timeZone: 'Europe/Berlin',
      textSet: 'short',
      locale: 'de',
    });
    await service.server.call('PUT', device('gina'), { platform: 'android' });

    const settings = { showDetail: false, doNotDisturb: { window: NIGHT } };
    expect(answer).toEqual({ pushEnabled: true, settings });
    expect(await view('gina')).toMatchObject({
      settings: DEFAULTS,
      devices: [{ settings, timeZone: 'Europe/Berlin', textSet: 'short', locale: 'de' }],
    });
  });

  test('move to the new device of an app that was installed anew, which takes the place of the old one', async () => {
    const token = await logIn(service, 'henry');
    await service.server.call('PATCH', device('henry'), { pushEnabled: false, showDetail: false });

    await service.server.call('PUT', device('henry', 'd2'), xiaomiPhone(token));

    expect(await view('henry')).toMatchObject({
      devices: [{ deviceId: 'd2', pushEnabled: false, settings: { showDetail: false } }],
    });
  });

  test('the number on the icon is what the phone reported last, and none once somebody looks', async () => {
    const ivan = await user('ivan');
    const report = (body: object) => ivan.call('PUT', `${device('ivan')}/presence`, body);
    const at = Date.now() - 10_000;

    await report({ state: 'background', badge: 5, at });
    const before = await view('ivan');
    await report({ state: 'background', badge: 9, at: at - 1 });
    await report({ state: 'disconnected', at: at + 1 });
    const between = await view('ivan');
    await report({ state: 'foreground', at: at + 2 });

    expect(before).toMatchObject({ devices: [{ badge: { value: 5, since: at } }] });
    expect(between).toMatchObject({ devices: [{ badge: { value: 5, since: at } }] });
    expect(await view('ivan')).toMatchObject({ devices: [{ badge: { value: 0, since: at + 2 } }] });
  });

  test("a server's event resets it, too, whether anybody told of the icon or not", async () => {
    await user('julia');
    await user('kim');
    const at = Date.now() - 10_000;
    await service.server.call('PUT', `${device('julia')}/presence`, {
      state: 'background',
      badge: 2,
      at,
    });

    await service.server.call('POST', '/v1/presence', {
      events: ['julia', 'kim'].map((accountId) => {
        return { accountId, deviceId: 'd1', event: 'foreground', at: at + 1 };
      }),
    });

    for (const accountId of ['julia', 'kim']) {
      expect(await view(accountId)).toMatchObject({
        devices: [{ badge: { value: 0, since: at + 1 } }],
      });
    }
  });
});
