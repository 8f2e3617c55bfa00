import { logIn } from '../support/journeys';
import { type Service, startService } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const account = (accountId: string) => `/v1/accounts/${accountId}`;
const device = (accountId: string, deviceId = 'd1') => `${account(accountId)}/devices/${deviceId}`;
const mute = (accountId: string, conversation: string) =>
  `${account(accountId)}/mutes/${encodeURIComponent(conversation)}`;
const NIGHT = { from: '22:00', to: '07:30', timeZone: 'Asia/Shanghai' };

test.each<[string, string, unknown, string]>([
  [
    'a time that is none',
    account('rosa'),
    { doNotDisturb: { window: { from: '24:00', to: '07:00' } } },
    'doNotDisturb.window.from',
  ],
  [
    'a window without end',
    account('rosa'),
    { doNotDisturb: { window: { from: '22:00' } } },
    'doNotDisturb.window.to',
  ],
  [
    'a time zone nobody knows',
    account('rosa'),
    { doNotDisturb: { window: { ...NIGHT, timeZone: 'Mars/North' } } },
    'doNotDisturb.window.timeZone',
  ],
  [
    'a duration of more than a year',
    account('rosa'),
    { doNotDisturb: { durationSeconds: 31_536_001 } },
    'doNotDisturb.durationSeconds',
  ],
  [
    'an end told twice',
    account('rosa'),
    { doNotDisturb: { until: 1, durationSeconds: 1 } },
    'doNotDisturb.durationSeconds',
  ],
  ['do-not-disturb that is a switch', account('rosa'), { doNotDisturb: true }, 'doNotDisturb'],
  [
    'a setting in two spellings',
    account('rosa'),
    { pushWhenDesktopOnline: true, donnopOpen: true },
    'donnopOpen',
  ],
  ['a locale that is a number', account('rosa'), { locale: 7 }, 'locale'],
  ['blocked that is null', account('rosa'), { blocked: null }, 'blocked'],
  ['a device’s time zone nobody knows', device('rosa'), { timeZone: 'Mars/North' }, 'timeZone'],
  [
    'a device’s window without begin',
    device('rosa'),
    { doNotDisturb: { window: { to: '07:00' } } },
    'doNotDisturb.window.from',
  ],
  ['a switch that is null', device('rosa'), { pushEnabled: null }, 'pushEnabled'],
])('%s is refused with the path of the field', async (_name, path, body, field) => {
  const answer = await service.server.try('PATCH', path, body);

  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: field }] } });
});

test.each([
  [{ mute: 'loud' }, mute('rosa', 'c'), 'mute'],
  [{ mute: 3 }, mute('rosa', 'c'), 'mute'],
  [{ mute: 'all' }, mute('rosa', 'x'.repeat(129)), 'conversationId'],
  [{ state: 'background', badge: -1 }, `${device('rosa')}/presence`, 'badge'],
])('PUT with %j is refused with the path of the field', async (body, path, field) => {
  const answer = await service.server.try('PUT', path, body);

  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: field }] } });
});

test('nobody touches what another user set', async () => {
  await logIn(service, 'sven');
  const mallory = await service.as('device', 'mallory');

  const answers = [
    await mallory.try('PATCH', account('sven'), { showDetail: true }),
    await mallory.try('PATCH', device('sven'), { showDetail: true }),
    await mallory.try('PUT', mute('sven', 'c'), {}),
    await mallory.try('DELETE', mute('sven', 'c')),
    await mallory.try('DELETE', account('sven')),
  ];

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
});
