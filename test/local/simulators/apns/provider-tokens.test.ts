import { generateKeyPairSync } from 'node:crypto';
import { ProviderTokens } from '../../../../local/simulators/apns/provider-tokens';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { ApnsClient, signProviderToken, type TokenChange } from './calls';

let simulators: Simulators;
let apns: ApnsClient;

beforeAll(async () => {
  simulators = await startSimulators();
  apns = new ApnsClient(simulators);
});
afterAll(async () => {
  await apns.close();
  await simulators.close();
});
beforeEach(() => {
  simulators.apns.reset();
  apns.token = signProviderToken(simulators);
});

const now = Math.floor(Date.now() / 1_000);

function push(authorization: string | undefined) {
  return apns.push({ authorization });
}

function otherKey(namedCurve: string): string {
  return generateKeyPairSync('ec', {
    namedCurve,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

test('credentials are ids of ten characters and a key of P-256 in PEM', () => {
  expect(simulators.credentials('apns')).toEqual({
    teamId: expect.stringMatching(/^[A-Z0-9]{10}$/),
    keyId: expect.stringMatching(/^[A-Z0-9]{10}$/),
    privateKey: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/),
    topic: 'com.example.chat',
  });
});

test('a token with a known signing input is good from its time on for an hour', () => {
  const input =
    'eyJhbGciOiJFUzI1NiIsImtpZCI6IkFCQzEyM0RFRkcifQ.eyJpc3MiOiJERUYxMjNHSElKIiwiaWF0IjoxNzYwMDAwMDAwfQ';
  const token = signProviderToken(simulators, {
    header: { kid: 'ABC123DEFG' },
    claims: { iss: 'DEF123GHIJ', iat: 1_760_000_000 },
  });
  expect(token.slice(0, token.lastIndexOf('.'))).toBe(input);
  const { privateKey } = simulators.credentials('apns');
  const tokens = new ProviderTokens({ teamId: 'DEF123GHIJ', keyId: 'ABC123DEFG', privateKey });
  const at = 1_760_000_000_000;
  expect(tokens.check(`bearer ${token}`, at - 1)?.reason).toBe('InvalidProviderToken');
  expect(tokens.check(`bearer ${token}`, at)).toBeUndefined();
  expect(tokens.check(`bearer ${token}`, at + 3_600_000)).toBeUndefined();
  expect(tokens.check(`bearer ${token}`, at + 3_600_001)?.reason).toBe('ExpiredProviderToken');
});

test('typ JWT may be there or not', async () => {
  expect((await push(`bearer ${apns.token}`)).status).toBe(200);
  simulators.apns.reset();
  const token = signProviderToken(simulators, { header: { typ: 'JWT' } });
  expect((await push(`bearer ${token}`)).status).toBe(200);
});

test.each([undefined, '', 'bearer ', 'Basic eDp5'])(
  'without a provider token (%s) there is 403 MissingProviderToken',
  async (authorization) => {
    const answer = await push(authorization);
    expect(answer).toMatchObject({ status: 403, json: { reason: 'MissingProviderToken' } });
  },
);

test.each<[string, TokenChange]>([
  ['another key id', { header: { kid: 'ABC123DEFG' } }],
  ['no key id', { header: { kid: undefined } }],
  ['another algorithm', { header: { alg: 'HS256' } }],
  ['a header that does not exist', { header: { jku: 'https://a.example' } }],
  ['another team', { claims: { iss: 'DEF123GHIJ' } }],
  ['no time', { claims: { iat: undefined } }],
  ['a time in words', { claims: { iat: `${now}` } }],
  ['a time in milliseconds', { claims: { iat: now * 1_000 } }],
  ['a time in the future', { claims: { iat: now + 60 } }],
  ['a claim that does not exist', { claims: { exp: now + 3_600 } }],
  ['a signature in DER', { encoding: 'der' }],
  ['another key', { privateKey: otherKey('P-256') }],
  ['a key of another curve', { privateKey: otherKey('P-384') }],
])('%s is refused with 403 InvalidProviderToken', async (_, change) => {
  const answer = await push(`bearer ${signProviderToken(simulators, change)}`);
  expect(answer).toMatchObject({ status: 403, json: { reason: 'InvalidProviderToken' } });
  expect(simulators.apns.counters()).toMatchObject({ providerTokens: 0, maxInWindow: 0 });
});

test.each(['nonsense', 'a.b.c', 'e30.e30.e30=', 'e30.e30.e30.e30'])(
  'what is no JWT (%s) is refused with 403 InvalidProviderToken',
  async (token) => {
    const answer = await push(`bearer ${token}`);
    expect(answer).toMatchObject({ status: 403, json: { reason: 'InvalidProviderToken' } });
  },
);

test('a token older than an hour is refused with 403 ExpiredProviderToken', async () => {
  const old = signProviderToken(simulators, { claims: { iat: now - 3_601 } });
  const answer = await push(`bearer ${old}`);
  expect(answer).toMatchObject({ status: 403, json: { reason: 'ExpiredProviderToken' } });
  const young = signProviderToken(simulators, { claims: { iat: now - 3_500 } });
  expect((await push(`bearer ${young}`)).status).toBe(200);
});

test('the hour can be made shorter', async () => {
  simulators.apns.control({ providerTokenSeconds: 10 });
  const token = signProviderToken(simulators, { claims: { iat: now - 20 } });
  expect((await push(`bearer ${token}`)).json).toEqual({ reason: 'ExpiredProviderToken' });
});

test('another token within 20 minutes is refused with 429, the first one stays good', async () => {
  const second = signProviderToken(simulators, { claims: { iat: now - 60 } });
  expect((await apns.push()).status).toBe(200);
  const answer = await push(`bearer ${second}`);
  expect(answer).toMatchObject({ status: 429, json: { reason: 'TooManyProviderTokenUpdates' } });
  expect((await apns.push()).status).toBe(200);
  expect(simulators.apns.counters().providerTokens).toBe(1);
});

test('the same claims signed again are another token', async () => {
  await apns.push();
  const again = signProviderToken(simulators, { claims: { iat: now } });
  expect(again).not.toBe(apns.token);
  expect((await push(`bearer ${again}`)).status).toBe(429);
});

test('after 20 minutes a new token may come, and the old one is good to the end of its hour', () => {
  const { teamId, keyId, privateKey } = simulators.credentials('apns');
  const tokens = new ProviderTokens({ teamId, keyId, privateKey });
  const sign = (iat: number) => `bearer ${signProviderToken(simulators, { claims: { iat } })}`;
  const [first, second] = [sign(now), sign(now + 600)];
  expect(tokens.check(first, now * 1_000)).toBeUndefined();
  expect(tokens.check(second, (now + 1_200) * 1_000 - 1)?.reason).toBe(
    'TooManyProviderTokenUpdates',
  );
  expect(tokens.check(second, (now + 1_200) * 1_000)).toBeUndefined();
  expect(tokens.check(first, (now + 3_600) * 1_000)).toBeUndefined();
  expect(tokens.check(first, (now + 3_601) * 1_000)?.reason).toBe('ExpiredProviderToken');
  expect(tokens.count).toBe(2);
});

test('the limit of updates can be set', async () => {
  simulators.apns.control({ providerTokenUpdateSeconds: 0 });
  await apns.push();
  const second = signProviderToken(simulators, { claims: { iat: now - 60 } });
  expect((await push(`bearer ${second}`)).status).toBe(200);
  expect(simulators.apns.counters().providerTokens).toBe(2);
});

test('all tokens can be expired at once, and a new one is taken at once', async () => {
  await apns.push();
  simulators.apns.control({ expireProviderTokens: true });
  expect(await apns.push()).toMatchObject({
    status: 403,
    json: { reason: 'ExpiredProviderToken' },
  });
  apns.token = signProviderToken(simulators);
  expect((await apns.push()).status).toBe(200);
});
