import { createPrivateKey, verify } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { Access } from '../../../lib/vendors/access-tokens';
import { createProviderTokens, signProviderToken } from '../../../lib/vendors/apns/auth';
import { createApnsSender } from '../../../lib/vendors/apns/sender';
import { aGate, anAccessTokenStore, aSendRequest, somePorts } from '../support';
import {
  APNS_CREDENTIALS,
  APNS_PUBLIC_KEY,
  anApnsCertificate,
  type Http2VendorServer,
  startHttp2VendorServer,
} from './support';

const START = Date.parse('2026-11-24T08:00:00Z');
const MINUTE = 60_000;

async function claimsOf(jwt: string) {
  const { payload } = await jwtVerify(jwt, APNS_PUBLIC_KEY, { currentDate: new Date(START) });
  return payload;
}

test('the signing input is that of the test vector, the signature 64 raw bytes', async () => {
  const key = createPrivateKey(APNS_CREDENTIALS.privateKey);

  const jwt = await signProviderToken(key, APNS_CREDENTIALS, 1_760_000_000_999);

  const [header, payload, signature = ''] = jwt.split('.');
  const input = `${header}.${payload}`;
  expect(input).toBe(
    'eyJhbGciOiJFUzI1NiIsImtpZCI6IkFCQzEyM0RFRkcifQ.eyJpc3MiOiJERUYxMjNHSElKIiwiaWF0IjoxNzYwMDAwMDAwfQ',
  );
  const bytes = Buffer.from(signature, 'base64url');
  expect(bytes).toHaveLength(64);
  expect(
    verify(
      'sha256',
      Buffer.from(input),
      { key: APNS_PUBLIC_KEY, dsaEncoding: 'ieee-p1363' },
      bytes,
    ),
  ).toBe(true);
});

describe('a provider token', () => {
  const providerTokens = (
    clock: { at: number },
    store = anAccessTokenStore(),
    change: object = {},
  ) =>
    createProviderTokens(
      anApnsCertificate(change),
      { ...APNS_CREDENTIALS, ...change },
      {
        store,
        clock: { now: () => clock.at },
      },
    );
  const jwtOf = (access: Access) => (access.kind === 'granted' ? access.accessToken : '');

  test('has the same claims whoever signs it within half an hour', async () => {
    for (const at of [START, START + 30 * MINUTE - 1]) {
      const jwt = jwtOf(await providerTokens({ at }).get());
      expect(await claimsOf(jwt)).toEqual({ iss: 'DEF123GHIJ', iat: START / 1_000 });
    }
  });

  test('is signed once for all containers', async () => {
    const store = anAccessTokenStore();
    const clock = { at: START };

    const first = await providerTokens(clock, store).get();
    clock.at += 5 * MINUTE;
    const containers = Array.from({ length: 5 }, () => providerTokens(clock, store));
    const others = await Promise.all(containers.map((one) => one.get()));

    expect(others).toEqual(Array(5).fill(first));
  });

  test('is that of all certificates with the same key', async () => {
    const store = anAccessTokenStore();
    const of = async (change: object) =>
      jwtOf(await providerTokens({ at: START }, store, change).get());

    const jwt = await of({ name: 'one' });

    expect(await of({ name: 'other', topic: 'com.example.other', sandbox: true })).toBe(jwt);
    expect(await of({ name: 'one', keyId: 'OTHERKEY12' })).not.toBe(jwt);
    expect(await of({ name: 'one', appKey: 'other app' })).not.toBe(jwt);
  });

  test('is never older than an hour, and a new one never within 20 minutes of the last', async () => {
    const clock = { at: START + 29 * MINUTE };
    const { get } = providerTokens(clock);
    const times = new Map<string, number>();

    for (; clock.at < START + 240 * MINUTE; clock.at += MINUTE) {
      const jwt = jwtOf(await get());
      const { iat = 0 } = await claimsOf(jwt);
      expect(clock.at / 1_000 - iat).toBeLessThan(3_600);
      if (!times.has(jwt)) times.set(jwt, clock.at);
    }

    const began = [...times.values()];
    expect(began.length).toBeGreaterThan(4);
    for (const [index, at] of began.slice(1).entries()) {
      expect(at - (began[index] ?? 0)).toBeGreaterThanOrEqual(20 * MINUTE);
    }
  });

  test('that expired is replaced by one of now, however many report it', async () => {
    const clock = { at: START + 20 * MINUTE };
    const { get, replace } = providerTokens(clock);
    const refused = jwtOf(await get());

    const replaced = await Promise.all(Array.from({ length: 20 }, () => replace(refused)));

    const jwts = new Set(replaced.map(jwtOf));
    const [jwt = ''] = jwts;
    expect(jwts.size).toBe(1);
    expect(jwt).not.toBe(refused);
    expect(await claimsOf(jwt)).toMatchObject({ iat: clock.at / 1_000 });
    expect(jwtOf(await get())).toBe(jwt);
  });

  test('that expired at once stays, for Apple refuses who renews too often', async () => {
    const clock = { at: START + 20 * MINUTE };
    const { get, replace } = providerTokens(clock);
    const second = jwtOf(await replace(jwtOf(await get())));

    clock.at += 20 * MINUTE - 1;
    expect(jwtOf(await replace(second))).toBe(second);
    clock.at += 1;
    expect(jwtOf(await replace(second))).not.toBe(second);
  });
});

