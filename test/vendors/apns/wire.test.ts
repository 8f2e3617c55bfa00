import { messageOf } from '../../../lib/vendors/apns/protocol';
import { createApnsSender, createSenderWithin } from '../../../lib/vendors/apns/sender';
import { aGate, aNotification, aSendRequest, somePorts } from '../support';
import {
  APNS_CREDENTIALS,
  anApnsCertificate,
  DEVICE_TOKEN,
  type Http2VendorServer,
  startHttp2VendorServer,
} from './support';

const NOW = 1_760_000_000_999;
const message = (change: Parameters<typeof aSendRequest>[0] = {}) =>
  messageOf(aSendRequest(change), 'com.example.demo', NOW);
const payload = (change: Parameters<typeof aSendRequest>[0] = {}) =>
  JSON.parse(message(change).body);

test('the documented example comes out byte for byte', () => {
  const { headers, body } = message({
    ttlSeconds: 3_600,
    notification: aNotification({
      title: 'Order shipped',
      body: 'A-1001',
      notifyId: 1001,
      badge: { set: 3 },
      data: { orderId: 'A-1001' },
    }),
  });

  expect(Object.entries(headers)).toEqual([
    ['apns-topic', 'com.example.demo'],
    ['apns-push-type', 'alert'],
    ['apns-priority', '10'],
    ['apns-expiration', '1760003600'],
    ['apns-collapse-id', '1001'],
  ]);
  expect(body).toBe(
    '{"orderId":"A-1001","aps":{"alert":{"title":"Order shipped","body":"A-1001"},"badge":3,"sound":"default"}}',
  );
});

describe('a notification in the terms of Apple', () => {
  test('is stored for 30 days at most, and waits for power when it is not urgent', () => {
    const { headers } = message({
      ttlSeconds: 9_999_999,
      notification: aNotification({ urgency: 'normal' }),
    });

    expect(headers).toMatchObject({
      'apns-expiration': String(1_760_000_000 + 2_592_000),
      'apns-priority': '5',
    });
  });

  test('has an absolute badge, and none to add', () => {
    const badge = (one: { set: number } | { add: number }) =>
      payload({ notification: aNotification({ badge: one }) }).aps.badge;

    expect(badge({ set: 0 })).toBe(0);
    expect(badge({ set: 120 })).toBe(120);
    expect(badge({ add: 1 })).toBeUndefined();
    expect(payload().aps).not.toHaveProperty('badge');
  });

  test('has the category of its class', () => {
    expect(payload({ messageClass: { category: 'CHAT' } }).aps.category).toBe('CHAT');
    expect(payload().aps).not.toHaveProperty('category');
  });

  test('never lets custom data stand in for what Apple reads', () => {
    const data = { aps: '{"alert":"forged"}', id: '42' };

    expect(payload({ notification: aNotification({ data }) })).toEqual({
      id: '42',
      aps: { alert: { title: '订单 已发货', body: '包裹 A&B 100%' }, sound: 'default' },
    });
  });

  test('loses a blank title, and shows the title for a blank body', () => {
    const alert = (title: string, body: string) =>
      payload({ notification: aNotification({ title, body }) }).aps.alert;

    expect(alert(' ', 'text')).toEqual({ body: 'text' });
    expect(alert('name', '\u200b')).toEqual({ title: 'name', body: 'name' });
    expect(alert('', '')).toEqual({ body: '…' });
    expect(alert('a\ud800b', 'c')).toEqual({ title: 'a\ufffdb', body: 'c' });
  });

  test.each(['题', '👨‍👩‍👧', '"', '\u0001a', 'a'])(
    'has at most 4096 bytes, filled with %j',
    (text) => {
      const { body } = message({
        notification: aNotification({ title: text.repeat(4_000), body: text.repeat(4_000) }),
        messageClass: { category: 'CHAT' },
      });

      const bytes = Buffer.byteLength(body);
      expect(bytes).toBeLessThanOrEqual(4_096);
      expect(bytes).toBeGreaterThan(4_096 - 60);
      const { aps, ...data } = JSON.parse(body);
      expect(aps.alert.body.isWellFormed()).toBe(true);
      expect(aps.alert.body.endsWith('…')).toBe(true);
      expect(Buffer.byteLength(JSON.stringify(aps.alert.title))).toBeLessThanOrEqual(514);
      expect(data).toEqual({ id: '42', k: 'a b+c' });
    },
  );

  test('loses data that leaves no room for the text', () => {
    const data = (size: number) =>
      payload({ notification: aNotification({ data: { k: 'x'.repeat(size) }, body: 'b' }) });

    expect(data(2_900)).toHaveProperty('k');
    expect(data(3_100)).not.toHaveProperty('k');
    expect(data(3_100).aps.alert.body).toBe('b');
  });
});

