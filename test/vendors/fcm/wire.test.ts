import { createServer } from 'node:net';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getMessaging } from 'firebase-admin/messaging';
import { FcmAgent, Sending, within } from '../../../lib/vendors/fcm/agent';
import { contentOf } from '../../../lib/vendors/fcm/message';
import { createFcmSender, createSenderWithin } from '../../../lib/vendors/fcm/sender';
import {
  aGate,
  aNotification,
  anFcmCertificate,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';

let server: VendorServer;

beforeAll(async () => {
  server = await startVendorServer();
});

beforeEach(() => {
  server.requests.length = 0;
  server.answer = ({ path }) =>
    path.endsWith('/token')
      ? { status: 200, body: '{"access_token":"ya29.example","expires_in":3599}' }
      : { status: 200, body: '{"name":"projects/demo-proj/messages/0:1"}' };
});

afterAll(() => server.close());

const clock = { now: () => Date.now() };

test('the documented example goes out byte for byte as the SDK sends it to Google', async () => {
  const app = initializeApp(
    {
      projectId: 'demo-proj',
      httpAgent: new FcmAgent(server.url),
      credential: {
        getAccessToken: () => Promise.resolve({ access_token: 'ya29.example', expires_in: 3_600 }),
      },
    },
    'example',
  );
  const sending = new Sending({
    accessToken: 'ya29.example',
    gate: aGate(),
    clock,
    deadline: Date.now() + 5_000,
    maxWaitMs: 1_000,
  });

  const name = await within(sending, () =>
    getMessaging(app).send({
      token: 'tok1',
      notification: { title: 'Hello', body: 'World' },
      data: { k: 'v' },
      android: {
        ttl: 3_600_000,
        priority: 'high',
        collapseKey: 'c1',
        notification: { tag: 't1', clickAction: 'OPEN', channelId: 'ch', notificationCount: 3 },
      },
    }),
  );

  expect(name).toBe('projects/demo-proj/messages/0:1');
  const [request] = server.requests;
  expect(`${request?.method} ${request?.path}`).toBe('POST /v1/projects/demo-proj/messages:send');
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer ya29.example',
    'content-type': 'application/json;charset=utf-8',
    access_token_auth: 'true',
    'x-firebase-client': 'fire-admin-node/14.5.1',
  });
  expect(request?.body).toBe(
    '{"message":{"token":"tok1","notification":{"title":"Hello","body":"World"},"data":{"k":"v"},"android":{"ttl":"3600s","priority":"high","notification":{"tag":"t1","click_action":"OPEN","channel_id":"ch","notification_count":3},"collapse_key":"c1"}}}',
  );
  await deleteApp(app);
});

test('our own message', async () => {
  const certificate = anFcmCertificate({
    endpoint: `${server.url}/fcm/`,
    authEndpoint: server.url,
    package: 'com.example.shop',
  });

  const outcomes = await createFcmSender(certificate, somePorts()).send(
    aSendRequest({ tokens: ['tok:1'], messageClass: { channelId: 'chat' } }),
  );

  expect(outcomes).toEqual([{ kind: 'accepted', receiptId: 'projects/demo-proj/messages/0:1' }]);
  const [auth, message] = server.requests;
  expect(auth?.path).toBe('/token');
  expect(message?.path).toBe('/fcm/v1/projects/demo-proj/messages:send');
  expect(message?.headers.authorization).toBe('Bearer ya29.example');
  expect(message?.headers.host).toBe(new URL(server.url).host);
  expect(message?.body).toMatchInlineSnapshot(
    `"{"message":{"notification":{"title":"订单 已发货","body":"包裹 A&B 100%"},"data":{"id":"42","k":"a b+c"},"android":{"priority":"high","ttl":"86400s","notification":{"tag":"7","channel_id":"chat"},"restricted_package_name":"com.example.shop"},"token":"tok:1"}}"`,
  );
});

test('each token gets a request of its own, and one access token serves them all', async () => {
  const tokens: [string, ...string[]] = [
    't0',
    ...Array.from({ length: 149 }, (_, n) => `t${n + 1}`),
  ];
  const gate = aGate();
  const certificate = anFcmCertificate({ endpoint: server.url, authEndpoint: server.url });

  const outcomes = await createFcmSender(certificate, somePorts(gate)).send(
    aSendRequest({ tokens }),
  );

  expect(outcomes).toHaveLength(150);
  expect(server.requests.filter(({ path }) => path === '/token')).toHaveLength(1);
  expect(server.requests).toHaveLength(151);
  expect(gate).toMatchObject({ entered: 150, left: 150 });
});