describe('a sender', () => {
  let server: Http2VendorServer;

  beforeAll(async () => {
    server = await startHttp2VendorServer();
  });

  beforeEach(() => {
    server.requests.length = 0;
  });

  afterAll(() => server.close());

  const expired = { status: 403, body: '{"reason":"ExpiredProviderToken"}' };
  const bearers = () => server.requests.map(({ headers }) => headers.authorization);

  test('signs anew when its token expired, and sends again', async () => {
    let refused: string | undefined;
    server.answer = ({ headers }) => {
      refused ??= headers.authorization;
      return headers.authorization === refused ? expired : { status: 200 };
    };
    const gate = aGate();
    const certificate = anApnsCertificate({ name: 'expired', endpoint: server.url });

    const outcomes = await createApnsSender(certificate, somePorts(gate)).send(
      aSendRequest({ tokens: ['a1', 'b2', 'c3'] }),
    );

    expect(outcomes).toMatchObject(Array(3).fill({ kind: 'accepted' }));
    expect(new Set(bearers()).size).toBe(2);
    expect(gate).toMatchObject({ entered: 6, left: 6 });
  });

  test('gives up when the new one is refused too', async () => {
    server.answer = () => expired;
    const certificate = anApnsCertificate({ name: 'expired for good', endpoint: server.url });
    const { send } = createApnsSender(certificate, somePorts());

    const first = await send(aSendRequest({ tokens: ['a1'] }));
    const second = await send(aSendRequest({ tokens: ['a1'] }));

    expect([...first, ...second]).toMatchObject(
      Array(2).fill({ kind: 'unauthorized', reason: { code: 'ExpiredProviderToken' } }),
    );
    // no token for each message: Apple takes too many of them amiss
    expect(bearers()).toHaveLength(3);
    expect(new Set(bearers()).size).toBe(2);
  });

  test.each(['TooManyProviderTokenUpdates', 'InvalidProviderToken', 'MissingProviderToken'])(
    'keeps its token after %s',
    async (reason) => {
      server.answer = () => ({ status: 429, body: JSON.stringify({ reason }) });
      const certificate = anApnsCertificate({ name: 'kept', endpoint: server.url });
      const { send } = createApnsSender(certificate, somePorts());

      await send(aSendRequest({ tokens: ['a1'] }));
      await send(aSendRequest({ tokens: ['a1'] }));

      expect(bearers()).toHaveLength(2);
      expect(new Set(bearers()).size).toBe(1);
    },
  );

  test('shares its token and its connection with the other lane', async () => {
    server.answer = () => ({ status: 200 });
    const certificate = anApnsCertificate({ name: 'lanes', endpoint: server.url });
    const [direct, bulk] = [aGate(), aGate()];
    const store = anAccessTokenStore();
    const before = server.sessions.length;

    await createApnsSender(certificate, somePorts(direct, store)).send(
      aSendRequest({ tokens: ['a1'] }),
    );
    await createApnsSender(certificate, somePorts(bulk, store)).send(
      aSendRequest({ tokens: ['b2', 'c3'] }),
    );

    expect([direct.entered, bulk.entered]).toEqual([1, 2]);
    expect(new Set(bearers()).size).toBe(1);
    expect(server.sessions).toHaveLength(before + 1);
  });
});
