import { meizu } from '../../../lib/vendors/meizu';
import { messageJsonOf } from '../../../lib/vendors/meizu/message';
import { buildRequest, signOf } from '../../../lib/vendors/meizu/protocol';
import { createMeizuSender } from '../../../lib/vendors/meizu/sender';
import {
  aGate,
  aNotification,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';
import { aMeizuCertificate, MEIZU_CREDENTIALS, PUSH_IDS } from './support';

const URL = 'https://server-api-push.meizu.com/garcia/api/server/push/varnished/pushByPushId';

describe('the signature', () => {
  test("of Meizu's own sample", () => {
    const fields = [
      ['appId', '10000'],
      ['pushIds', 'RA50c6348036344485d01776773577c64740465480a6b'],
      [
        'messageJson',
        '{"title":"title","content":"content","pushTimeInfo":{"offLine":1,"validTime":24}}',
      ],
    ] as const;

    expect(signOf(fields, '<APP_SECRET>')).toBe('ac076ff25d9900015a681cb5172aa53b');
    expect(signOf([...fields].reverse(), '<APP_SECRET>')).toBe('ac076ff25d9900015a681cb5172aa53b');
  });

  test('is over raw values, and the request comes out byte for byte', () => {
    const messageJson =
      '{"noticeBarInfo":{"noticeMsgType":1,"title":"订单已发货","content":"您的订单 A-1001 已发货"},"clickTypeInfo":{"clickType":0},"pushTimeInfo":{"offLine":1,"validTime":24}}';

    expect(
      buildRequest(messageJson, PUSH_IDS, MEIZU_CREDENTIALS, { url: URL, timeoutMs: 4_000 }),
    ).toEqual({
      method: 'POST',
      url: URL,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      body: 'appId=100001&pushIds=R5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69788%2CR5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69799&messageJson=%7B%22noticeBarInfo%22%3A%7B%22noticeMsgType%22%3A1%2C%22title%22%3A%22%E8%AE%A2%E5%8D%95%E5%B7%B2%E5%8F%91%E8%B4%A7%22%2C%22content%22%3A%22%E6%82%A8%E7%9A%84%E8%AE%A2%E5%8D%95+A-1001+%E5%B7%B2%E5%8F%91%E8%B4%A7%22%7D%2C%22clickTypeInfo%22%3A%7B%22clickType%22%3A0%7D%2C%22pushTimeInfo%22%3A%7B%22offLine%22%3A1%2C%22validTime%22%3A24%7D%7D&sign=f60118723e91408f122141bf9fec5299',
      timeoutMs: 4_000,
    });
  });
});

describe('a notification in the terms of Meizu', () => {
  const message = (change: Parameters<typeof aSendRequest>[0] = {}) =>
    JSON.parse(messageJsonOf(aSendRequest(change), 'com.example.shop'));
  const shown = (title: string, body: string) =>
    message({ notification: aNotification({ title, body }) }).noticeBarInfo;

  test('all of it', () => {
    const json = messageJsonOf(
      aSendRequest({ receiptUrl: 'https://push.example.com/r/abc' }),
      'com.example.shop',
    );

    expect(json).toBe(
      '{"noticeBarInfo":{"noticeMsgType":1,"title":"订单 已发货","content":"包裹 A&B 100%"},"clickTypeInfo":{"clickType":0,"parameters":{"id":"42","k":"a b+c"}},"pushTimeInfo":{"offLine":1,"validTime":24},"advanceInfo":{"notifyKey":"7"},"extra":{"callback":"https://push.example.com/r/abc","callback.param":"job-42"}}',
    );
  });

  test('it is private unless the class says it is marketing, of which there is a warning', () => {
    const type = (messageClass: object) => message({ messageClass }).noticeBarInfo.noticeMsgType;
    const warnings = (im: object) => meizu.warningsFor?.({ classes: { im } });

    expect(type({})).toBe(1);
    expect(type({ instantMessaging: true })).toBe(1);
    expect(type({ instantMessaging: false })).toBe(0);
    expect(warnings({ instantMessaging: false })).toEqual([expect.stringMatching(/^classes\.im /)]);
    expect(warnings({})).toEqual([]);
    expect(meizu.warningsFor?.({})).toEqual([]);
  });

  test('title and content have at most 32 and 100 characters, an emoji counted as Java does', () => {
    expect(shown('题'.repeat(33), '体'.repeat(101))).toMatchObject({
      title: `${'题'.repeat(31)}…`,
      content: `${'体'.repeat(99)}…`,
    });
    expect(shown('题'.repeat(32), '👨‍👩‍👧'.repeat(20)).content).toMatch(/^(👨‍👩‍👧){12}…$/u);
    expect(shown('题'.repeat(32), 'b').title).toBe('题'.repeat(32));
  });

  test('a blank title or content is replaced, since it would be refused', () => {
    expect(shown(' \n', 'text')).toMatchObject({ title: 'text', content: 'text' });
    expect(shown('name', '\u3000\u200b')).toMatchObject({ title: 'name', content: 'name' });
    expect(shown('', '')).toMatchObject({
      title: 'com.example.shop',
      content: 'com.example.shop',
    });
    const request = aSendRequest({ notification: aNotification({ title: '', body: '' }) });
    expect(JSON.parse(messageJsonOf(request)).noticeBarInfo).toMatchObject({ title: '…' });
  });

  test('no data, and too much of it, are no parameters', () => {
    const parameters = (data: Record<string, string>) =>
      message({ notification: aNotification({ data }) }).clickTypeInfo.parameters;

    expect(parameters({})).toBeUndefined();
    expect(parameters({ k: 'x'.repeat(2_000 - '{"k":""}'.length) })).toBeDefined();
    expect(parameters({ k: 'x'.repeat(2_001 - '{"k":""}'.length) })).toBeUndefined();
  });

  test.each([
    [1, 1],
    [3_600, 1],
    [3_601, 2],
    [86_399, 24],
    [259_200, 72],
    [999_999, 72],
  ])('%i s are kept for %i h', (ttlSeconds, hours) => {
    expect(message({ ttlSeconds }).pushTimeInfo).toEqual({ offLine: 1, validTime: hours });
  });

  test('the key of a notification has at most 8 characters, and is its own', () => {
    const key = (notifyId: number) =>
      message({ notification: aNotification({ notifyId }) }).advanceInfo.notifyKey;

    expect(key(2 ** 31 - 1)).toBe('zik0zj');
    expect(key(2 ** 31 - 2)).toBe('zik0zi');
  });

  test('a receipt address or parameter over its limit is left out, the message is not', () => {
    const url = `https://push.example.com/${'r'.repeat(103)}`;

    expect(message({ receiptUrl: url }).extra).toEqual({
      callback: url,
      'callback.param': 'job-42',
    });
    expect(message({ receiptUrl: `${url}r` })).not.toHaveProperty('extra');
    expect(message({ receiptUrl: url, jobId: 'j'.repeat(65) }).extra).toEqual({ callback: url });
    expect(message()).not.toHaveProperty('extra');
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
      body: '{"code":"200","message":"","value":{},"redirect":"","msgId":"NS20260101a1b2c3"}',
    });
  });

  afterAll(() => server.close());

  const certificate = (path = '') => aMeizuCertificate({ endpoint: server.url + path });
  const pushIds = () => server.requests.map(({ body }) => new URLSearchParams(body).get('pushIds'));

  test('one request carries all tokens, a repeated one once, and takes one pass', async () => {
    const gate = aGate();

    const outcomes = await createMeizuSender(certificate('/meizu/'), somePorts(gate)).send(
      aSendRequest({ tokens: ['id1', 'id2', 'id1'] }),
    );

    expect(outcomes).toEqual(Array(3).fill({ kind: 'accepted', receiptId: 'NS20260101a1b2c3' }));
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/meizu/garcia/api/server/push/varnished/pushByPushId',
    ]);
    expect(pushIds()).toEqual(['id1,id2']);
    const { sign, ...fields } = Object.fromEntries(new URLSearchParams(server.requests[0]?.body));
    expect(sign).toBe(signOf(Object.entries(fields), MEIZU_CREDENTIALS.appSecret));
    expect(gate).toMatchObject({ entered: 1, left: 1 });
  });

  test('a token with a comma, which would reach a second phone, is never sent', async () => {
    const { send } = createMeizuSender(certificate(), somePorts());

    const mixed = await send(aSendRequest({ tokens: ['id1', 'id2,id3'] }));
    const alone = await send(aSendRequest({ tokens: ['id2,id3'] }));

    expect(mixed.map(({ kind }) => kind)).toEqual(['accepted', 'token-invalid']);
    expect(alone.map(({ kind }) => kind)).toEqual(['token-invalid']);
    expect(pushIds()).toEqual(['id1']);
  });

  test('without a pass nothing is sent, and nobody has failed', async () => {
    const outcomes = await createMeizuSender(certificate(), somePorts(aGate(0))).send(
      aSendRequest(),
    );

    expect(outcomes).toMatchObject([{ kind: 'throttled', reason: { code: 'flow-control' } }]);
    expect(server.requests).toEqual([]);
  });

  test('broken credentials are misconfigured', async () => {
    const broken = aMeizuCertificate({ endpoint: server.url, credentials: { appId: '1' } });

    const outcomes = await createMeizuSender(broken, somePorts()).send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'misconfigured', reason: { code: 'certificate' } }]);
    expect(server.requests).toEqual([]);
  });
});
