import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call } from '../calls';
import { aNotification, postMeizu, postMeizuBody, sign } from './calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20, ratePerSecond: { meizu: Infinity } });
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.meizu.reset();
  simulators.phones.clear();
});

const bar = (change: Readonly<Record<string, unknown>>) => ({
  noticeBarInfo: { title: 'T', content: 'C', ...change },
});
const keyed = (notifyKey: string, title = 'T') =>
  aNotification({ advanceInfo: { notifyKey }, ...bar({ title }) });

test('a right notification is accepted and shown', async () => {
  const { status, json } = await postMeizu(simulators, aNotification(), 'RA1,RA2');
  expect(status).toBe(200);
  expect(json).toEqual({
    code: '200',
    message: '',
    value: {},
    redirect: '',
    msgId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  for (const pushId of ['RA1', 'RA2']) {
    expect(simulators.phones.look(pushId)).toMatchObject({
      tray: [{ title: '订单已发货', body: '您的订单 A-1001 已发货', package: 'com.example.chat' }],
      arrivals: [{ vendor: 'meizu', effect: 'shown', fields: { messageJson: aNotification() } }],
    });
  }
  expect(simulators.meizu.counters()).toMatchObject({ accepted: 1, targets: 2, authRequests: 0 });
});

test('a form is read as it is on the wire: of another app, with another signature, right', async () => {
  const { appId, appSecret } = simulators.credentials('meizu');
  const example =
    'appId=100001&pushIds=R5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69788%2CR5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69799&messageJson=%7B%22noticeBarInfo%22%3A%7B%22noticeMsgType%22%3A1%2C%22title%22%3A%22%E8%AE%A2%E5%8D%95%E5%B7%B2%E5%8F%91%E8%B4%A7%22%2C%22content%22%3A%22%E6%82%A8%E7%9A%84%E8%AE%A2%E5%8D%95+A-1001+%E5%B7%B2%E5%8F%91%E8%B4%A7%22%7D%2C%22clickTypeInfo%22%3A%7B%22clickType%22%3A0%7D%2C%22pushTimeInfo%22%3A%7B%22offLine%22%3A1%2C%22validTime%22%3A24%7D%7D&sign=f60118723e91408f122141bf9fec5299';
  expect((await postMeizuBody(simulators, example)).json).toMatchObject({ code: '110000' });
  const ours = example.replace('appId=100001', `appId=${appId}`);
  expect((await postMeizuBody(simulators, ours)).json).toMatchObject({ code: '1006' });
  const { sign: _, ...fields } = Object.fromEntries(new URLSearchParams(ours));
  const signature = sign(fields, appSecret);
  const body = ours.replace('f60118723e91408f122141bf9fec5299', signature);
  simulators.meizu.control({ deadTokens: ['R5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69799'] });
  expect((await postMeizuBody(simulators, body)).json).toMatchObject({
    code: '200',
    value: { 110002: ['R5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69799'] },
  });
});

test('what the official Java SDK sends, with truth values and empty defaults, is accepted', async () => {
  const { json } = await postMeizu(simulators, {
    noticeBarInfo: {
      content: 'C',
      noticeBarImgUrl: '',
      noticeBarType: 0,
      noticeMsgType: 0,
      title: 'T',
    },
    noticeExpandInfo: { noticeExpandContent: '', noticeExpandImgUrl: '', noticeExpandType: 0 },
    clickTypeInfo: { activity: '', clickType: 0, customAttribute: '', url: '' },
    pushTimeInfo: { offLine: true, pushTimeType: 0, startTime: '', validTime: 24 },
    advanceInfo: {
      clearNoticeBar: true,
      fixDisplay: false,
      fixEndDisplayTime: '',
      fixSpeed: false,
      fixSpeedRate: 0,
      fixStartDisplayTime: '',
      notificationType: { lights: true, sound: true, vibrate: true },
      notifyKey: '',
      suspend: true,
    },
    vipInfo: {
      backgroundImgUrl: '',
      bigIconUrl: '',
      notGroup: false,
      pullDownTop: false,
      smallIconUrl: '',
      subtitle: '',
      timeTop: 0,
      titleColor: '',
    },
    extra: {},
  });
  expect(json).toMatchObject({ code: '200' });
});

test('of the same notifyKey only the latest is in the tray', async () => {
  await postMeizu(simulators, keyed('order-1'));
  await postMeizu(simulators, keyed('order-1', 'newer'));
  await postMeizu(simulators, keyed('order-2'));
  await postMeizu(simulators, keyed(''));
  await postMeizu(simulators, keyed(''));
  const { tray, repeats } = simulators.phones.look('RA1');
  expect(tray.map(({ tag, title }) => [tag, title])).toEqual([
    ['order-1', 'newer'],
    ['order-2', 'T'],
    [undefined, 'T'],
    [undefined, 'T'],
  ]);
  expect(repeats).toBe(1);
});

test('targets that were not reached are listed by code, in an answer of 200', async () => {
  simulators.meizu.control({
    deadTokens: ['gone'],
    mutedTokens: ['quiet'],
    targetCodes: { R513: 513, R518: 518, R519: 519, R501: 501, R201: 201 },
  });
  const { status, json } = await postMeizu(
    simulators,
    aNotification(),
    'RA1,dead-1,gone,muted-1,quiet,a/b,R513,R518,R519,R501,R201',
  );
  expect(status).toBe(200);
  expect(json).toEqual({
    code: '200',
    message: '',
    value: {
      110002: ['dead-1', 'gone'],
      110003: ['a/b'],
      110010: ['muted-1', 'quiet'],
      201: ['R201'],
      501: ['R501'],
      513: ['R513'],
      518: ['R518'],
      519: ['R519'],
    },
    redirect: '',
    msgId: expect.any(String),
  });
  expect(simulators.phones.tokens()).toEqual(['RA1']);
  expect(simulators.meizu.counters()).toMatchObject({ accepted: 1, targets: 1 });
});

test('with all targets dead the answer is still 200', async () => {
  const { json } = await postMeizu(simulators, aNotification(), 'dead-1');
  expect(json).toMatchObject({ code: '200', value: { 110002: ['dead-1'] } });
  expect(simulators.phones.totals().arrivals).toBe(0);
});

test('a pushId named twice gets the message once', async () => {
  await postMeizu(simulators, aNotification(), 'RA1,RA1');
  expect(simulators.phones.look('RA1').arrivals).toHaveLength(1);
});

test.each([500, 1001, 1003, 110001, 110009, 110031, 110032, 110033, 110051])(
  'code %i can be asked for',
  async (code) => {
    simulators.meizu.control({ failNext: 1, code });
    const { status, json } = await postMeizu(simulators);
    expect(status).toBe(200);
    expect(json).toEqual({
      code: `${code}`,
      message: expect.stringMatching(/./),
      value: '',
      redirect: '',
    });
    expect((await postMeizu(simulators)).json).toMatchObject({ code: '200' });
  },
);

test('a redirect can be asked for', async () => {
  const redirect = 'https://server-api-push.meizu.com/other';
  simulators.meizu.control({ failNext: 1, code: 300, redirect });
  expect((await postMeizu(simulators)).json).toMatchObject({ code: '300', redirect });
});

test('an outage is a page, not JSON', async () => {
  simulators.meizu.control({ failNext: 1, status: 502, retryAfterSeconds: 7 });
  const { status, json, headers } = await postMeizu(simulators);
  expect([status, json, headers.get('retry-after')]).toEqual([502, undefined, '7']);
  expect(simulators.meizu.counters()).toMatchObject({ failed: 1, accepted: 0 });
});

test('a call carried out but not answered reached the phone', async () => {
  simulators.meizu.control({ dropAfterAccept: 1 });
  await expect(postMeizu(simulators)).rejects.toThrow();
  expect(simulators.phones.look('RA1').tray).toHaveLength(1);
});

test('the control takes only what there is', async () => {
  const post = (body: string) => call(`${simulators.url}/meizu/control`, { method: 'POST', body });
  expect((await post('{"dailyQuota": {"total": 1}}')).status).toBe(200);
  expect((await post('{"dailyQuota": 1}')).status).toBe(400);
  expect((await post('{"ipNotAllowed": true}')).status).toBe(400);
});
