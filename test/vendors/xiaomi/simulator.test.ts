import { createServer, type Server } from 'node:http';
import type { Certificate } from '../../../lib/model/certificate';
import type { Receipt } from '../../../lib/model/receipt';
import { readReceipts } from '../../../lib/vendors/xiaomi/receipts';
import { createXiaomiSender } from '../../../lib/vendors/xiaomi/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aNotification, aSendRequest, aXiaomiCertificate, somePorts } from '../support';

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
    const headers = { 'content-type': request.headers['content-type'] };
    receipts.push(...readReceipts({ body, headers, receivedAt: Date.now() }));
    response.end();
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  receiptUrl = `http://127.0.0.1:${port}/r/abc`;
});

beforeEach(() => {
  simulators.xiaomi.reset();
  receipts.length = 0;
});

afterAll(async () => {
  await simulators.close();
  listener.closeAllConnections();
  listener.close();
});

const certificate = (change: Partial<Certificate> = {}): Certificate =>
  aXiaomiCertificate({
    endpoint: simulators.endpoint('xiaomi'),
    credentials: { ...simulators.credentials('xiaomi') },
    package: simulators.packageName,
    ...change,
  });
const send = (request: Parameters<typeof aSendRequest>[0], change: Partial<Certificate> = {}) =>
  createXiaomiSender(certificate(change), somePorts()).send(aSendRequest(request));

test('a notification is shown, and its repeat is not shown twice', async () => {
  const first = await send({ tokens: ['phone-1', 'phone-2'] });
  await send({ tokens: ['phone-1'] });

  expect(first).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  const phone = simulators.phones.look('phone-1');
  expect(phone.tray).toMatchObject([{ title: '订单 已发货', body: '包裹 A&B 100%', notifyId: 7 }]);
  expect(phone.repeats).toBe(1);
});

test('texts too long, blank or full of emoji are taken all the same', async () => {
  for (const text of ['👨‍👩‍👧'.repeat(200), ' ', '题'.repeat(500)]) {
    const notification = aNotification({ title: text, body: text, data: { k: text.repeat(50) } });
    expect(await send({ notification, tokens: ['phone-3'] })).toMatchObject([{ kind: 'accepted' }]);
  }
});

test('what became of each phone comes back as receipts', async () => {
  const outcomes = await send({ tokens: ['phone-4', 'dead-1'], receiptUrl, jobId: 'job-1' });
  while (receipts.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }

  expect(outcomes).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  expect(receipts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'delivered', tokens: ['phone-4'], jobId: 'job-1' }),
      expect.objectContaining({ kind: 'token-invalid', tokens: ['dead-1'], jobId: 'job-1' }),
    ]),
  );
});

test('a lone dead token is known at once', async () => {
  expect(await send({ tokens: ['dead-2'] })).toMatchObject([{ kind: 'token-invalid' }]);
  expect(await send({ tokens: ['dead-2', 'dead-3'] })).toMatchObject(
    Array(2).fill({ kind: 'unavailable', reason: { code: '20301', unmapped: true } }),
  );
});

test('a wrong secret, a wrong package and a forbidden address are told apart', async () => {
  const credentials = { ...simulators.credentials('xiaomi'), appSecret: 'wrong' };

  expect(await send({}, { credentials })).toMatchObject([
    { kind: 'unauthorized', reason: { code: '21301' } },
  ]);
  expect(await send({}, { package: 'com.example.other' })).toMatchObject([
    { kind: 'misconfigured', reason: { code: '22022' } },
  ]);
  simulators.xiaomi.control({ ipNotAllowed: true });
  expect(await send({})).toMatchObject([{ kind: 'misconfigured', reason: { code: '10004' } }]);
});

test('limits of the second and of the day', async () => {
  simulators.xiaomi.control({ ratePerSecond: 1 });
  await send({ tokens: ['phone-5'] });
  expect(await send({ tokens: ['phone-5'] })).toMatchObject([
    { kind: 'throttled', scope: 'second', reason: { code: '200002' } },
  ]);

  simulators.xiaomi.control({ ratePerSecond: null, dailyQuota: 0 });
  expect(await send({ tokens: ['phone-5'] })).toMatchObject([
    { kind: 'throttled', scope: 'day', reason: { code: '200001' } },
  ]);
});

test('messages with approved channels', async () => {
  simulators.xiaomi.control({
    channels: { pub: { kind: 'public' }, chat: { kind: 'private', templates: { T1: [] } } },
  });
  const ttlSeconds = 2_000_000;
  const sendAs = (messageClass: object) => send({ ttlSeconds, messageClass, tokens: ['phone-6'] });

  expect(await sendAs({ channelId: 'pub' })).toMatchObject([{ kind: 'accepted' }]);
  expect(await sendAs({ channelId: 'chat', templateId: 'T1' })).toMatchObject([
    { kind: 'accepted' },
  ]);
  expect(await sendAs({})).toMatchObject([{ kind: 'misconfigured', reason: { code: '27001' } }]);
});

test('an outage', async () => {
  simulators.xiaomi.control({ failNext: 1, status: 503, retryAfterSeconds: 9 });

  expect(await send({ tokens: ['phone-7'] })).toMatchObject([
    { kind: 'unavailable', reason: { code: 'http-503' }, retryAfterMs: 9_000 },
  ]);

  simulators.xiaomi.control({ dropAfterAccept: 1 });
  expect(await send({ tokens: ['phone-7'] })).toMatchObject([
    { kind: 'unavailable', reason: { code: 'network' } },
  ]);
});
