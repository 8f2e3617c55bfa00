import { createServer, type Server } from 'node:http';
import type { Certificate } from '../../../lib/model/certificate';
import type { Receipt } from '../../../lib/model/receipt';
import { readReceipts } from '../../../lib/vendors/meizu/receipts';
import { createMeizuSender } from '../../../lib/vendors/meizu/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aNotification, aSendRequest, somePorts } from '../support';
import { aMeizuCertificate } from './support';

let simulators: Simulators;
let listener: Server;
let receiptUrl: string;
const receipts: Receipt[] = [];

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20 });
  listener = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const check = { secret: simulators.meizu.receiptToken };
    receipts.push(...readReceipts({ body, headers: {}, receivedAt: Date.now(), check }));
    response.end('{"code":0}');
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  receiptUrl = `http://127.0.0.1:${port}/r/abc`;
  simulators.useReceiptAddress('meizu', receiptUrl);
});

beforeEach(() => {
  simulators.meizu.reset();
  receipts.length = 0;
});

afterAll(async () => {
  await simulators.close();
  listener.closeAllConnections();
  listener.close();
});

const send = (request: Parameters<typeof aSendRequest>[0], change: Partial<Certificate> = {}) => {
  const certificate = aMeizuCertificate({
    endpoint: simulators.endpoint('meizu'),
    credentials: { ...simulators.credentials('meizu') },
    package: simulators.packageName,
    ...change,
  });
  return createMeizuSender(certificate, somePorts()).send(aSendRequest(request));
};

test('a notification is shown, and its repeat replaces it', async () => {
  const outcomes = await send({ tokens: ['phone-1', 'phone-2'] });
  await send({ tokens: ['phone-1'] });

  expect(outcomes).toMatchObject(
    Array(2).fill({ kind: 'accepted', receiptId: expect.any(String) }),
  );
  const phone = simulators.phones.look('phone-1');
  expect(phone.tray).toMatchObject([{ title: '订单 已发货', body: '包裹 A&B 100%' }]);
  expect(phone.repeats).toBe(1);
});

test('texts too long, blank or full of emoji are taken all the same', async () => {
  simulators.meizu.control({ foldAfter: null });
  for (const text of ['👨‍👩‍👧'.repeat(200), ' ', '题'.repeat(500), '\u0001"\\+%&='.repeat(99)]) {
    for (const ttlSeconds of [1, 9_999_999]) {
      const notification = aNotification({ title: text, body: text, data: { k: text } });
      expect(await send({ notification, ttlSeconds, tokens: ['phone-3'] })).toMatchObject([
        { kind: 'accepted' },
      ]);
    }
  }
});

test('dead, muted and failed targets among good ones', async () => {
  simulators.meizu.control({ targetCodes: { 'phone-5': 513 } });

  expect(
    await send({ tokens: ['phone-4', 'dead-1', 'muted-1', 'phone-5', 'no:id'] }),
  ).toMatchObject([
    { kind: 'accepted' },
    { kind: 'token-invalid', reason: { code: '110002' } },
    { kind: 'rejected', reason: { code: '110010' } },
    { kind: 'unavailable', reason: { code: '513' } },
    { kind: 'token-invalid', reason: { code: '110003' } },
  ]);
});

test('what became of each phone comes back as receipts', async () => {
  await send({ tokens: ['phone-6', 'dead-2'], receiptUrl, jobId: 'job-1' });
  while (receipts.length < 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }

  expect(receipts).toMatchObject([{ kind: 'delivered', tokens: ['phone-6'], jobId: 'job-1' }]);
});

test('a sixth message within a minute is folded, which is no failure', async () => {
  for (let notifyId = 1; notifyId <= 6; notifyId += 1) {
    const notification = aNotification({ notifyId });
    expect(await send({ notification, tokens: ['phone-7'] })).toMatchObject([{ kind: 'accepted' }]);
  }
});

test('public messages have a daily total, private ones only that of the app', async () => {
  simulators.meizu.control({ dailyQuota: { public: 0 } });
  const marketing = { messageClass: { instantMessaging: false }, tokens: ['phone-8'] } as const;

  expect(await send({ tokens: ['phone-8'] })).toMatchObject([{ kind: 'accepted' }]);
  expect(await send({ ...marketing, tokens: ['phone-8'] })).toMatchObject([
    { kind: 'throttled', scope: 'day', reason: { code: '110011' } },
  ]);
  simulators.meizu.control({ dailyQuota: { total: 0 } });
  expect(await send({ tokens: ['phone-8'] })).toMatchObject([
    { kind: 'throttled', scope: 'day', reason: { code: '110019' } },
  ]);
});

test('a wrong secret and a wrong app are told apart', async () => {
  const credentials = { ...simulators.credentials('meizu') };

  expect(await send({}, { credentials: { ...credentials, appSecret: 'wrong' } })).toMatchObject([
    { kind: 'unauthorized', reason: { code: '1006' } },
  ]);
  expect(await send({}, { credentials: { ...credentials, appId: '1' } })).toMatchObject([
    { kind: 'misconfigured', reason: { code: '110000' } },
  ]);
});

test('the limit of the second, redirections and outages', async () => {
  simulators.meizu.control({ ratePerSecond: 1 });
  await send({ tokens: ['phone-9'] });
  expect(await send({ tokens: ['phone-9'] })).toMatchObject([
    { kind: 'throttled', scope: 'second', reason: { code: '110010' } },
  ]);

  const redirect = `${simulators.endpoint('meizu')}/garcia/api/server/push/varnished/pushByPushId`;
  simulators.meizu.control({ ratePerSecond: null, failNext: 1, code: 300, redirect });
  expect(await send({ tokens: ['phone-9'] })).toMatchObject([{ kind: 'accepted' }]);
  simulators.meizu.control({ failNext: 1, status: 503, retryAfterSeconds: 9 });
  expect(await send({ tokens: ['phone-9'] })).toMatchObject([
    { kind: 'unavailable', reason: { code: 'http-503' }, retryAfterMs: 9_000 },
  ]);
  simulators.meizu.control({ dropAfterAccept: 1 });
  expect(await send({ tokens: ['phone-9'] })).toMatchObject([
    { kind: 'unavailable', reason: { code: 'network' } },
  ]);
});
