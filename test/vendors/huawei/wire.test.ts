import { bodyOf, messageOf, sendPath } from '../../../lib/vendors/huawei/protocol';
import { createHuaweiSender } from '../../../lib/vendors/huawei/sender';
import type { SendRequest } from '../../../lib/vendors/vendor';
import {
  aGate,
  aNotification,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';
import { aHuaweiCertificate, HUAWEI_CREDENTIALS } from './support';

const LAUNCHER = 'com.example.shop.MainActivity';

const message = (change: Partial<SendRequest> = {}) =>
  messageOf(aSendRequest(change), 'com.example.shop');
const shown = (change: Partial<SendRequest> = {}) => message(change).android.notification;

test('the documented example, but that a click opens the app and the app in front shows nothing', () => {
  const request = aSendRequest({
    jobId: 'm-42',
    notification: aNotification({
      title: '订单',
      body: '已发货',
      badge: { add: 1 },
      data: { id: '42' },
    }),
    messageClass: { category: 'EXPRESS', channelId: 'orders', launcherActivity: LAUNCHER },
  });

  expect(bodyOf(messageOf(request, undefined), ['tokA', 'tokB'])).toBe(
    '{"validate_only":false,"message":{"token":["tokA","tokB"],"data":"{\\"id\\":\\"42\\"}","android":{' +
      '"collapse_key":-1,"urgency":"NORMAL","ttl":"86400s","category":"EXPRESS","bi_tag":"m-42","target_user_type":0,' +
      '"notification":{"title":"订单","body":"已发货","importance":"NORMAL","channel_id":"orders","notify_id":7,' +
      '"click_action":{"type":3},"badge":{"add_num":1,"class":"com.example.shop.MainActivity"},"foreground_show":false}}}}',
  );
});

test('a chat message is of category IM unless its class says otherwise', () => {
  expect(message().android).toEqual({
    collapse_key: -1,
    urgency: 'NORMAL',
    ttl: '86400s',
    category: 'IM',
    bi_tag: 'job-42',
    target_user_type: 0,
    notification: {
      title: '订单 已发货',
      body: '包裹 A&B 100%',
      importance: 'NORMAL',
      notify_id: 7,
      click_action: { type: 3 },
      foreground_show: false,
    },
  });
  const categoryOf = (messageClass: SendRequest['messageClass'] & object) =>
    message({ messageClass }).android.category;
  expect(categoryOf({ category: 'VOIP' })).toBe('VOIP');
  expect(categoryOf({ instantMessaging: true })).toBe('IM');
  expect(categoryOf({ instantMessaging: false })).toBe('MARKETING');
  expect(categoryOf({ instantMessaging: false, category: 'WORK' })).toBe('WORK');
});

test('a quiet class is LOW', () => {
  expect(shown({ messageClass: { importance: 'low' } }).importance).toBe('LOW');
  expect(shown({ messageClass: { importance: 'normal' } }).importance).toBe('NORMAL');
});

test('a badge needs the launcher activity, and stays within 0..99', () => {
  const messageClass = { launcherActivity: LAUNCHER };
  const badge = (one: { set: number } | { add: number }, withClass = true) =>
    shown({
      notification: aNotification({ badge: one }),
      ...(withClass ? { messageClass } : {}),
    }).badge;

  expect(badge({ set: 5 }, false)).toBeUndefined();
  expect(badge({ set: 5 })).toEqual({ set_num: 5, class: LAUNCHER });
  expect(badge({ set: 0 })).toEqual({ set_num: 0, class: LAUNCHER });
  expect(badge({ set: -1 })).toEqual({ set_num: 0, class: LAUNCHER });
  expect(badge({ set: 100 })).toEqual({ set_num: 99, class: LAUNCHER });
  expect(badge({ add: 100 })).toEqual({ add_num: 99, class: LAUNCHER });
  expect(badge({ add: 0 })).toBeUndefined();
  expect(shown({ messageClass })).not.toHaveProperty('badge');
});

test('a message lives fifteen days at most', () => {
  const ttl = (ttlSeconds: number) => message({ ttlSeconds }).android.ttl;

  expect(ttl(1)).toBe('1s');
  expect(ttl(1_296_000)).toBe('1296000s');
  expect(ttl(1_296_001)).toBe('1296000s');
});

test('a job id too long to come back is left out, the message is not', () => {
  expect(message({ jobId: 'j'.repeat(64) }).android.bi_tag).toHaveLength(64);
  expect(message({ jobId: '工'.repeat(22) }).android).not.toHaveProperty('bi_tag');
});

test('with a project id the address is that of the project', () => {
  expect(sendPath({ clientId: '100200300' })).toBe('/v1/100200300/messages:send');
  expect(sendPath({ clientId: '100200300', projectId: '388' })).toBe('/v2/388/messages:send');
});

describe('on the wire', () => {
  let server: VendorServer;

  beforeAll(async () => {
    server = await startVendorServer();
  });

  beforeEach(() => {
    server.requests.length = 0;
    server.answer = ({ path }) => ({
      status: 200,
      body: path.endsWith('/token')
        ? '{"access_token":"CgB6e3x9AT\\/abc+1==","expires_in":3600,"token_type":"Bearer"}'
        : '{"code":"80000000","msg":"Success","requestId":"157000000000000006"}',
    });
  });

  afterAll(() => server.close());

  const sender = (change = {}, gate = aGate()) =>
    createHuaweiSender(
      aHuaweiCertificate({ endpoint: server.url, authEndpoint: server.url, ...change }),
      somePorts(gate),
    );
  const messages = () => server.requests.filter(({ path }) => path.endsWith(':send'));
  const tokensOf = (body = '') => JSON.parse(body).message.token;

  test('one request carries all tokens, each of which counts for the rate', async () => {
    const weights: number[] = [];
    const gate = aGate();
    const enter = gate.enter.bind(gate);
    gate.enter = (weight, maxWaitMs) => {
      weights.push(weight);
      return enter(weight, maxWaitMs);
    };

    const outcomes = await sender({ endpoint: `${server.url}/hms/` }, gate).send(
      aSendRequest({ tokens: ['tokA', 'tokB', 'tokC'] }),
    );

    expect(outcomes).toEqual(Array(3).fill({ kind: 'accepted', receiptId: '157000000000000006' }));
    const [request] = messages();
    expect(messages()).toHaveLength(1);
    expect(`${request?.method} ${request?.path}`).toBe('POST /hms/v1/100200300/messages:send');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json;charset=UTF-8',
      authorization: 'Bearer CgB6e3x9AT/abc+1==',
    });
    expect(request?.body).toBe(bodyOf(message(), ['tokA', 'tokB', 'tokC']));
    expect(weights).toEqual([3]);
  });

  test('a token named twice is sent once, for the phone would get the message twice', async () => {
    const outcomes = await sender().send(aSendRequest({ tokens: ['tokA', 'tokB', 'tokA'] }));

    expect(outcomes).toHaveLength(3);
    expect(messages().map(({ body }) => tokensOf(body))).toEqual([['tokA', 'tokB']]);
  });

  test('no request has more tokens than Huawei takes, or than the certificate may send in a second', async () => {
    const tokens: [string, ...string[]] = [
      't0',
      ...Array.from({ length: 1_000 }, (_, n) => `t${n + 1}`),
    ];

    await sender().send(aSendRequest({ tokens }));
    expect(
      messages()
        .map(({ body }) => tokensOf(body).length)
        .sort(),
    ).toEqual([1, 1_000]);

    server.requests.length = 0;
    await sender({ limits: { ratePerSecond: 2 } }).send(aSendRequest({ tokens: ['a', 'b', 'c'] }));
    expect(
      messages()
        .map(({ body }) => tokensOf(body).length)
        .sort(),
    ).toEqual([1, 2]);
  });

  test('with a project id messages go through the project', async () => {
    await sender({ credentials: { ...HUAWEI_CREDENTIALS, projectId: '388' } }).send(aSendRequest());

    expect(messages().map(({ path }) => path)).toEqual(['/v2/388/messages:send']);
  });

  test('without a pass nothing is sent, and nobody has failed', async () => {
    const outcomes = await sender({}, aGate(0)).send(aSendRequest({ tokens: ['a', 'b'] }));

    expect(outcomes).toMatchObject(
      Array(2).fill({ kind: 'throttled', scope: 'second', reason: { code: 'flow-control' } }),
    );
    expect(messages()).toEqual([]);
  });

  test('a certificate with broken credentials is misconfigured', async () => {
    const outcomes = await sender({ credentials: { clientSecret: 's' } }).send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'misconfigured', reason: { code: 'certificate' } }]);
    expect(server.requests).toEqual([]);
  });
});
