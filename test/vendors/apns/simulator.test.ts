import type { Certificate } from '../../../lib/model/certificate';
import { createApnsSender } from '../../../lib/vendors/apns/sender';
import type { VendorSender } from '../../../lib/vendors/vendor';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aGate, aNotification, anAccessTokenStore, aSendRequest, somePorts } from '../support';
import { anApnsCertificate } from './support';

let simulators: Simulators;
let certificates = 0;
let store = anAccessTokenStore();

beforeAll(async () => {
  simulators = await startSimulators();
});

beforeEach(() => {
  simulators.apns.reset();
  // Apple counts new provider tokens, so all senders of a test share one
  store = anAccessTokenStore();
  certificates += 1;
});

afterAll(() => simulators.close());

const phone = (n: number) => `5e${String(n).padStart(62, '0')}`;
const DEAD = `dead${'0'.repeat(60)}`;

/** A sender of this test's certificate. */
function aSender(change: Partial<Certificate> = {}, gate = aGate()): VendorSender {
  const certificate = anApnsCertificate({
    name: `simulated ${certificates}`,
    endpoint: simulators.endpoint('apns'),
    credentials: { ...simulators.credentials('apns') },
    ...change,
  });
  return createApnsSender(certificate, somePorts(gate, store));
}

const send = (tokens: [string, ...string[]], sender = aSender()) =>
  sender.send(aSendRequest({ tokens }));

test('a notification is shown, and its repeat replaces it', async () => {
  const outcomes = await send([phone(1), phone(2)]);
  await send([phone(1)]);

  expect(outcomes).toMatchObject(
    Array(2).fill({ kind: 'accepted', receiptId: expect.stringMatching(/^[\w-]{36}$/) }),
  );
  const { tray, repeats } = simulators.phones.look(phone(1));
  expect(tray).toMatchObject([{ title: '订单 已发货', body: '包裹 A&B 100%' }]);
  expect(repeats).toBe(1);
});

test('texts and data too long for Apple are taken all the same', async () => {
  const long = '字👨‍👩‍👧"'.repeat(3_000);

  for (const data of [{}, { k: 'v'.repeat(2_900) }, { k: long }, { aps: 'x' }]) {
    const notification = aNotification({ title: long, body: long, data, badge: { set: 100 } });
    expect(await aSender().send(aSendRequest({ notification, tokens: [phone(3)] }))).toMatchObject([
      { kind: 'accepted' },
    ]);
  }
});

test('a cold burst over one connection loses nothing', async () => {
  const gate = aGate();
  const tokens = Array.from({ length: 300 }, (_, n) => phone(100 + n));

  const outcomes = await send([phone(4), ...tokens], aSender({}, gate));

  expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(301);
  expect(gate).toMatchObject({ entered: 301, left: 301 });
  expect(simulators.apns.counters()).toMatchObject({ connections: 1, refusedStreams: 0 });
});

test('dead, expired, foreign and malformed tokens among good ones', async () => {
  const [expired, foreign, other] = [phone(5), phone(6), phone(7)];
  simulators.apns.control({
    expiredTokens: [expired],
    foreignTokens: [foreign],
    otherEnvironmentTokens: [other],
    deadSince: 1_760_000_000_000,
  });
  const sender = aSender();

  expect(await send([phone(8), DEAD, expired], sender)).toMatchObject([
    { kind: 'accepted' },
    { kind: 'token-invalid', since: 1_760_000_000_000, reason: { code: 'Unregistered' } },
    { kind: 'token-invalid', since: 1_760_000_000_000, reason: { code: 'ExpiredToken' } },
  ]);
  expect(await send([foreign, other, 'no-hex'], sender)).toMatchObject([
    { kind: 'token-invalid', reason: { code: 'DeviceTokenNotForTopic' } },
    { kind: 'token-invalid', reason: { code: 'BadDeviceToken' } },
    { kind: 'token-invalid', reason: { code: 'BadDeviceToken' } },
  ]);
});

test('a wrong environment, topic and key are told apart, and cost no token', async () => {
  const credentials = simulators.credentials('apns');
  const withCredentials = (change: object) =>
    aSender({ name: JSON.stringify(change), credentials: { ...credentials, ...change } });
  simulators.apns.control({ otherEnvironmentTokens: [phone(9)] });

  expect(await send([phone(9)])).toMatchObject([
    { kind: 'misconfigured', reason: { code: 'BadDeviceToken' } },
  ]);
  expect(await send([phone(9)], withCredentials({ topic: 'com.example.other' }))).toMatchObject([
    { kind: 'misconfigured', reason: { code: 'TopicDisallowed' } },
  ]);
  expect(await send([phone(9)], withCredentials({ teamId: 'OTHERTEAM1' }))).toMatchObject([
    { kind: 'unauthorized', reason: { code: 'InvalidProviderToken' } },
  ]);
});

test('a provider token that expired is signed anew, and all containers use the new one', async () => {
  const sender = aSender();
  await send([phone(10)], sender);
  simulators.apns.control({ expireProviderTokens: true });

  const outcomes = await send([phone(10), phone(11), phone(12)], sender);
  const elsewhere = await send([phone(13)]);

  expect([...outcomes, ...elsewhere]).toMatchObject(Array(4).fill({ kind: 'accepted' }));
  expect(simulators.apns.counters()).toMatchObject({ providerTokens: 2 });
});

test('GOAWAY, refused streams and lost answers', async () => {
  const sender = aSender();
  await send([phone(14)], sender);

  simulators.apns.control({ goAway: true });
  expect(await send([phone(14)], sender)).toMatchObject([{ kind: 'accepted' }]);
  simulators.apns.control({ refuseStreams: 2 });
  expect(await send([phone(15), phone(16)], sender)).toMatchObject(
    Array(2).fill({ kind: 'accepted' }),
  );
  simulators.apns.control({ dropAfterAccept: 1 });
  expect(await send([phone(14)], sender)).toMatchObject([
    { kind: 'unavailable', reason: { code: 'network' } },
  ]);
  expect(await send([phone(14)], sender)).toMatchObject([{ kind: 'accepted' }]);

  expect(simulators.phones.look(phone(14)).tray).toHaveLength(1);
});

test.each(['Shutdown', 'IdleTimeout'])('%s is answered by a new connection', async (code) => {
  simulators.apns.control({ failNext: 1, code });

  expect(await send([phone(17)])).toMatchObject([{ kind: 'accepted' }]);
  expect(simulators.apns.counters()).toMatchObject({ connections: 2 });
});

test('limits and outages', async () => {
  const sender = aSender();
  simulators.apns.control({ perDeviceQuota: 1 });
  await send([phone(18)], sender);
  expect(await send([phone(18)], sender)).toMatchObject([
    { kind: 'throttled', scope: 'device', reason: { code: 'TooManyRequests' } },
  ]);

  simulators.apns.control({ failNext: 1, code: 'TooManyProviderTokenUpdates' });
  expect(await send([phone(19)], sender)).toMatchObject([{ kind: 'unavailable' }]);
  simulators.apns.control({ failNext: 1, status: 503, retryAfterSeconds: 9 });
  expect(await send([phone(20)], sender)).toMatchObject([
    { kind: 'unavailable', retryAfterMs: 9_000 },
  ]);
});
