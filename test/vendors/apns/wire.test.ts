import { createApnsSender, createSenderWithin } from '../../../lib/vendors/apns/sender';
import { aGate, aSendRequest, somePorts } from '../support';
import {
  APNS_CREDENTIALS,
  anApnsCertificate,
  DEVICE_TOKEN,
  type Http2VendorServer,
  startHttp2VendorServer,
} from './support';

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

  expect(outcomes.map(({ kind }) => kind)).toEqual([...Array(4).fill('token-invalid'), 'accepted']);
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
    awaitRoom: () => Promise.resolve({ kind: 'full' } as const),
    refuse: () => undefined,
    rest: () => Promise.resolve(),
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
    awaitRoom: () => Promise.resolve({ kind: 'ready' } as const),
    refuse: () => undefined,
    rest: () => Promise.resolve(),
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
    awaitRoom: () => Promise.resolve({ kind: 'ready' } as const),
    refuse: () => undefined,
    rest: () => Promise.resolve(),
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
