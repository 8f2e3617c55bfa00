import * as v from 'valibot';
import { type SimulatedVendor, vendors } from '../../local/simulators/registry';
import { aCertificate } from '../support/journeys';
import { type Service, startService } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const answered = v.object({ receiptId: v.string() });
const path = (name: string) => `/v1/certificates/${name}`;
const put = (name: string, vendor: SimulatedVendor, changes: object = {}) =>
  service.admin.try('PUT', path(name), { ...aCertificate(service, vendor), ...changes });

describe('settings that lead into a vendor’s restricted class are stored and warned of', () => {
  test.each<[SimulatedVendor, object, RegExp]>([
    ['xiaomi', {}, /^classes\.im\.channelId is not set: .*public/],
    ['xiaomi', { im: { channelId: '115' } }, /^classes\.im\.templateId is not set: .*27001/],
    ['huawei', { news: { category: 'MARKETING' } }, /^classes\.news .*marketing, 2 a day/],
    ['huawei', { news: { instantMessaging: false } }, /^classes\.news .*marketing, 2 a day/],
    ['harmony', { news: { category: 'MARKETING' } }, /^classes\.news .*marketing, 2 a day/],
    ['harmony', { news: { instantMessaging: false } }, /^classes\.news .*marketing, 2 a day/],
    ['honor', { news: { importance: 'low' } }, /^classes\.news .*marketing, 2 a day/],
    ['honor', { news: { instantMessaging: false } }, /^classes\.news .*marketing, 2 a day/],
    ['oppo', { news: { category: 'NEWS' } }, /^classes\.news .*content and marketing/],
    ['oppo', { news: { instantMessaging: false } }, /^classes\.news .*content and marketing/],
    ['vivo', { news: { category: 'NEWS' } }, /^classes\.news .*operational .* 7:00 to 23:00/],
    ['vivo', { news: { instantMessaging: false } }, /^classes\.news .*operational/],
    ['meizu', { news: { instantMessaging: false } }, /^classes\.news .*public ones, 3 a day/],
  ])('%s with %j', async (vendor, classes, warning) => {
    const answer = await put(`warned-${vendor}`, vendor, { classes });

    expect(answer).toMatchObject({
      status: 200,
      body: { classes, warnings: [expect.stringMatching(warning)] },
    });
    expect(await service.admin.call('GET', path(`warned-${vendor}`))).toMatchObject({ classes });
  });
});

test.each(vendors)('%s’s class for chat brings no warning', async (vendor) => {
  const im = vendor === 'xiaomi' ? { channelId: '115', templateId: 'T1' } : {};

  expect(await put(`chat-${vendor}`, vendor, { classes: { im } })).toMatchObject({
    status: 200,
    body: { warnings: [] },
  });
});

test.each([
  ['huawei', { secret: 'shhh', user: 'push-user' }, '{"statuses":[]}'],
  ['harmony', { secret: 'shhh', user: 'push-user' }, '{"statuses":[]}'],
  ['honor', { secret: 'shhh' }, '{"statuses":[{"token":"t","status":0,"biTag":"job"}]}'],
  ['meizu', { secret: 'shhh' }, 'access_token=guessed&cb=%7B%7D'],
] as const)(
  'what %s’s receipts are checked with is kept, used and never shown',
  async (vendor, receipts, unprovenCall) => {
    const name = `checked-${vendor}`;
    const post = async () => {
      const { receiptId } = v.parse(answered, await service.admin.call('GET', path(name)));
      const url = `${service.machine.stack.url}/r/${receiptId}`;
      return fetch(url, { method: 'POST', body: unprovenCall });
    };

    const answer = await put(name, vendor, { receipts });
    const shown = await service.admin.call('GET', path(name));
    const list = await service.admin.call('GET', '/v1/certificates');
    const unproven = await post();
    await put(name, vendor);

    expect(answer).toMatchObject({ status: 200, body: { receiptsChecked: true } });
    expect(shown).toMatchObject({ receiptsChecked: true });
    expect(unproven.status).toBe(401);
    const told = JSON.stringify([answer, shown, list, await unproven.text()]);
    expect([told, ...service.logs].join('\n')).not.toMatch(/shhh|push-user/);
    expect(await service.admin.call('GET', path(name))).not.toHaveProperty('receiptsChecked');
    expect((await post()).status).toBe(200);
  },
);

test.each(['xiaomi', 'oppo', 'vivo', 'fcm', 'apns'] as const)(
  '%s has nothing to check receipts with, so a secret for them is refused',
  async (vendor) => {
    const answer = await put(`trusting-${vendor}`, vendor, { receipts: { secret: 'shhh' } });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'receipts' }] } });
    expect(await service.admin.try('GET', path(`trusting-${vendor}`))).toMatchObject({
      status: 404,
    });
  },
);

test('quotas are stated by the classes of the vendor, kept and shown', async () => {
  const limits = {
    dailyTotals: { system: 300_000, operational: 60_000 },
    perDeviceDaily: { operational: 5 },
    quietHours: { operational: { from: '22:00', to: '08:00', timeZone: 'Asia/Shanghai' } },
  };

  expect(await put('counted', 'vivo', { limits })).toMatchObject({ status: 200, body: { limits } });
  expect(await service.admin.call('GET', path('counted'))).toMatchObject({ limits });
});

test.each<[SimulatedVendor, object, string, string]>([
  [
    'vivo',
    { dailyTotals: { marketing: 1 } },
    'limits.dailyTotals.marketing',
    'must be a class of vivo: system, operational',
  ],
  [
    'apns',
    { perDeviceDaily: { alert: 1 } },
    'limits.perDeviceDaily.alert',
    'apns has no classes with quotas',
  ],
  [
    'vivo',
    { quietHours: { operational: { from: '7', to: '08:00' } } },
    'limits.quietHours.operational.from',
    'must be a time of day from 00:00 to 23:59',
  ],
])('%s refuses quotas that would hold for nothing: %j', async (vendor, limits, field, message) => {
  expect(await put('miscounted', vendor, { limits })).toMatchObject({
    status: 400,
    body: { errors: [{ path: field, message }] },
  });
});
