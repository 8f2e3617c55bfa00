import type { Certificate } from '../../../lib/model/certificate';
import { readReceipts } from '../../../lib/vendors/oppo/receipts';
import { createOppoSender } from '../../../lib/vendors/oppo/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { listenForReceipts, type ReceiptListener } from '../../local/simulators/receipt-listener';
import { aNotification, aSendRequest, somePorts } from '../support';
import { anOppoCertificate } from './support';

let simulators: Simulators;
let listener: ReceiptListener;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20 });
  listener = await listenForReceipts();
});

beforeEach(() => simulators.oppo.reset());

afterAll(() => Promise.all([simulators.close(), listener.close()]));

const aSender = (change: Partial<Certificate> = {}) =>
  createOppoSender(
    anOppoCertificate({
      endpoint: simulators.endpoint('oppo'),
      credentials: { ...simulators.credentials('oppo') },
      ...change,
    }),
    somePorts(),
  );
const send = (request: Parameters<typeof aSendRequest>[0], change: Partial<Certificate> = {}) =>
  aSender(change).send(aSendRequest(request));

test('a notification is shown, and its repeat is not shown twice', async () => {
  const sender = aSender();
  const first = await sender.send(aSendRequest({ tokens: ['phone-1', 'phone-2'] }));
  await sender.send(aSendRequest({ tokens: ['phone-1'] }));

  expect(first).toMatchObject(Array(2).fill({ kind: 'accepted', receiptId: expect.any(String) }));
  const phone = simulators.phones.look('phone-1');
  expect(phone.tray).toMatchObject([{ title: '订单 已发货', body: '包裹 A&B 100%', notifyId: 7 }]);
  expect(phone.repeats).toBe(1);
});

test('a repeat that is refused as one was accepted before', async () => {
  simulators.oppo.control({ refuseDuplicates: true });
  await send({ tokens: ['phone-3'] });

  expect(await send({ tokens: ['phone-3'] })).toEqual([{ kind: 'accepted' }]);
  expect(await send({ tokens: ['phone-3', 'phone-4'] })).toMatchObject(
    Array(2).fill({ kind: 'accepted' }),
  );
});

test('texts too long, blank or full of emoji are taken all the same', async () => {
  for (const text of ['👨‍👩‍👧'.repeat(200), ' ', '题'.repeat(500), '题'.repeat(60)]) {
    const notification = aNotification({ title: text, body: text, data: { k: text.repeat(50) } });
    expect(await send({ notification, tokens: ['phone-5'] })).toMatchObject([{ kind: 'accepted' }]);
  }
});

test('dead tokens among good ones, and alone', async () => {
  const tokens: [string, ...string[]] = ['dead-1', 'phone-6', 'dead-2', 'phone-7'];
  const kinds = async () => (await send({ tokens })).map(({ kind }) => kind);

  expect(await kinds()).toEqual(['token-invalid', 'accepted', 'token-invalid', 'accepted']);
  expect(await send({ tokens: ['dead-1'] })).toMatchObject([
    { kind: 'token-invalid', reason: { code: '10000' } },
  ]);
});

test('a dead token told as an invalid argument', async () => {
  simulators.oppo.control({ invalidIdCode: 41 });

  expect(await send({ tokens: ['dead-3'] })).toMatchObject([
    { kind: 'token-invalid', reason: { code: '41' } },
  ]);
});

test('what became of each phone comes back as receipts', async () => {
  const receiptUrl = `${listener.url}/r/abc`;
  const outcomes = await send({ tokens: ['phone-8', 'gone-1'], receiptUrl, jobId: 'job-1' });
  const [posted] = await listener.take(1);

  const body = JSON.stringify(posted);
  const receipts = readReceipts({ body, headers: {}, receivedAt: Date.now() });
  expect(outcomes).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  expect(receipts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'delivered', tokens: ['phone-8'], jobId: 'job-1' }),
      expect.objectContaining({ kind: 'token-invalid', tokens: ['gone-1'], jobId: 'job-1' }),
    ]),
  );
});