test('a TLS endpoint is greeted by its own name', async () => {
  const hellos: Buffer[] = [];
  const listener = createServer((socket) => {
    socket.once('data', (hello) => {
      hellos.push(hello);
      socket.destroy();
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((done) => listener.listen(0, 'localhost', done));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const certificate = anFcmCertificate({
    endpoint: `https://localhost:${port}`,
    authEndpoint: server.url,
  });

  const outcomes = await createSenderWithin(900, certificate, somePorts()).send(aSendRequest());
  listener.close();

  expect(outcomes).toMatchObject([{ kind: 'unavailable' }]);
  const hello = hellos[0]?.toString('latin1') ?? '';
  expect(hello.charCodeAt(0)).toBe(0x16);
  expect(hello).toContain('localhost');
  expect(hello).not.toContain('googleapis');
});

test.each([{ credentials: {} }, { endpoint: {} }, { endpoint: 'nowhere' }])(
  'a certificate with %j is misconfigured',
  async (change) => {
    const certificate = anFcmCertificate({ endpoint: server.url, ...change });

    const outcomes = await createFcmSender(certificate, somePorts()).send(
      aSendRequest({ tokens: ['t1', 't2'] }),
    );

    expect(outcomes).toMatchObject(
      Array(2).fill({ kind: 'misconfigured', reason: { code: 'certificate' } }),
    );
    expect(server.requests).toEqual([]);
  },
);

describe('the payload', () => {
  function payloadBytes(content: ReturnType<typeof contentOf>): number {
    const shown = { ...content.notification, ...content.android?.notification, ...content.data };
    return Object.entries(shown).reduce(
      (bytes, [name, value]) => bytes + Buffer.byteLength(name) + Buffer.byteLength(String(value)),
      0,
    );
  }

  test('a long body is cut to 4096 bytes in all, a long title before it', () => {
    const content = contentOf(
      aSendRequest({
        notification: aNotification({ title: '题'.repeat(900), body: '体'.repeat(3_000) }),
      }),
      undefined,
    );

    expect(payloadBytes(content)).toBeLessThanOrEqual(4_096);
    expect(Buffer.byteLength(content.notification?.title ?? '')).toBeLessThanOrEqual(512);
    expect(Buffer.byteLength(content.notification?.body ?? '')).toBeGreaterThan(3_000);
    expect(content.notification?.body).toMatch(/^体+…$/);
    expect(content.data).toEqual({ id: '42', k: 'a b+c' });
  });

  test('data that leaves no room for the text is left out', () => {
    const content = contentOf(
      aSendRequest({ notification: aNotification({ data: { big: '数'.repeat(1_100) } }) }),
      undefined,
    );

    expect(content.data).toBeUndefined();
    expect(content.notification).toEqual({ title: '订单 已发货', body: '包裹 A&B 100%' });
  });

  test('keys FCM keeps for itself are left out, rather than have it refuse the message', () => {
    const data = { from: 'a', gcm: 'b', 'google.sent': 'c', message_type: 'd', fromUser: 'e' };

    const content = contentOf(aSendRequest({ notification: aNotification({ data }) }), undefined);

    expect(content.data).toEqual({ fromUser: 'e' });
  });

  test('a blank title is left out, a blank body takes the title', () => {
    const request = (title: string, body: string) =>
      contentOf(aSendRequest({ notification: aNotification({ title, body }) }), undefined);

    expect(request(' ', 'text').notification).toEqual({ body: 'text' });
    expect(request('name', '\u200b').notification).toEqual({ title: 'name', body: 'name' });
    expect(request('', '').notification).toEqual({ body: '…' });
  });

  test('a message lives at most four weeks, and is urgent when it is', () => {
    const content = contentOf(
      aSendRequest({ ttlSeconds: 9_999_999, notification: aNotification({ urgency: 'normal' }) }),
      undefined,
    );

    expect(content.android).toMatchObject({ ttl: 2_419_200_000, priority: 'normal' });
    expect(content.android).not.toHaveProperty('collapseKey');
  });
});
