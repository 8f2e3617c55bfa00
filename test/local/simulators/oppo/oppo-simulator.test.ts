import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { aMessage, fetchOppoToken, ID, unicast, unicastBatch } from './oppo-calls';

let simulators: Simulators;
let authToken: string;

beforeAll(async () => {
  simulators = await startSimulators();
  authToken = await fetchOppoToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.oppo.reset();
  simulators.phones.clear();
});

const send = (message: unknown) => unicast(simulators, authToken, message);
const sendAll = (messages: unknown) => unicastBatch(simulators, authToken, messages);
const ids = (count: number) => Array.from({ length: count }, (_, i) => `CN_${i}`);
const messagesTo = (targets: readonly string[], notification = {}) =>
  targets.map((target_value) => aMessage(notification, { target_value }));

/** The first message of the published example. */
const EXAMPLE = {
  target_type: 2,
  target_value: ID,
  notification: {
    app_message_id: 'n-1001-a',
    title: 'Order shipped',
    content: 'A-1001 is on its way',
    click_action_type: 4,
    click_action_activity: 'com.example.app.OrderActivity',
    action_parameters: '{"orderId":"A-1001"}',
    off_line: true,
    off_line_ttl: 86_400,
    channel_id: 'order',
    category: 'ORDER',
    notify_level: 2,
    notify_id: 1_001,
    call_back_url: 'http://127.0.0.1:9/cb/oppo',
    call_back_parameter: 'n-1001',
  },
};

test('a right message is accepted and shown', async () => {
  const { status, json } = await send(EXAMPLE);
  expect(status).toBe(200);
  expect(json).toEqual({
    code: 0,
    message: 'success',
    data: { messageId: expect.stringMatching(/^30\d{6}-1-1-[0-9a-f]{16}$/) },
  });
  expect(simulators.phones.look(ID)).toMatchObject({
    tray: [{ title: 'Order shipped', body: 'A-1001 is on its way', notifyId: 1_001 }],
    arrivals: [{ effect: 'shown', fields: EXAMPLE.notification }],
  });
  expect(simulators.oppo.counters()).toMatchObject({ accepted: 1, targets: 1 });
});

test('a batch tells of each id, in another order than it was asked', async () => {
  const other = {
    target_type: 2,
    target_value: 'CN_b',
    notification: { title: 'Order shipped', content: 'A-1003' },
  };
  const dead = { ...other, target_value: 'dead-CN' };
  const { json } = await sendAll([EXAMPLE, dead, other]);
  expect(json).toEqual({
    code: 0,
    message: '',
    data: [
      { registrationId: 'dead-CN', errorCode: 10_000, errorMessage: 'Invalid RegistrationId' },
      { messageId: expect.any(String), registrationId: 'CN_b' },
      { messageId: expect.any(String), registrationId: ID },
    ],
  });
  expect(simulators.phones.tokens()).toEqual([ID, 'CN_b']);
  expect(simulators.oppo.counters()).toMatchObject({ accepted: 1, targets: 2 });
});

test('no answer of a batch stands where its message stood', async () => {
  const targets = ids(9);
  const { data } = Object((await sendAll(messagesTo(targets))).json);
  const answered: unknown[] = data.map((one: object) => Object(one).registrationId);
  expect([...answered].sort()).toEqual(targets);
  expect(answered.some((id, index) => id === targets[index])).toBe(false);
});

test('what is wrong with one message of a batch is told of that one', async () => {
  const wrong = aMessage({ category: 'CHAT' }, { target_value: 'CN_b' });
  const { json } = await sendAll([aMessage(), wrong, aMessage({}, { target_value: 'US_a' })]);
  expect(json).toMatchObject({
    code: 0,
    data: [
      { registrationId: 'CN_b', errorCode: 67 },
      { registrationId: 'US_a', errorCode: 10_000 },
      { registrationId: ID },
    ],
  });
});

test.each([
  ['no list', 41, aMessage()],
  ['an empty list', 40, []],
  ['1001 messages', 41, messagesTo(ids(1_001))],
  ['a message without target', 41, [aMessage({}, { target_value: undefined })]],
  ['a message that is none', 41, ['CN_a']],
])('a batch of %s is refused with %i as a whole', async (_, code, messages) => {
  const { json } = await sendAll(messages);
  expect(json).toEqual({ code, message: expect.any(String) });
  expect(simulators.phones.totals().arrivals).toBe(0);
});

test('a batch of 1000 messages is accepted', async () => {
  const { json } = await sendAll(messagesTo(ids(1_000)));
  expect(Object(json).data).toHaveLength(1_000);
  expect(simulators.oppo.counters()).toMatchObject({ targets: 1_000, maxInWindow: 1_000 });
});

