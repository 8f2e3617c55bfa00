import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { aMessage, fetchHonorToken, postHonor } from './honor-calls';

let simulators: Simulators;
let accessToken: string;

beforeAll(async () => {
  simulators = await startSimulators();
  accessToken = await fetchHonorToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.honor.reset();
  simulators.phones.clear();
});

const send = (body: unknown) => postHonor(simulators, accessToken, body);

/** The published example. */
const EXAMPLE = {
  token: ['tokA', 'tokB'],
  data: '{"id":"42"}',
  android: {
    ttl: '86400s',
    biTag: 'm-42',
    targetUserType: 0,
    notification: {
      title: '订单',
      body: '已发货',
      importance: 'NORMAL',
      notifyId: 7,
      clickAction: {
        type: 1,
        intent:
          'intent://orders/42#Intent;scheme=shop;package=com.example.shop;launchFlags=0x04000000;end',
      },
      badge: { addNum: 1, badgeClass: 'com.example.shop.MainActivity' },
    },
  },
};

test('the published example is accepted and shown', async () => {
  const { status, json } = await send(EXAMPLE);
  expect(status).toBe(200);
  expect(json).toEqual({
    code: 200,
    message: 'success',
    data: {
      sendResult: true,
      requestId: expect.stringMatching(/^\d{19}$/),
      failTokens: [],
      expireTokens: [],
    },
  });
  const { token: _, ...fields } = EXAMPLE;
  for (const token of EXAMPLE.token) {
    expect(simulators.phones.look(token)).toMatchObject({
      tray: [{ title: '订单', body: '已发货', notifyId: 7 }],
      arrivals: [{ effect: 'shown', fields }],
    });
  }
  expect(simulators.honor.counters()).toMatchObject({ accepted: 1, targets: 2 });
});

test('data alone is passed through to the app', async () => {
  const { json } = await send({ token: ['tokA'], data: 'any text' });
  expect(json).toMatchObject({ code: 200 });
  expect(simulators.phones.look('tokA')).toMatchObject({
    tray: [],
    arrivals: [{ effect: 'silent' }],
  });
});

test('Android’s own texts win over the common ones', async () => {
  const common = { title: 'common', body: 'common' };
  await send({ ...aMessage({ title: 'own', body: undefined }), notification: common });
  const { tray } = simulators.phones.look('tokA');
  expect(tray).toMatchObject([{ title: 'own', body: 'common' }]);
});

test('the same notifyId or tag replaces, none stacks', async () => {
  const newest = { notifyId: undefined, title: 'newest' };
  for (const change of [{}, { title: 'newer' }, newest, newest, { ...newest, tag: 't' }]) {
    await send(aMessage(change));
  }
  await send(aMessage({ ...newest, tag: 't' }));
  const { tray, repeats } = simulators.phones.look('tokA');
  expect(tray.map(({ title, notifyId, tag }) => [title, notifyId, tag])).toEqual([
    ['newer', 7, undefined],
    ['newest', undefined, undefined],
    ['newest', undefined, undefined],
    ['newest', undefined, 't'],
  ]);
  expect(repeats).toBe(2);
});

test('dead phones’ tokens come back as expired, failing ones as failed, the others get it', async () => {
  simulators.honor.control({ deadTokens: ['gone'], failTokens: ['tokC', 'dead-1'] });
  const { json } = await send({ ...aMessage(), token: ['tokA', 'dead-1', 'tokC', 'gone'] });
  expect(json).toMatchObject({
    code: 200,
    data: { sendResult: true, failTokens: ['tokC'], expireTokens: ['dead-1', 'gone'] },
  });
  expect(simulators.phones.tokens()).toEqual(['tokA']);
});

test('without a single good token the result of the send is false', async () => {
  const { json } = await send({ ...aMessage(), token: ['dead-1'] });
  expect(json).toMatchObject({
    code: 200,
    data: { sendResult: false, failTokens: [], expireTokens: ['dead-1'] },
  });
});

test('over the rate the answer is 429', async () => {
  simulators.honor.control({ ratePerSecond: 2 });
  const answers = await Promise.all([1, 2, 3].map(() => send(aMessage())));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
  expect(simulators.honor.counters()).toMatchObject({ refusedByRate: 1, maxInWindow: 3 });
});

test('a request counts once, however many tokens it has', async () => {
  simulators.honor.control({ ratePerSecond: 2 });
  const three = { ...aMessage(), token: ['tokA', 'tokB', 'tokC'] };
  expect((await send(three)).status).toBe(200);
  expect((await send(three)).status).toBe(200);
});

test('a phone shows so many marketing messages a day, service messages without end', async () => {
  simulators.honor.control({ perDeviceQuota: 2 });
  for (let i = 0; i < 3; i++) {
    const { json } = await send(aMessage({ importance: 'LOW', notifyId: -1 }));
    expect(json).toMatchObject({ code: 200, data: { sendResult: true, failTokens: [] } });
  }
  expect(simulators.phones.look('tokA').tray).toHaveLength(2);
  await send(aMessage({ importance: 'NORMAL', notifyId: -1 }));
  await send(aMessage({ importance: 'LOW', notifyId: -1 }, { targetUserType: 1 }));
  expect(simulators.phones.look('tokA').tray).toHaveLength(4);
});

test('without self-classification every notification is marketing', async () => {
  simulators.honor.control({ perDeviceQuota: 1, selfClassification: false });
  await send(aMessage({ notifyId: -1 }));
  await send(aMessage({ notifyId: -1 }));
  expect(simulators.phones.look('tokA').tray).toHaveLength(1);
});

test('in the night no notification is shown, but data arrives', async () => {
  simulators.honor.control({ night: true });
  expect((await send(aMessage())).json).toMatchObject({ code: 200 });
  await send({ token: ['tokA'], data: 'x' });
  expect(simulators.phones.look('tokA').arrivals).toMatchObject([{ effect: 'silent' }]);
});

test('test messages have a daily limit of their own', async () => {
  simulators.honor.control({ dailyTestQuota: 1 });
  const isTest = aMessage({}, { targetUserType: 1 });
  expect((await send(isTest)).json).toMatchObject({ code: 200 });
  expect((await send(isTest)).json).toMatchObject({ code: 429 });
  expect((await send(aMessage())).json).toMatchObject({ code: 200 });
});

test('requests fail on request, with a page or with a code', async () => {
  simulators.honor.control({ failNext: 1, status: 502, retryAfterSeconds: 7 });
  const page = await send(aMessage());
  expect([page.status, page.json, page.headers.get('retry-after')]).toEqual([502, undefined, '7']);
  simulators.honor.control({ failNext: 1, code: 80_300_007, reason: 'all tokens are invalid' });
  const { status, json } = await send(aMessage());
  expect(status).toBe(200);
  expect(json).toEqual({ code: 80_300_007, message: 'all tokens are invalid' });
});

test('dropAfterAccept shows the notification and closes the connection', async () => {
  simulators.honor.control({ dropAfterAccept: 1 });
  await expect(send(aMessage())).rejects.toThrow();
  expect(simulators.phones.look('tokA').tray).toHaveLength(1);
});
