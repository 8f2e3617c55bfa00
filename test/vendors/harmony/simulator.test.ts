import type { Certificate } from '../../../lib/model/certificate';
import { readReceipts } from '../../../lib/vendors/harmony/receipts';
import { createHarmonySender } from '../../../lib/vendors/harmony/sender';
import type { SendRequest, VendorSender } from '../../../lib/vendors/vendor';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { type ReceiptListener, startReceiptListener } from '../huawei/receipt-listener';
import { aHarmonyCertificate } from '../huawei/support';
import { aNotification, aSendRequest, somePorts } from '../support';

/** Who the receipts are signed by. */
const CHECK = { user: 'receiptUser', secret: 'xIoB9J/Q8sxAS8PLvIDpFFej1Bu0KaaVJD3kxheUFVw=' };

let simulators: Simulators;
let listener: ReceiptListener;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20 });
  listener = await startReceiptListener(readReceipts, CHECK);
  simulators.useReceiptAddress('harmony', listener.url);
});

beforeEach(() => simulators.harmony.reset());

afterAll(async () => {
  await simulators.close();
  listener.close();
});

function aSender(change: Partial<Certificate> = {}): VendorSender {
  const certificate = aHarmonyCertificate({
    endpoint: simulators.endpoint('harmony'),
    credentials: { ...simulators.credentials('harmony') },
    package: simulators.packageName,
    ...change,
  });
  return createHarmonySender(certificate, somePorts());
}
const send = (request: Partial<SendRequest>, change: Partial<Certificate> = {}) =>
  aSender(change).send(aSendRequest(request));

test('a notification is shown, and its repeat is not shown twice', async () => {
  const first = await send({ tokens: ['phone-1', 'phone-2'] });
  await send({ tokens: ['phone-1'], jobId: 'another-job' });

  expect(first).toMatchObject(
    Array(2).fill({ kind: 'accepted', receiptId: expect.stringMatching(/./) }),
  );
  const phone = simulators.phones.look('phone-1');
  expect(phone.tray).toMatchObject([{ title: '订单 已发货', body: '包裹 A&B 100%', notifyId: 7 }]);
  expect(phone.repeats).toBe(1);
});

test('texts too long, blank or full of what JSON escapes are taken all the same', async () => {
  let notifyId = 100;
  for (const text of [
    '👨‍👩‍👧'.repeat(2_000),
    ' ',
    '"\\字\n'.repeat(2_000),
    'a\u0001'.repeat(3_000),
  ]) {
    notifyId += 1;
    const own = { notifyId, dedupeKey: `k${notifyId}`, data: { k: text.slice(0, 300) } };
    const notification = aNotification({ title: text, body: text, ...own });
    expect(await send({ notification, tokens: ['phone-3'] })).toMatchObject([{ kind: 'accepted' }]);
  }
  expect(simulators.phones.look('phone-3').tray).toHaveLength(4);
});

test('every badge, category and life is taken', async () => {
  for (const badge of [{ set: 0 }, { set: 500 }, { add: 1 }, { add: 500 }]) {
    const notification = aNotification({ badge, data: {} });
    const request = { messageClass: { category: 'MISS_CALL' }, ttlSeconds: 99_999_999 };
    expect(await send({ ...request, notification, tokens: ['phone-4'] })).toMatchObject([
      { kind: 'accepted' },
    ]);
  }
});

test('dead, foreign and other tokens among good ones, each for its reason', async () => {
  simulators.harmony.control({
    illegalTokens: { abroad: 'countryNotSupport', old: 'tokenPlatformNotSupport' },
  });

  const outcomes = await send({ tokens: ['phone-5', 'dead-1', 'foreign-1', 'abroad', 'old'] });

  expect(outcomes).toMatchObject([
    { kind: 'accepted' },
    { kind: 'token-invalid', reason: { code: 'tokenFormatError' } },
    { kind: 'token-invalid', reason: { code: 'noRight' } },
    { kind: 'rejected', reason: { code: 'countryNotSupport' } },
    { kind: 'token-invalid', reason: { code: 'tokenPlatformNotSupport' } },
  ]);
  expect(await send({ tokens: ['dead-2', 'dead-3'] })).toMatchObject(
    Array(2).fill({ kind: 'token-invalid' }),
  );
  expect(await send({ tokens: ['foreign-2'] })).toMatchObject([{ kind: 'misconfigured' }]);
});

test('another project, key and key id are refused', async () => {
  const credentials = simulators.credentials('harmony');
  const withChange = (change: object) => send({}, { credentials: { ...credentials, ...change } });
  const { serviceAccount } = credentials;

  for (const change of [
    { projectId: '1' },
    { serviceAccount: { ...serviceAccount, key_id: 'other' } },
    { serviceAccount: { ...serviceAccount, sub_account: '1' } },
  ]) {
    expect(await withChange(change)).toMatchObject([
      { kind: 'unauthorized', reason: { code: '80200001' } },
    ]);
  }
});

test('limits, outages and lost answers', async () => {
  simulators.harmony.control({ ratePerSecond: 2 });
  expect(await send({ tokens: ['phone-6', 'phone-7', 'phone-8'] })).toMatchObject(
    Array(3).fill({ kind: 'throttled', scope: 'second', reason: { code: 'http-503' } }),
  );
  simulators.harmony.control({ ratePerSecond: null, failNext: 1, code: '80200005' });
  // signed anew and sent again
  expect(await send({ tokens: ['phone-6'] })).toMatchObject([{ kind: 'accepted' }]);
  simulators.harmony.control({ failNext: 1, code: '80300037' });
  expect(await send({ tokens: ['phone-6'] })).toMatchObject([
    { kind: 'misconfigured', pauses: true },
  ]);
  simulators.harmony.control({ dropAfterAccept: 1 });
  expect(await send({ tokens: ['phone-6'] })).toMatchObject([
    { kind: 'unavailable', reason: { code: 'network' } },
  ]);
});

test.each(['decoded', 'utf8'] as const)(
  'what became of each phone comes back as receipts signed with the %s secret',
  async (receiptKey) => {
    simulators.harmony.control({
      receiptUser: CHECK.user,
      receiptSecret: CHECK.secret,
      receiptKey,
      receiptResults: { [`late-${receiptKey}`]: 15 },
    });

    const tokens = ['p', 'uninstalled', 'muted', 'late'].map((one) => `${one}-${receiptKey}`);
    const [first = '', ...others] = tokens;
    await send({ tokens: [first, ...others], jobId: 'job-1' });
    const own = () =>
      listener.receipts.filter(({ tokens: [token = ''] }) => tokens.includes(token));
    await listener.until(() => own().length >= 4);

    expect(own().toSorted((one, other) => (one.tokens < other.tokens ? -1 : 1))).toMatchObject([
      { kind: 'expired', tokens: [`late-${receiptKey}`], jobId: 'job-1' },
      { kind: 'muted', tokens: [`muted-${receiptKey}`] },
      { kind: 'delivered', tokens: [`p-${receiptKey}`] },
      { kind: 'token-invalid', tokens: [`uninstalled-${receiptKey}`] },
    ]);
  },
);