test('the same notify_id replaces, the same app_message_id shows once', async () => {
  await send(aMessage({ notify_id: 1 }));
  await send(aMessage({ notify_id: 1, title: 'newer' }));
  await send(aMessage({ app_message_id: 'm' }));
  await send(aMessage({ app_message_id: 'm' }));
  const { tray, arrivals } = simulators.phones.look(ID);
  expect(tray).toMatchObject([{ title: 'newer' }, { onceKey: 'm' }]);
  expect(arrivals.map(({ effect }) => effect)).toEqual(['shown', 'replaced', 'shown', 'dropped']);
});

test('a repeated app_message_id can be refused with 32', async () => {
  simulators.oppo.control({ refuseDuplicates: true });
  const message = aMessage({ app_message_id: 'm' });
  expect((await send(message)).json).toMatchObject({ code: 0 });
  expect((await send(message)).json).toMatchObject({ code: 32 });
  const { json } = await sendAll([message, { ...message, target_value: 'CN_b' }]);
  expect(json).toMatchObject({
    data: [{ registrationId: 'CN_b' }, { registrationId: ID, errorCode: 32 }],
  });
});

test('the rate counts messages, and a refused batch brings none', async () => {
  simulators.oppo.control({ ratePerSecond: 5 });
  expect((await sendAll(messagesTo(ids(4)))).json).toMatchObject({ code: 0 });
  expect((await sendAll(messagesTo(ids(2)))).json).toMatchObject({ code: 13 });
  expect((await send(aMessage())).json).toMatchObject({ code: 0 });
  expect(simulators.phones.totals().arrivals).toBe(5);
  expect(simulators.oppo.counters()).toMatchObject({ refusedByRate: 1, maxInWindow: 7 });
});

test.each([-2, 13, 55] as const)('over the rate the code can be %i', async (rateCode) => {
  simulators.oppo.control({ ratePerSecond: 0, rateCode });
  expect((await send(aMessage())).json).toMatchObject({ code: rateCode });
});

test('calls with bad credentials do not count towards the rate', async () => {
  simulators.oppo.control({ ratePerSecond: 1 });
  for (let i = 0; i < 3; i++) await unicast(simulators, 'nonsense', aMessage());
  expect((await send(aMessage())).json).toMatchObject({ code: 0 });
});

test('public messages have a daily total, private ones none', async () => {
  simulators.oppo.control({ dailyQuota: 2 });
  expect((await sendAll(messagesTo(['CN_a', 'CN_b']))).json).toMatchObject({ code: 0 });
  expect((await send(aMessage())).json).toEqual({
    code: 33,
    message: 'The number of messages exceeds the daily limit',
  });
  expect((await send(aMessage({ category: 'IM' }))).json).toMatchObject({ code: 0 });
});

test('a batch over the daily total is refused as a whole', async () => {
  simulators.oppo.control({ dailyQuota: 2 });
  expect((await sendAll(messagesTo(ids(3)))).json).toMatchObject({ code: 33 });
  const mixed = [...messagesTo(ids(2)), aMessage({ category: 'IM' })];
  expect((await sendAll(mixed)).json).toMatchObject({ code: 0 });
});

test('over the daily limit of a phone a public message is taken but not shown', async () => {
  simulators.oppo.control({ perDeviceQuota: 1 });
  for (let i = 0; i < 3; i++) expect((await send(aMessage())).json).toMatchObject({ code: 0 });
  await send(aMessage({ category: 'IM', title: 'private' }));
  expect(simulators.phones.look(ID).tray).toHaveLength(2);
});

test('calls fail on request, with a page or with a code', async () => {
  simulators.oppo.control({ failNext: 1, status: 502, retryAfterSeconds: 7 });
  const page = await send(aMessage());
  expect([page.status, page.json, page.headers.get('retry-after')]).toEqual([502, undefined, '7']);
  simulators.oppo.control({ failNext: 1, code: 28, reason: 'app disabled' });
  const { status, json } = await send(aMessage());
  expect([status, json]).toEqual([200, { code: 28, message: 'app disabled' }]);
});

test('dropAfterAccept shows the notification and closes the connection', async () => {
  simulators.oppo.control({ dropAfterAccept: 1 });
  await expect(send(aMessage({ app_message_id: 'm' }))).rejects.toThrow();
  await send(aMessage({ app_message_id: 'm' }));
  expect(simulators.phones.look(ID)).toMatchObject({ repeats: 1, tray: [{ onceKey: 'm' }] });
});

test('an order that makes no sense is refused', () => {
  expect(simulators.oppo.obey({ region: 'moon' })).toContain('region');
  expect(simulators.oppo.obey({ region: 'overseas' })).toBeUndefined();
});
