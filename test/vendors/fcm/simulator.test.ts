import type { Certificate } from '../../../lib/model/certificate';
import { createSenderWithin } from '../../../lib/vendors/fcm/sender';
import type { VendorSender } from '../../../lib/vendors/vendor';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aGate, aNotification, anFcmCertificate, aSendRequest, somePorts } from '../support';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});

beforeEach(() => simulators.fcm.reset());

afterAll(() => simulators.close());

function aSender(change: Partial<Certificate> = {}, gate = aGate()): VendorSender {
  const certificate = anFcmCertificate({
    endpoint: simulators.endpoint('fcm'),
    authEndpoint: simulators.authEndpoint('fcm') ?? '',
    credentials: { ...simulators.credentials('fcm') },
    package: simulators.packageName,
    ...change,
  });
  return createSenderWithin(3_000, certificate, somePorts(gate));
}

test('a notification is shown, and its repeat replaces it', async () => {
  const sender = aSender();

  const outcomes = await sender.send(aSendRequest({ tokens: ['phone-1', 'phone-2'] }));
  await sender.send(aSendRequest({ tokens: ['phone-1'] }));

  expect(outcomes).toMatchObject(
    Array(2).fill({ kind: 'accepted', receiptId: expect.stringContaining('/messages/0:') }),
  );
  const phone = simulators.phones.look('phone-1');
  expect(phone.tray).toMatchObject([{ title: '订单 已发货', body: '包裹 A&B 100%', tag: '7' }]);
  expect(phone.repeats).toBe(1);
});

test('texts and data too long for FCM are taken all the same', async () => {
  const long = '字👨‍👩‍👧'.repeat(3_000);

  for (const data of [{}, { k: 'v'.repeat(2_900) }, { k: long }, { from: 'x', google_x: 'y' }]) {
    const notification = aNotification({ title: long, body: long, data });
    const outcomes = await aSender().send(aSendRequest({ notification, tokens: ['phone-3'] }));
    expect(outcomes).toMatchObject([{ kind: 'accepted' }]);
  }
});

test('dead, foreign and malformed tokens among good ones', async () => {
  const tokens: [string, ...string[]] = ['phone-4', 'dead-1', 'foreign-1', 'no token'];

  const outcomes = await aSender().send(aSendRequest({ tokens }));

  expect(outcomes.map(({ kind }) => kind)).toEqual([
    'accepted',
    'token-invalid',
    'token-invalid',
    'token-invalid',
  ]);
});

test('a wrong project, package and key are told apart', async () => {
  const { serviceAccount } = simulators.credentials('fcm');
  const withAccount = (change: object) =>
    aSender({ credentials: { serviceAccount: { ...serviceAccount, ...change } } });

  expect(await withAccount({ project_id: 'other' }).send(aSendRequest())).toMatchObject([
    { kind: 'misconfigured', reason: { code: 'PERMISSION_DENIED' } },
  ]);
  expect(await withAccount({ client_email: 'x@y' }).send(aSendRequest())).toMatchObject([
    { kind: 'unauthorized', reason: { code: 'invalid_grant' } },
  ]);
  const other = aSender({ package: 'com.example.other' });
  expect(await other.send(aSendRequest({ tokens: ['phone-5'] }))).toMatchObject([
    { kind: 'rejected', reason: { code: 'INVALID_ARGUMENT' } },
  ]);
});

test('access tokens that end early are replaced', async () => {
  const sender = aSender();
  await sender.send(aSendRequest({ tokens: ['phone-6'] }));
  simulators.fcm.control({ expireAccessTokens: true });

  const outcomes = await sender.send(aSendRequest({ tokens: ['phone-6', 'phone-7'] }));

  expect(outcomes).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  expect(simulators.fcm.counters().authRequests).toBe(2);
});

test('limits, outages and lost answers', async () => {
  const sender = aSender();
  const send = () => sender.send(aSendRequest({ tokens: ['phone-8'] }));

  simulators.fcm.control({ failNext: 1, status: 429, retryAfterSeconds: 30 });
  expect(await send()).toMatchObject([
    { kind: 'throttled', retryAfterMs: 30_000, reason: { code: 'QUOTA_EXCEEDED' } },
  ]);
  simulators.fcm.control({ failNext: 1, status: 500 });
  expect(await send()).toMatchObject([{ kind: 'unavailable', reason: { code: 'INTERNAL' } }]);
  // the SDK repeats these on its own
  simulators.fcm.control({ failNext: 1, status: 503 });
  expect(await send()).toMatchObject([{ kind: 'accepted' }]);
  simulators.fcm.control({ dropAfterAccept: 1 });
  expect(await send()).toMatchObject([{ kind: 'accepted' }]);
  expect(simulators.phones.look('phone-8').tray).toHaveLength(1);
  simulators.fcm.control({ failNextAuth: 1 });
  expect(await aSender().send(aSendRequest({ tokens: ['phone-8'] }))).toMatchObject([
    { kind: 'unavailable', reason: { code: 'auth-http-503' } },
  ]);
});
