import { createServer, type Server } from 'node:http';
import type { Certificate } from '../../../lib/model/certificate';
import type { Receipt } from '../../../lib/model/receipt';
import { honor } from '../../../lib/vendors/honor';
import { readReceipts } from '../../../lib/vendors/honor/receipts';
import { createHonorSender } from '../../../lib/vendors/honor/sender';
import type { VendorSender } from '../../../lib/vendors/vendor';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aNotification, aSendRequest, somePorts } from '../support';
import { anHonorCertificate } from './support';

const RECEIPT_SECRET = 'receipt secret';

let simulators: Simulators;
let listener: Server;
const receipts: Receipt[] = [];

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20 });
  listener = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const check = { secret: RECEIPT_SECRET };
    receipts.push(...readReceipts({ body, headers: {}, receivedAt: Date.now(), check }));
    response.end(honor.receiptAnswer);
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  simulators.useReceiptAddress('honor', `http://127.0.0.1:${port}/r/abc`);
});

beforeEach(() => {
  simulators.honor.reset();
  receipts.length = 0;
});

afterAll(async () => {
  await simulators.close();
  listener.closeAllConnections();
  listener.close();
});

function aSender(change: Partial<Certificate> = {}): VendorSender {
  const certificate = anHonorCertificate({
    endpoint: simulators.endpoint('honor'),
    authEndpoint: simulators.authEndpoint('honor') ?? '',
    credentials: { ...simulators.credentials('honor') },
    package: simulators.packageName,
    receipts: { secret: RECEIPT_SECRET },
    ...change,
  });
  return createHonorSender(certificate, somePorts());
}

const send = (request: Parameters<typeof aSendRequest>[0], sender = aSender()) =>
  sender.send(aSendRequest(request));

test('a notification is shown, and its repeat replaces it', async () => {
  const outcomes = await send({ tokens: ['phone-1', 'phone-2'] });
  await send({ tokens: ['phone-1'] });

  expect(outcomes).toMatchObject(
    Array(2).fill({ kind: 'accepted', receiptId: expect.any(String) }),
  );
  const phone = simulators.phones.look('phone-1');
  expect(phone.tray).toMatchObject([{ title: '订单 已发货', body: '包裹 A&B 100%', notifyId: 7 }]);
  expect(phone.repeats).toBe(1);
});

test('texts too long, blank or full of emoji are taken all the same', async () => {
  for (const text of ['👨‍👩‍👧'.repeat(200), ' ', '题'.repeat(500), '\u0001"\\'.repeat(300)]) {
    for (const badge of [{ set: 120 }, { add: 1 }]) {
      const notification = aNotification({
        title: text,
        body: text,
        data: { k: text.repeat(50) },
        badge,
      });
      const messageClass = { launcherActivity: 'com.example.chat.MainActivity' };
      expect(await send({ notification, messageClass, tokens: ['phone-3'] })).toMatchObject([
        { kind: 'accepted' },
      ]);
    }
  }
});

test('dead and failed tokens among good ones', async () => {
  simulators.honor.control({ failTokens: ['phone-5'] });

  expect(await send({ tokens: ['phone-4', 'dead-1', 'phone-5'] })).toMatchObject([
    { kind: 'accepted' },
    { kind: 'token-invalid', reason: { code: 'expireTokens' } },
    { kind: 'unavailable', reason: { code: 'failTokens', unmapped: true } },
  ]);
  expect(await send({ tokens: ['dead-1'] })).toMatchObject([{ kind: 'token-invalid' }]);
});

test('what became of each phone comes back as receipts', async () => {
  simulators.honor.control({ receiptStatuses: { dead: 11, withheld: 12 } });
  await send({ tokens: ['phone-6', 'dead-2'], jobId: 'job-1' });
  // those of the tests before it may still be on their way
  while (!receipts.some(({ tokens }) => tokens.includes('phone-6'))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }

  expect(receipts).toContainEqual(
    expect.objectContaining({ kind: 'delivered', tokens: ['phone-6'], jobId: 'job-1' }),
  );
});

test('chat is shown without limit, marketing twice a day', async () => {
  simulators.honor.control({ perDeviceQuota: 2 });
  for (let notifyId = 1; notifyId <= 4; notifyId += 1) {
    const notification = aNotification({ notifyId });
    await send({ notification, tokens: ['phone-7'] });
    await send({ notification, messageClass: { importance: 'low' }, tokens: ['phone-8'] });
  }

  expect(simulators.phones.look('phone-7').tray).toHaveLength(4);
  expect(simulators.phones.look('phone-8').tray).toHaveLength(2);
});

test('a wrong secret and a wrong app are told apart', async () => {
  const credentials = { ...simulators.credentials('honor') };
  const withCredentials = (change: object) =>
    aSender({ credentials: { ...credentials, ...change } });

  expect(await send({}, withCredentials({ clientSecret: 'wrong' }))).toMatchObject([
    { kind: 'unauthorized' },
  ]);
  expect(await send({}, withCredentials({ appId: '1' }))).toMatchObject([
    { kind: 'misconfigured' },
  ]);
});

test('access tokens that end early are replaced', async () => {
  const sender = aSender();
  await send({ tokens: ['phone-9'] }, sender);
  simulators.honor.control({ expireAccessTokens: true });

  expect(await send({ tokens: ['phone-9', 'phone-10'] }, sender)).toMatchObject(
    Array(2).fill({ kind: 'accepted' }),
  );
  expect(simulators.honor.counters().authRequests).toBe(2);
});

test('limits and outages', async () => {
  const sender = aSender();
  simulators.honor.control({ ratePerSecond: 1 });
  await send({ tokens: ['phone-11'] }, sender);
  expect(await send({ tokens: ['phone-11'] }, sender)).toMatchObject([
    { kind: 'throttled', scope: 'second' },
  ]);

  simulators.honor.control({ ratePerSecond: null, failNext: 1, status: 503, retryAfterSeconds: 9 });
  expect(await send({ tokens: ['phone-11'] }, sender)).toMatchObject([
    { kind: 'unavailable', retryAfterMs: 9_000 },
  ]);
  simulators.honor.control({ failNext: 1, status: 500 });
  expect(await send({ tokens: ['phone-11'] }, sender)).toMatchObject([{ kind: 'unavailable' }]);
  simulators.honor.control({ dropAfterAccept: 1 });
  expect(await send({ tokens: ['phone-11'] }, sender)).toMatchObject([
    { kind: 'unavailable', reason: { code: 'network' } },
  ]);
  simulators.honor.control({ failNextAuth: 1 });
  expect(await send({ tokens: ['phone-11'] })).toMatchObject([
    { kind: 'unavailable', reason: { code: 'auth-http-503' } },
  ]);
});
