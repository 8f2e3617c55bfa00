import type { Certificate } from '../../../lib/model/certificate';
import { readReceipts } from '../../../lib/vendors/vivo/receipts';
import { createVivoSender } from '../../../lib/vendors/vivo/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { listenForReceipts, type ReceiptListener } from '../../local/simulators/receipt-listener';
import { aNotification, aSendRequest, somePorts } from '../support';
import { aVivoCertificate } from './support';

let simulators: Simulators;
let listener: ReceiptListener;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20 });
  listener = await listenForReceipts();
});

beforeEach(() => simulators.vivo.reset());

afterAll(() => Promise.all([simulators.close(), listener.close()]));

const aSender = (change: Partial<Certificate> = {}) =>
  createVivoSender(
    aVivoCertificate({
      endpoint: simulators.endpoint('vivo'),
      credentials: { ...simulators.credentials('vivo') },
      ...change,
    }),
    somePorts(),
  );
const send = (request: Parameters<typeof aSendRequest>[0], change: Partial<Certificate> = {}) =>
  aSender(change).send(aSendRequest(request));

test('a notification is shown, and its repeat is not shown twice, alone or in a list', async () => {
  const first = await send({ tokens: ['phone-1', 'phone-2'] });
  await send({ tokens: ['phone-1'] });
  await send({ tokens: ['phone-1', 'phone-2'] });

  expect(first).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  for (const token of ['phone-1', 'phone-2']) {
    expect(simulators.phones.look(token).tray).toMatchObject([
      { title: '订单 已发货', body: '包裹 A&B 100%', notifyId: 7 },
    ]);
  }
});

test('whatever people write is taken, also of an app that is published', async () => {
  simulators.vivo.control({ contentReview: true });
  const sender = aSender();

  for (const text of [
    '👨‍👩‍👧'.repeat(200),
    ' ',
    '题'.repeat(500),
    'ok',
    '123',
    '!?',
    '[测试] {test}',
  ]) {
    const notification = aNotification({ title: text, body: text, data: { k: text.repeat(50) } });
    expect(await sender.send(aSendRequest({ notification, tokens: ['phone-3'] }))).toMatchObject([
      { kind: 'accepted' },
    ]);
    expect(
      await sender.send(aSendRequest({ notification, tokens: ['phone-3', 'phone-4'] })),
    ).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  }
});

test('dead tokens among good ones, and alone', async () => {
  const outcomes = await send({ tokens: ['dead-1', 'phone-5', 'phone-6'] });

  expect(outcomes.map(({ kind }) => kind)).toEqual(['token-invalid', 'accepted', 'accepted']);
  expect(await send({ tokens: ['dead-1'] })).toMatchObject([
    { kind: 'token-invalid', reason: { code: 'user-2' } },
  ]);
});

test('invalid users of every status, and ids that are none', async () => {
  simulators.vivo.control({
    invalidUsers: { 'user-a': 1, 'user-b': 4 },
    illegalTokens: ['no-id'],
  });

  expect(await send({ tokens: ['user-a', 'user-b', 'phone-7'] })).toMatchObject([
    { kind: 'token-invalid', reason: { code: 'user-1' } },
    { kind: 'misconfigured', reason: { code: 'user-4' } },
    { kind: 'accepted' },
  ]);
  expect(await send({ tokens: ['no-id'] })).toMatchObject([
    { kind: 'token-invalid', reason: { code: '10302' } },
  ]);
});

test('a lone phone is reported of, those of a list are not', async () => {
  const receiptUrl = `${listener.url}/r/abc`;
  await send({ tokens: ['phone-8', 'phone-9'], receiptUrl, jobId: 'job-0' });
  await send({ tokens: ['phone-8'], receiptUrl, jobId: 'job-1' });
  const [posted] = await listener.take(1);

  const body = JSON.stringify(posted);
  expect(readReceipts({ body, headers: {}, receivedAt: Date.now() })).toEqual([
    {
      kind: 'delivered',
      tokens: ['phone-8'],
      at: expect.any(Number),
      jobId: 'job-1',
      vendorType: 'arrived',
    },
  ]);
});

test('classes, hours and totals of the day', async () => {
  const operational = { instantMessaging: false };
  simulators.vivo.control({ operationalHours: 'closed' });
  expect(await send({ messageClass: operational })).toMatchObject([
    { kind: 'unavailable', reason: { code: '10071' }, retryAfterMs: expect.any(Number) },
  ]);
  expect(await send({})).toMatchObject([{ kind: 'accepted' }]);

  simulators.vivo.control({
    operationalHours: 'ignored',
    dailyQuota: { operational: 0, system: 0 },
  });
  for (const [messageClass, code] of [
    [operational, '10070'],
    [{}, '10073'],
  ] as const) {
    expect(await send({ messageClass, tokens: ['phone-10'] })).toMatchObject([
      { kind: 'throttled', scope: 'day', reason: { code } },
    ]);
  }
  expect(await send({ messageClass: { category: 'NEW_ONE' } })).toMatchObject([
    { kind: 'misconfigured', reason: { code: '10096' } },
  ]);
});

test('when no body can be saved any more, everybody is reached all the same', async () => {
  simulators.vivo.control({ dailyPayloads: 0 });

  expect(await send({ tokens: ['phone-11', 'dead-2', 'phone-12'] })).toMatchObject([
    { kind: 'accepted' },
    { kind: 'token-invalid' },
    { kind: 'accepted' },
  ]);
});

test('a badge is added to', async () => {
  const notification = aNotification({ badge: { add: 1 } });

  expect(await send({ notification, tokens: ['phone-13'] })).toMatchObject([{ kind: 'accepted' }]);
});

test('auth tokens that end early are replaced', async () => {
  const sender = aSender();
  await sender.send(aSendRequest({ tokens: ['phone-14'] }));
  simulators.vivo.control({ expireAccessTokens: true });

  const outcomes = await sender.send(aSendRequest({ tokens: ['phone-14', 'phone-15'] }));

  expect(outcomes).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  expect(simulators.vivo.counters().authRequests).toBe(2);
});

test('a wrong secret', async () => {
  const credentials = { ...simulators.credentials('vivo'), appSecret: 'wrong' };

  expect(await send({}, { credentials })).toMatchObject([
    { kind: 'unauthorized', reason: { code: '10000' } },
  ]);
});

test('limits of the second, outages and lost answers', async () => {
  const sender = aSender();
  const messages = (...tokens: [string, ...string[]]) => sender.send(aSendRequest({ tokens }));
  simulators.vivo.control({ ratePerSecond: 1 });
  await messages('phone-16');
  expect(await messages('phone-16')).toMatchObject([
    { kind: 'throttled', scope: 'second', reason: { code: '10072' } },
  ]);

  simulators.vivo.control({ ratePerSecond: null, failNext: 1, status: 500 });
  expect(await messages('phone-16')).toMatchObject([{ kind: 'unavailable' }]);
  simulators.vivo.control({ dropAfterAccept: 1 });
  expect(await messages('phone-17')).toMatchObject([{ reason: { code: 'network' } }]);
  expect(await messages('phone-17')).toMatchObject([{ kind: 'accepted' }]);
  expect(simulators.phones.look('phone-17').tray).toHaveLength(1);
  simulators.vivo.control({ failNextAuth: 1 });
  expect(await send({})).toMatchObject([{ kind: 'unavailable' }]);
});
