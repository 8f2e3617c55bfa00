import { bodyOf, messageOf } from '../../../lib/vendors/harmony/protocol';
import { createHarmonySender } from '../../../lib/vendors/harmony/sender';
import type { SendRequest } from '../../../lib/vendors/vendor';
import { aHarmonyCertificate } from '../huawei/support';
import {
  aGate,
  aNotification,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';

const message = (change: Partial<SendRequest> = {}) =>
  messageOf(aSendRequest(change), 'com.example.shop');
const shown = (change: Partial<SendRequest> = {}) => message(change).notification;

test('the documented example, but that it is no test and the app in front shows nothing', () => {
  const request = aSendRequest({
    jobId: 'ord-1001',
    notification: aNotification({
      title: '订单已发货',
      body: '您的订单 A-1001 已发货',
      notifyId: 1001,
      dedupeKey: 'ord-1001',
      badge: { add: 1 },
      data: { orderId: 'A-1001' },
    }),
    messageClass: { category: 'EXPRESS' },
  });

  const body = bodyOf(messageOf(request, undefined), [
    'IQAAAACy0tYEAACexampleTokenOne',
    'IQAAAACy0tYEAACexampleTokenTwo',
  ]);

  expect(body).toBe(
    '{"payload":{"notification":{"category":"EXPRESS","title":"订单已发货","body":"您的订单 A-1001 已发货","notifyId":1001,"appMessageId":"ord-1001","clickAction":{"actionType":0,"data":{"orderId":"A-1001"}},"badge":{"addNum":1},"foregroundShow":false}},"target":{"token":["IQAAAACy0tYEAACexampleTokenOne","IQAAAACy0tYEAACexampleTokenTwo"]},"pushOptions":{"ttl":86400,"biTag":"ord-1001"}}',
  );
});

test('a chat message is of category IM unless its class says otherwise', () => {
  expect(message()).toEqual({
    notification: {
      category: 'IM',
      title: '订单 已发货',
      body: '包裹 A&B 100%',
      notifyId: 7,
      appMessageId: 'kAbCdEfGhIj1',
      clickAction: { actionType: 0, data: { id: '42', k: 'a b+c' } },
      foregroundShow: false,
    },
    pushOptions: { ttl: 86_400, biTag: 'job-42' },
  });
  expect(shown({ messageClass: { category: 'MISS_CALL' } }).category).toBe('MISS_CALL');
  expect(shown({ messageClass: { instantMessaging: false } }).category).toBe('MARKETING');
});

test('a repeat of a message has its ids, another message has others, whatever the job', () => {
  const idsOf = (change: Partial<SendRequest>) => {
    const { notifyId, appMessageId } = shown(change);
    return { notifyId, appMessageId };
  };

  expect(idsOf({ jobId: 'job-1' })).toEqual(idsOf({ jobId: 'job-1.2.http-503' }));
  const other = aNotification({ notifyId: 8, dedupeKey: 'kOther' });
  expect(idsOf({ notification: other })).toEqual({ notifyId: 8, appMessageId: 'kOther' });
});

test('a badge stays within 0..99', () => {
  const badge = (one: { set: number } | { add: number }) =>
    shown({ notification: aNotification({ badge: one }) }).badge;

  expect(badge({ set: 0 })).toEqual({ setNum: 0 });
  expect(badge({ set: -1 })).toEqual({ setNum: 0 });
  expect(badge({ set: 100 })).toEqual({ setNum: 99 });
  expect(badge({ add: 100 })).toEqual({ addNum: 99 });
  expect(badge({ add: 0 })).toBeUndefined();
  expect(shown()).not.toHaveProperty('badge');
});

test('a message lives fifteen days at most, and a job id too long to come back is left out', () => {
  expect(message({ ttlSeconds: 1_296_001 }).pushOptions.ttl).toBe(1_296_000);
  expect(message({ ttlSeconds: 1 }).pushOptions.ttl).toBe(1);
  expect(message({ jobId: 'j'.repeat(64) }).pushOptions.biTag).toHaveLength(64);
  expect(message({ jobId: '工'.repeat(22) }).pushOptions).not.toHaveProperty('biTag');
});

describe('texts and data', () => {
  const withTexts = (title: string, body: string, data = {}) => ({
    notification: aNotification({ title, body, data }),
  });
  const bytesOf = (change: Partial<SendRequest>) => Buffer.byteLength(bodyOf(message(change), []));

  test('a blank title or body is replaced by what can be seen', () => {
    expect(shown(withTexts(' \n', 'text'))).toMatchObject({ title: 'text', body: 'text' });
    expect(shown(withTexts('name', '\u200b'))).toMatchObject({ title: 'name', body: 'name' });
    expect(shown(withTexts('', ''))).toMatchObject({ title: 'com.example.shop' });
  });

  test('a long text is cut to the last byte, and the data stays', () => {
    const change = withTexts('题'.repeat(400), 'x"'.repeat(4_000), { sessionId: 'u1' });

    expect(bytesOf(change)).toBeLessThanOrEqual(4_096);
    expect(bytesOf(change)).toBeGreaterThan(4_090);
    expect(shown(change).clickAction.data).toEqual({ sessionId: 'u1' });
    expect(bytesOf(withTexts('t', 'x'.repeat(9_000)))).toBe(4_096);
  });

  test('data that leaves no room for the text is left out before the text is cut', () => {
    const change = withTexts('name', '体'.repeat(500), { big: 'x'.repeat(2_900) });

    expect(shown(change).clickAction).toEqual({ actionType: 0 });
    expect(shown(change).body).toBe('体'.repeat(500));
    expect(shown(withTexts('a', 'b')).clickAction).toEqual({ actionType: 0 });
  });
});

describe('on the wire', () => {
  let server: VendorServer;

  beforeAll(async () => {
    server = await startVendorServer();
  });

  beforeEach(() => {
    server.requests.length = 0;
    server.answer = () => ({
      status: 200,
      body: '{"code":"80000000","msg":"Success","requestId":"1760000000000_0_1"}',
    });
  });

  afterAll(() => server.close());

  const sender = (change = {}, gate = aGate()) =>
    createHarmonySender(aHarmonyCertificate({ endpoint: server.url, ...change }), somePorts(gate));
  const tokensOf = (body = '') => JSON.parse(body).target.token;

  test('one request to the address of the project carries all tokens, each of which counts', async () => {
    const weights: number[] = [];
    const gate = aGate();
    const enter = gate.enter.bind(gate);
    gate.enter = (weight, maxWaitMs) => {
      weights.push(weight);
      return enter(weight, maxWaitMs);
    };

    const outcomes = await sender({}, gate).send(
      aSendRequest({ tokens: ['tokA', 'tokB', 'tokA'] }),
    );

    expect(outcomes).toEqual(Array(3).fill({ kind: 'accepted', receiptId: '1760000000000_0_1' }));
    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect(`${request?.method} ${request?.path}`).toBe('POST /v3/388421841221000001/messages:send');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'push-type': '0',
      authorization: expect.stringMatching(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/),
    });
    expect(request?.body).toBe(bodyOf(message(), ['tokA', 'tokB']));
    expect(weights).toEqual([2]);
  });

  test('no request has more tokens than the certificate may send in a second', async () => {
    await sender({ limits: { ratePerSecond: 2 } }).send(aSendRequest({ tokens: ['a', 'b', 'c'] }));

    const counts = server.requests.map(({ body }) => tokensOf(body).length);
    expect(counts.sort()).toEqual([1, 2]);
  });

  test('a test message goes to at most ten phones a request', async () => {
    const fields = { harmonyField: { pushOptions: { testMessage: true } } };
    const tokens: [string, ...string[]] = [
      't0',
      ...Array.from({ length: 10 }, (_, n) => `t${n + 1}`),
    ];

    await sender().send(aSendRequest({ notification: aNotification({ fields }), tokens }));

    const counts = server.requests.map(({ body }) => tokensOf(body).length);
    expect(counts.sort()).toEqual([1, 10]);
  });

  test('a certificate with broken credentials is misconfigured', async () => {
    const outcomes = await sender({ credentials: { projectId: '1' } }).send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'misconfigured', reason: { code: 'certificate' } }]);
    expect(server.requests).toEqual([]);
  });
});