test('messages with approved channels and templates', async () => {
  simulators.oppo.control({
    channels: {
      news: { kind: 'public' },
      chat: { kind: 'private', templates: { T1: { title: ['who'], content: ['text'] }, T2: {} } },
    },
  });
  const sendAs = (messageClass: object) => send({ messageClass, tokens: ['phone-9'] });
  const chat = { channelId: 'chat', templateId: 'T1' };

  expect(
    await sendAs({
      ...chat,
      titleParameters: { who: '{nick}' },
      templateParameters: { text: '{content}' },
    }),
  ).toMatchObject([{ kind: 'accepted' }]);
  expect(await sendAs({ ...chat, templateId: 'T2' })).toMatchObject([{ kind: 'accepted' }]);
  expect(await sendAs({ channelId: 'chat' })).toMatchObject([
    { kind: 'misconfigured', reason: { code: '54' } },
  ]);
  expect(
    await sendAs({ channelId: 'news', instantMessaging: false, notifyLevel: 2 }),
  ).toMatchObject([{ kind: 'accepted' }]);
  expect(await sendAs({ channelId: 'news' })).toMatchObject([
    { kind: 'misconfigured', reason: { code: '67' } },
  ]);
});

test('a strong reminder needs the right to it', async () => {
  const messageClass = { notifyLevel: 16 };
  expect(await send({ messageClass })).toMatchObject([{ reason: { code: '67' } }]);
  simulators.oppo.control({ strongReminder: true });
  expect(await send({ messageClass })).toMatchObject([{ kind: 'accepted' }]);
});

test('auth tokens that end early are replaced', async () => {
  const sender = aSender();
  await sender.send(aSendRequest({ tokens: ['phone-10'] }));
  simulators.oppo.control({ expireAccessTokens: true });

  const outcomes = await sender.send(aSendRequest({ tokens: ['phone-10', 'phone-11'] }));

  expect(outcomes).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  expect(simulators.oppo.counters().authRequests).toBe(2);
});

test('a wrong secret, a forbidden address and another region are told apart', async () => {
  const credentials = { ...simulators.credentials('oppo'), masterSecret: 'wrong' };

  expect(await send({}, { credentials })).toMatchObject([
    { kind: 'unauthorized', reason: { code: '16' } },
  ]);
  expect(await send({ tokens: ['IN_0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b'] })).toMatchObject([
    { kind: 'token-invalid', reason: { code: '10000' } },
  ]);
  simulators.oppo.control({ ipNotAllowed: true });
  expect(await send({})).toMatchObject([
    { kind: 'misconfigured', pauses: true, reason: { code: '26' } },
  ]);
});

test('limits of the second and of the day, outages and lost answers', async () => {
  const sender = aSender();
  const messages = (tokens: [string, ...string[]], change = {}) =>
    sender.send(aSendRequest({ tokens, ...change }));
  for (const [rateCode, code] of [
    [-2, '-2'],
    [55, '55'],
  ] as const) {
    simulators.oppo.control({ ratePerSecond: 1, rateCode });
    await messages(['phone-12']);
    expect(await messages(['phone-12'])).toMatchObject([
      { kind: 'throttled', scope: 'second', reason: { code } },
    ]);
  }
  simulators.oppo.control({ ratePerSecond: null, dailyQuota: 0 });
  expect(await messages(['phone-12'])).toMatchObject([{ kind: 'accepted' }]);
  expect(
    await messages(['phone-12', 'phone-13'], { messageClass: { instantMessaging: false } }),
  ).toMatchObject(Array(2).fill({ kind: 'throttled', scope: 'day', reason: { code: '33' } }));

  simulators.oppo.control({ failNext: 1, status: 503, retryAfterSeconds: 9 });
  expect(await messages(['phone-12'])).toMatchObject([
    { kind: 'unavailable', retryAfterMs: 9_000 },
  ]);
  simulators.oppo.control({ dropAfterAccept: 1 });
  expect(await messages(['phone-14'])).toMatchObject([{ reason: { code: 'network' } }]);
  expect(await messages(['phone-14'])).toMatchObject([{ kind: 'accepted' }]);
  expect(simulators.phones.look('phone-14').tray).toHaveLength(1);
  simulators.oppo.control({ failNextAuth: 1 });
  expect(await send({})).toMatchObject([{ kind: 'unavailable', reason: { code: '-1' } }]);
});
