import type { Certificate } from '../../../lib/model/certificate';
import { readReceipts } from '../../../lib/vendors/huawei/receipts';
import { createHuaweiSender } from '../../../lib/vendors/huawei/sender';
import type { SendRequest, VendorSender } from '../../../lib/vendors/vendor';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aNotification, aSendRequest, somePorts } from '../support';
import { type ReceiptListener, startReceiptListener } from './receipt-listener';
import { aHuaweiCertificate } from './support';

/** Who the receipts are signed by. */
const CHECK = { user: 'receipt-user', secret: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' };

let simulators: Simulators;
let listener: ReceiptListener;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20 });
  listener = await startReceiptListener(readReceipts, CHECK);
  simulators.useReceiptAddress('huawei', listener.url);
});

beforeEach(() => simulators.huawei.reset());

afterAll(async () => {
  await simulators.close();
  listener.close();
});

function aSender(change: Partial<Certificate> = {}): VendorSender {
  const certificate = aHuaweiCertificate({
    endpoint: simulators.endpoint('huawei'),
    authEndpoint: simulators.authEndpoint('huawei') ?? '',
    credentials: { ...simulators.credentials('huawei') },
    package: simulators.packageName,
    ...change,
  });
  return createHuaweiSender(certificate, somePorts());
}
const send = (request: Partial<SendRequest>, change: Partial<Certificate> = {}) =>
  aSender(change).send(aSendRequest(request));

test('a notification is shown, and its repeat replaces it', async () => {
  const first = await send({ tokens: ['phone-1', 'phone-2'] });
  await send({ tokens: ['phone-1'] });

  expect(first).toMatchObject(
    Array(2).fill({ kind: 'accepted', receiptId: expect.stringMatching(/./) }),
  );
  const phone = simulators.phones.look('phone-1');
  expect(phone.tray).toMatchObject([{ title: '订单 已发货', body: '包裹 A&B 100%', notifyId: 7 }]);
  expect(phone.repeats).toBe(1);
});

test('texts too long, blank or full of what JSON escapes are taken all the same', async () => {
  for (const text of [
    '👨‍👩‍👧'.repeat(2_000),
    ' ',
    '"\\字\n'.repeat(2_000),
    'a\u0001'.repeat(3_000),
  ]) {
    const notification = aNotification({
      title: text,
      body: text,
      data: { k: text.slice(0, 300) },
    });
    expect(await send({ notification, tokens: ['phone-3'] })).toMatchObject([{ kind: 'accepted' }]);
  }
});

test('every setting of a class is taken', async () => {
  const messageClass = {
    channelId: 'chat',
    category: 'VOIP',
    importance: 'low',
    launcherActivity: 'com.example.chat.Main',
  } as const;
  for (const badge of [{ set: 0 }, { set: 500 }, { add: 1 }, { add: 500 }]) {
    const notification = aNotification({ badge, data: {} });
    const ttlSeconds = 99_999_999;
    expect(
      await send({ messageClass, notification, ttlSeconds, tokens: ['phone-4'] }),
    ).toMatchObject([{ kind: 'accepted' }]);
  }
});

test('dead and foreign tokens among good ones, and alone', async () => {
  const outcomes = await send({ tokens: ['phone-5', 'dead-1', 'foreign-1'] });

  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'token-invalid', 'token-invalid']);
  expect(await send({ tokens: ['dead-2'] })).toMatchObject([{ kind: 'token-invalid' }]);
  expect(await send({ tokens: ['dead-2', 'dead-3'] })).toMatchObject(
    Array(2).fill({ kind: 'misconfigured', reason: { code: '80300007' } }),
  );
});

test('a service account does as well as a client secret, for v1 and for v2', async () => {
  const credentials = { ...simulators.huawei.serviceAccountCredentials };
  const { project_id: projectId } = credentials.serviceAccount;

  expect(await send({ tokens: ['phone-6'] }, { credentials })).toMatchObject([
    { kind: 'accepted' },
  ]);
  expect(
    await send({ tokens: ['phone-6'] }, { credentials: { ...credentials, projectId } }),
  ).toMatchObject([{ kind: 'accepted' }]);
  expect(simulators.huawei.counters().authRequests).toBe(0);
});

test('a wrong secret, client and project are told apart', async () => {
  const credentials = { ...simulators.credentials('huawei') };
  const withChange = (change: object) => send({}, { credentials: { ...credentials, ...change } });

  expect(await withChange({ clientSecret: 'wrong' })).toMatchObject([
    { kind: 'unauthorized', reason: { code: expect.stringMatching(/^1101-/) } },
  ]);
  expect(await withChange({ clientId: '1' })).toMatchObject([
    { kind: 'unauthorized', reason: { code: '1101-20003' } },
  ]);
  expect(await withChange({ projectId: '1' })).toMatchObject([
    { kind: 'unauthorized', reason: { code: '80200001' } },
  ]);
});

test('access tokens that end early are replaced', async () => {
  const sender = aSender();
  await sender.send(aSendRequest({ tokens: ['phone-7'] }));
  simulators.huawei.control({ expireAccessTokens: true });

  expect(await sender.send(aSendRequest({ tokens: ['phone-7'] }))).toMatchObject([
    { kind: 'accepted' },
  ]);
  expect(simulators.huawei.counters().authRequests).toBe(2);
});

test('limits, outages and lost answers', async () => {
  simulators.huawei.control({ ratePerSecond: 2 });
  expect(await send({ tokens: ['phone-8', 'phone-9', 'phone-a'] })).toMatchObject(
    Array(3).fill({ kind: 'throttled', scope: 'second', reason: { code: 'http-503' } }),
  );
  simulators.huawei.control({ ratePerSecond: null, failNext: 1, code: '81000001' });
  expect(await send({ tokens: ['phone-8'] })).toMatchObject([
    { kind: 'unavailable', reason: { code: '81000001' } },
  ]);
  simulators.huawei.control({ dropAfterAccept: 1 });
  expect(await send({ tokens: ['phone-8'] })).toMatchObject([
    { kind: 'unavailable', reason: { code: 'network' } },
  ]);
});

test.each([
  ['v1', 'decoded'],
  ['v2', 'utf8'],
] as const)(
  'what became of each phone comes back as %s receipts signed with the %s secret',
  async (version, key) => {
    simulators.huawei.control({
      receiptUser: CHECK.user,
      receiptSecret: CHECK.secret,
      receiptKey: key,
      receiptVersion: version,
    });

    await send({
      tokens: [`p-${version}`, `uninstalled-${version}`, `muted-${version}`],
      jobId: 'job-1',
    });
    const own = () =>
      listener.receipts.filter(({ tokens: [token = ''] }) => token.endsWith(version));
    await listener.until(() => own().length >= 3);

    expect(own()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'delivered', tokens: [`p-${version}`], jobId: 'job-1' }),
        expect.objectContaining({ kind: 'token-invalid', tokens: [`uninstalled-${version}`] }),
        expect.objectContaining({ kind: 'muted', tokens: [`muted-${version}`] }),
      ]),
    );
  },
);

test('receipts that another secret signed are refused', async () => {
  simulators.huawei.control({ receiptUser: CHECK.user, receiptSecret: 'b3RoZXI=' });

  await send({ tokens: ['phone-b'] });
  await listener.until(() => listener.refused.some((body) => body.includes('phone-b')));

  const readTokens = listener.receipts.flatMap(({ tokens }) => tokens);
  expect(readTokens).not.toContain('phone-b');
});