describe('on the wire', () => {
  let server: Http2VendorServer;

  beforeAll(async () => {
    server = await startHttp2VendorServer();
  });

  beforeEach(() => {
    server.requests.length = 0;
    server.answer = () => ({
      status: 200,
      headers: { 'apns-id': '5b1e9a34-0c77-4b52-9d1e-2f6a8c3d4e5f' },
    });
  });

  afterAll(() => server.close());

  test('each token gets a request of its own, and a pass', async () => {
    const gate = aGate();
    const certificate = anApnsCertificate({ endpoint: `${server.url}/apns/` });

    const outcomes = await createApnsSender(certificate, somePorts(gate)).send(
      aSendRequest({ tokens: [DEVICE_TOKEN, 'a/b?c'] }),
    );

    expect(outcomes).toEqual(
      Array(2).fill({ kind: 'accepted', receiptId: '5b1e9a34-0c77-4b52-9d1e-2f6a8c3d4e5f' }),
    );
    const [first] = server.requests;
    expect(server.requests.map(({ path }) => path).sort()).toEqual([
      `/apns/3/device/${DEVICE_TOKEN}`,
      '/apns/3/device/a%2Fb%3Fc',
    ]);
    expect(first?.method).toBe('POST');
    expect(first?.headers).toMatchObject({
      authorization: expect.stringMatching(/^bearer ey[\w-]+\.[\w-]+\.[\w-]{86}$/),
      'apns-topic': 'com.example.demo',
      'apns-push-type': 'alert',
      'apns-priority': '10',
      'apns-expiration': expect.stringMatching(/^\d{10}$/),
      'apns-collapse-id': '7',
    });
    expect(first?.rawHeaders.filter((_, index) => index % 2 === 0)).toEqual([
      ':method',
      ':path',
      ':authority',
      ':scheme',
      'authorization',
      'apns-topic',
      'apns-push-type',
      'apns-priority',
      'apns-expiration',
      'apns-collapse-id',
    ]);
    expect(first?.body).toBe(
      '{"id":"42","k":"a b+c","aps":{"alert":{"title":"订单 已发货","body":"包裹 A&B 100%"},"sound":"default"}}',
    );
    expect(gate).toMatchObject({ entered: 2, left: 2 });
  });

  test('a token no path can hold is never sent', async () => {
    const certificate = anApnsCertificate({ endpoint: server.url });

    const outcomes = await createApnsSender(certificate, somePorts()).send(
      aSendRequest({ tokens: ['令牌', '\ud800', '', 'a b', 'abc'] }),
    );

    expect(outcomes.map(({ kind }) => kind)).toEqual([
      ...Array(4).fill('token-invalid'),
      'accepted',
    ]);
    expect(server.requests.map(({ path }) => path)).toEqual(['/3/device/abc']);
  });

  test('the environment picks among addresses', async () => {
    const endpoint = {
      production: `${server.url}/live`,
      sandbox: `${server.url}/trial`,
    };
    const sendWith = (sandbox: boolean) => {
      const credentials = { ...APNS_CREDENTIALS, sandbox };
      return createApnsSender(anApnsCertificate({ endpoint, credentials }), somePorts()).send(
        aSendRequest({ tokens: ['abc'] }),
      );
    };

    await sendWith(false);
    await sendWith(true);

    expect(server.requests.map(({ path }) => path)).toEqual([
      '/live/3/device/abc',
      '/trial/3/device/abc',
    ]);
  });

  test('without a pass nothing is sent, and the others of the call do not wait for one either', async () => {
    let asked = 0;
    const closed = {
      awaitRoom: () => Promise.resolve(false),
      async enter(_weight: number, maxWaitMs: number) {
        asked += 1;
        await new Promise((resolve) => setTimeout(resolve, Math.min(maxWaitMs, 50)));
        return undefined;
      },
    };
    const tokens: [string, ...string[]] = ['t', ...Array.from({ length: 299 }, (_, n) => `t${n}`)];
    const certificate = anApnsCertificate({ endpoint: server.url });

    const outcomes = await createApnsSender(certificate, somePorts(closed)).send(
      aSendRequest({ tokens }),
    );

    expect(outcomes).toMatchObject(
      Array(300).fill({ kind: 'throttled', reason: { code: 'flow-control' } }),
    );
    expect(asked).toBeLessThanOrEqual(100);
    expect(server.requests).toEqual([]);
  });

  test('a limiter out of order sends nothing, and loses nothing', async () => {
    const broken = {
      awaitRoom: () => Promise.resolve(true),
      enter: () => Promise.reject(new Error('table not found')),
    };
    const certificate = anApnsCertificate({ endpoint: server.url });

    const outcomes = await createApnsSender(certificate, somePorts(broken)).send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'throttled', reason: { code: 'flow-control' } }]);
    expect(server.requests).toEqual([]);
  });

  test('what had no time to go out is a wait, and gives its pass back', async () => {
    const gate = aGate();
    const slow = {
      awaitRoom: () => Promise.resolve(true),
      async enter(weight: number, maxWaitMs: number) {
        await new Promise((resolve) => setTimeout(resolve, maxWaitMs + 20));
        return gate.enter(weight, maxWaitMs);
      },
    };
    const certificate = anApnsCertificate({ endpoint: server.url });

    const outcomes = await createSenderWithin(100, certificate, somePorts(slow)).send(
      aSendRequest({ tokens: ['abc'] }),
    );

    expect(outcomes).toMatchObject([{ kind: 'throttled', reason: { code: 'flow-control' } }]);
    expect(gate).toMatchObject({ entered: 1, left: 1 });
    expect(server.requests).toEqual([]);
  });

  test.each([
    { credentials: {} },
    { endpoint: {} },
    { endpoint: 'nowhere' },
    { endpoint: 'ftp://127.0.0.1' },
  ])('a certificate with %j is misconfigured', async (change) => {
    const certificate = anApnsCertificate({ endpoint: server.url, ...change });

    const outcomes = await createApnsSender(certificate, somePorts()).send(
      aSendRequest({ tokens: ['t1', 't2'] }),
    );

    expect(outcomes).toMatchObject(
      Array(2).fill({ kind: 'misconfigured', reason: { code: 'certificate' } }),
    );
    expect(server.requests).toEqual([]);
  });
});
