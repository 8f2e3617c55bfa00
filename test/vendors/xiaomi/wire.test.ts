import { createHash } from 'node:crypto';
import { xiaomi } from '../../../lib/vendors/xiaomi';
import { messageOf } from '../../../lib/vendors/xiaomi/message';
import { buildRequest } from '../../../lib/vendors/xiaomi/protocol';
import { createXiaomiSender } from '../../../lib/vendors/xiaomi/sender';
import {
  aGate,
  aNotification,
  aSendRequest,
  aXiaomiCertificate,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';

const URL = 'https://api.xmpush.xiaomi.com/v3/message/regid';
const DAY_MS = 86_400_000;

test('the test vector comes out byte for byte as the official SDK writes it', () => {
  const message = {
    registrationIds: ['regA=='],
    packageName: 'com.example.shop',
    timeToLiveMs: DAY_MS,
    payload: '{"id":"42","k":"a b+c"}',
    title: '订单 已发货',
    description: '包裹 A&B 100%',
    notifyType: -1,
    notifyId: 7,
    extra: {
      notify_effect: '1',
      channel_id: '123456',
      notify_foreground: '1',
      callback: 'https://push.example.com/mi',
      'callback.param': 'm-42',
      'callback.type': '17',
    },
  };

  const request = buildRequest(message, URL, 'APPSECRET0123456789', 5_000);

  expect(request).toEqual({
    method: 'POST',
    url: URL,
    headers: {
      Authorization: 'key=APPSECRET0123456789',
      'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
    },
    body: expect.any(String),
    timeoutMs: 5_000,
  });
  expect(request.body).toHaveLength(460);
  expect(createHash('sha256').update(String(request.body)).digest('hex')).toBe(
    '233fbb402b938679e7acdf88bca7795109e60d8acc01f0dc59ef1e7456643955',
  );

  const two = buildRequest({ ...message, registrationIds: ['regA==', 'regB='] }, URL, 's', 1);
  expect(two.body).toBe(request.body?.replace('regA%3D%3D', 'regA%3D%3D%2CregB%3D'));
});

describe('a notification in the terms of Xiaomi', () => {
  const message = (change: Parameters<typeof aSendRequest>[0] = {}) =>
    messageOf(aSendRequest(change), ['regA=='], 'com.example.shop');

  test('all of it', () => {
    expect(
      message({
        messageClass: { channelId: '123456', templateId: 'T1' },
        receiptUrl: 'https://push.example.com/r/abc',
      }),
    ).toEqual({
      registrationIds: ['regA=='],
      packageName: 'com.example.shop',
      timeToLiveMs: DAY_MS,
      payload: '{"id":"42","k":"a b+c"}',
      title: '订单 已发货',
      description: '包裹 A&B 100%',
      notifyType: -1,
      notifyId: 7,
      extra: {
        notify_effect: '1',
        channel_id: '123456',
        template_id: 'T1',
        id: '42',
        k: 'a b+c',
        notify_foreground: '0',
        jobkey: 'kAbCdEfGhIj1',
        callback: 'https://push.example.com/r/abc',
        'callback.param': 'job-42',
        'callback.type': '1267',
      },
    });
  });

  test('title and body stay under 50 and 128 characters, an emoji counted as Java does', () => {
    const { title, description } = message({
      notification: aNotification({ title: '题'.repeat(50), body: '👨‍👩‍👧'.repeat(60) }),
    });

    expect(title).toBe(`${'题'.repeat(48)}…`);
    expect(description.length).toBeLessThan(128);
    expect(description).toMatch(/^(👨‍👩‍👧){15}…$/u);
    expect(message({ notification: aNotification({ title: '题'.repeat(49) }) }).title).toHaveLength(
      49,
    );
  });

  test('a blank title or body is replaced, since it would be refused', () => {
    const texts = (title: string, body: string) => {
      const sent = message({ notification: aNotification({ title, body }) });
      return [sent.title, sent.description];
    };

    expect(texts(' \n', 'text')).toEqual(['text', 'text']);
    expect(texts('name', '\u3000\u200b')).toEqual(['name', 'name']);
    expect(texts('', '')).toEqual(['com.example.shop', 'com.example.shop']);
  });

  test('no data, and data Xiaomi would refuse, are no payload', () => {
    const payload = (data: Record<string, string>) =>
      message({ notification: aNotification({ data }) }).payload;

    expect(payload({})).toBeUndefined();
    expect(payload({ k: 'x'.repeat(4_095 - '{"k":""}'.length) })).toHaveLength(4_095);
    expect(payload({ k: 'x'.repeat(4_096 - '{"k":""}'.length) })).toBeUndefined();
  });

  test('a public message is kept a day at most, a private one ten days', () => {
    const ttl = (ttlSeconds: number, messageClass = {}) =>
      message({ ttlSeconds, messageClass }).timeToLiveMs;

    expect(ttl(45)).toBe(45_000);
    expect(ttl(864_001)).toBe(DAY_MS);
    expect(ttl(864_001, { channelId: '1' })).toBe(DAY_MS);
    expect(ttl(864_001, { channelId: '1', templateId: 'T1' })).toBe(10 * DAY_MS);
  });

  test('a receipt address or parameter over its limit is left out, the message is not', () => {
    const url = `https://push.example.com/${'r'.repeat(103)}`;

    expect(message({ receiptUrl: url }).extra).toHaveProperty('callback', url);
    expect(message({ receiptUrl: `${url}r` }).extra).not.toHaveProperty('callback');
    expect(message({ receiptUrl: `${url}r` }).extra).not.toHaveProperty(['callback.type']);
    expect(message({ receiptUrl: url, jobId: 'j'.repeat(65) }).extra).toEqual({
      ...message({ receiptUrl: url }).extra,
      'callback.param': undefined,
    });
    expect(message().extra).not.toHaveProperty('callback');
  });
});

describe('on the wire', () => {
  let server: VendorServer;

  beforeAll(async () => {
    server = await startVendorServer();
    server.answer = () => ({ status: 200, body: '{"result":"ok","code":0,"data":{"id":"sdm1"}}' });
  });

  beforeEach(() => {
    server.requests.length = 0;
  });

  afterAll(() => server.close());

  test('one request carries all tokens, and takes one pass', async () => {
    const gate = aGate();
    const certificate = aXiaomiCertificate({ endpoint: `${server.url}/xiaomi/` });

    const outcomes = await createXiaomiSender(certificate, somePorts(gate)).send(
      aSendRequest({ tokens: ['regA==', 'regB=', 'regC'] }),
    );

    expect(outcomes).toEqual(Array(3).fill({ kind: 'accepted', receiptId: 'sdm1' }));
    expect(server.requests.map(({ path }) => path)).toEqual(['/xiaomi/v3/message/regid']);
    expect(new URLSearchParams(server.requests[0]?.body).get('registration_id')).toBe(
      'regA==,regB=,regC',
    );
    expect(gate).toMatchObject({ entered: 1, left: 1 });
  });

  test('of addresses by region the default is used, else the first', async () => {
    const send = (endpoint: Record<string, string>) =>
      createXiaomiSender(aXiaomiCertificate({ endpoint }), somePorts()).send(aSendRequest());

    await send({ eu: 'http://127.0.0.1:1', default: `${server.url}/one` });
    await send({ eu: `${server.url}/two`, in: 'http://127.0.0.1:1' });

    expect(server.requests.map(({ path }) => path)).toEqual([
      '/one/v3/message/regid',
      '/two/v3/message/regid',
    ]);
  });

  test('a token with a comma, which would reach a second phone, is never sent', async () => {
    const send = createXiaomiSender(aXiaomiCertificate({ endpoint: server.url }), somePorts()).send;

    const mixed = await send(aSendRequest({ tokens: ['regA==', 'regB=,regC'] }));
    const alone = await send(aSendRequest({ tokens: ['regB=,regC'] }));

    expect(mixed.map(({ kind }) => kind)).toEqual(['accepted', 'token-invalid']);
    expect(alone.map(({ kind }) => kind)).toEqual(['token-invalid']);
    expect(server.requests).toHaveLength(1);
    expect(new URLSearchParams(server.requests[0]?.body).get('registration_id')).toBe('regA==');
  });

  test('without a pass nothing is sent, and nobody has failed', async () => {
    const certificate = aXiaomiCertificate({ endpoint: server.url });

    const outcomes = await createXiaomiSender(certificate, somePorts(aGate(0))).send(
      aSendRequest(),
    );

    expect(outcomes).toMatchObject([
      { kind: 'throttled', scope: 'second', reason: { code: 'flow-control' } },
    ]);
    expect(server.requests).toEqual([]);
  });

  test('a certificate without package, or with broken credentials, is misconfigured', async () => {
    const { package: _, ...bare } = aXiaomiCertificate({ endpoint: server.url });
    const broken = aXiaomiCertificate({ endpoint: server.url, credentials: { appSecret: 's' } });

    for (const certificate of [bare, broken]) {
      const outcomes = await createXiaomiSender(certificate, somePorts()).send(aSendRequest());
      expect(outcomes).toMatchObject([{ kind: 'misconfigured', reason: { code: 'certificate' } }]);
    }
    expect(server.requests).toEqual([]);
  });
});

test('a certificate with an endpoint for each region is reached where the device is', async () => {
  const regions = ['CN', 'IN', 'RU', 'DE', 'BR', undefined].map((region) =>
    xiaomi.regionOf?.('regA==', region),
  );
  expect(regions).toEqual(['china', 'india', 'russia', 'europe', 'singapore', 'china']);
});

test('settings that lead to the restricted class are warned of', () => {
  const warn = (im?: object) => xiaomi.warningsFor?.(im === undefined ? {} : { classes: { im } });

  expect(warn()).toEqual([expect.stringContaining('classes.im.channelId')]);
  expect(warn({ channelId: 'c' })).toEqual([expect.stringContaining('classes.im.templateId')]);
  expect(warn({ channelId: 'c', templateId: 't' })).toEqual([]);
});
