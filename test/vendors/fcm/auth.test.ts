import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { createHttpClient } from '../../../lib/http/http-client';
import { accessTokenKey, createAccessTokens } from '../../../lib/vendors/access-tokens';
import { fetchAccessToken } from '../../../lib/vendors/fcm/auth';
import { createFcmSender, createSenderWithin } from '../../../lib/vendors/fcm/sender';
import {
  type Answer,
  aGate,
  anAccessTokenStore,
  anFcmCertificate,
  aSendRequest,
  SERVICE_ACCOUNT,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';

let server: VendorServer;
let issued = 0;

beforeAll(async () => {
  server = await startVendorServer();
});

beforeEach(() => {
  issued = 0;
  server.requests.length = 0;
  server.answer = () => token(3_599);
});

afterAll(() => server.close());

function token(expiresInSeconds: number): Answer {
  issued += 1;
  const body = {
    access_token: `ya29.${issued}`,
    expires_in: expiresInSeconds,
    token_type: 'Bearer',
  };
  return { status: 200, body: JSON.stringify(body) };
}

/** Access tokens at a time the test sets. */
function tokensAt(start: number) {
  const clock = { now: () => clock.at, at: start };
  const { type: _, ...account } = SERVICE_ACCOUNT;
  const http = createHttpClient();
  const tokens = createAccessTokens(
    accessTokenKey(anFcmCertificate()),
    () => fetchAccessToken({ type: 'service_account', ...account }, server.url, { http, clock }),
    { store: anAccessTokenStore(), clock },
  );
  return { clock, tokens };
}

const START = Date.parse('2026-11-24T08:00:00Z');

test('a signed assertion is exchanged for a token', async () => {
  const { tokens } = tokensAt(START);

  expect(await tokens.get()).toEqual({ kind: 'granted', accessToken: 'ya29.1' });

  const [request] = server.requests;
  expect(`${request?.method} ${request?.path}`).toBe('POST /token');
  const form = new URLSearchParams(request?.body);
  expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
  const key = createPublicKey(SERVICE_ACCOUNT.private_key);
  const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', key, {
    currentDate: new Date(START),
  });
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: '0123456789abcdef' });
  expect(payload).toEqual({
    iss: 'push@demo-proj.iam.gserviceaccount.com',
    aud: 'https://oauth2.googleapis.com/token',
    scope: 'https://www.googleapis.com/auth/firebase.messaging',
    iat: START / 1_000,
    exp: START / 1_000 + 3_600,
  });
});

test('many ask, one request goes out', async () => {
  const { tokens } = tokensAt(START);

  await Promise.all(Array.from({ length: 50 }, () => tokens.get()));

  expect(server.requests).toHaveLength(1);
});

test('a token is used until five minutes before its end', async () => {
  const { clock, tokens } = tokensAt(START);
  await tokens.get();

  clock.at = START + (3_599 - 301) * 1_000;
  expect(await tokens.get()).toMatchObject({ accessToken: 'ya29.1' });
  clock.at = START + (3_599 - 300) * 1_000;
  expect(await tokens.get()).toMatchObject({ accessToken: 'ya29.2' });
});

test('a short-lived token is used for half its life', async () => {
  server.answer = () => token(60);
  const { clock, tokens } = tokensAt(START);
  await tokens.get();

  clock.at = START + 29_000;
  expect(await tokens.get()).toMatchObject({ accessToken: 'ya29.1' });
  clock.at = START + 30_000;
  expect(await tokens.get()).toMatchObject({ accessToken: 'ya29.2' });
});

test('a refused token is replaced once, however many report it', async () => {
  const { tokens } = tokensAt(START);
  await tokens.get();

  const replaced = await Promise.all(Array.from({ length: 20 }, () => tokens.replace('ya29.1')));

  expect(replaced).toEqual(Array(20).fill({ kind: 'granted', accessToken: 'ya29.2' }));
  expect(await tokens.replace('ya29.1')).toMatchObject({ accessToken: 'ya29.2' });
  expect(server.requests).toHaveLength(2);
});

test.each([
  [
    'the key was revoked',
    { status: 400, body: '{"error":"invalid_grant","error_description":"Invalid JWT Signature."}' },
    { kind: 'unauthorized', reason: { code: 'invalid_grant', text: 'Invalid JWT Signature.' } },
  ],
  [
    'the client is unknown',
    { status: 401, body: '{"error":"invalid_client"}' },
    { kind: 'unauthorized', reason: { code: 'invalid_client' } },
  ],
  [
    'the endpoint is another server',
    { status: 404, body: '<html>' },
    { kind: 'misconfigured', reason: { code: 'auth-http-404' } },
  ],
  [
    'Google is overloaded',
    { status: 503, headers: { 'Retry-After': '7' }, body: '' },
    { kind: 'unavailable', reason: { code: 'auth-http-503' }, retryAfterMs: 7_000 },
  ],
  [
    'too many tokens were asked for',
    { status: 429, body: '' },
    { kind: 'unavailable', reason: { code: 'auth-http-429' } },
  ],
  [
    'the answer makes no sense',
    { status: 200, body: '{"access_token":"a\\nb","expires_in":3599}' },
    { kind: 'unavailable', reason: { code: 'auth-unreadable', unmapped: true } },
  ],
  ['the connection breaks', undefined, { kind: 'unavailable', reason: { code: 'network' } }],
])('no token when %s', async (_case, answer, outcome) => {
  server.answer = () => answer;

  expect(await tokensAt(START).tokens.get()).toMatchObject({ kind: 'refused', outcome });
});

test('an assertion that is echoed stays out of the words', async () => {
  server.answer = ({ body }) => {
    const assertion = new URLSearchParams(body).get('assertion');
    const refusal = { error: 'invalid_grant', error_description: `Bad: ${assertion}` };
    return { status: 400, body: JSON.stringify(refusal) };
  };

  expect(await tokensAt(START).tokens.get()).toMatchObject({
    outcome: { reason: { text: 'Bad: …' } },
  });
});

describe('a sender', () => {
  const certificate = () => anFcmCertificate({ endpoint: server.url, authEndpoint: server.url });
  const refused = { status: 401, body: '{"error":{"code":401,"status":"UNAUTHENTICATED"}}' };

  test('replaces an access token that is refused, and sends again', async () => {
    server.answer = ({ path, headers }) => {
      if (path === '/token') {
        return token(3_599);
      }
      return headers.authorization === 'Bearer ya29.1'
        ? refused
        : { status: 200, body: '{"name":"m"}' };
    };

    const outcomes = await createFcmSender(certificate(), somePorts()).send(
      aSendRequest({ tokens: ['t1', 't2', 't3'] }),
    );

    expect(outcomes).toEqual(Array(3).fill({ kind: 'accepted', receiptId: 'm' }));
    expect(issued).toBe(2);
  });

  test('gives up when the new one is refused too', async () => {
    server.answer = ({ path }) => (path === '/token' ? token(3_599) : refused);

    const outcomes = await createFcmSender(certificate(), somePorts()).send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'unauthorized', reason: { code: 'UNAUTHENTICATED' } }]);
    expect(issued).toBe(2);
  });

  test('needs no pass of the flow limit for an access token', async () => {
    server.answer = ({ path }) =>
      path === '/token' ? token(3_599) : { status: 200, body: '{"name":"m"}' };
    const gate = aGate();

    await createFcmSender(certificate(), somePorts(gate)).send(aSendRequest());

    expect(gate).toMatchObject({ entered: 1, left: 1 });
  });

  test.each([
    ['the first', 0],
    ['another', 1],
  ])('does not outlive its deadline for want of %s access token', async (_which, had) => {
    server.answer = ({ path }) => {
      if (path !== '/token') return refused;
      return issued < had ? token(3_599) : 'silence';
    };
    const began = Date.now();

    const outcomes = await createSenderWithin(600, certificate(), somePorts()).send(aSendRequest());

    expect(Date.now() - began).toBeLessThan(4_000);
    expect(outcomes).toMatchObject([{ kind: 'unavailable', reason: { code: 'access-token' } }]);
  });

  test('without an access token tells why for every phone', async () => {
    server.answer = () => ({ status: 400, body: '{"error":"invalid_grant"}' });

    const outcomes = await createFcmSender(certificate(), somePorts()).send(
      aSendRequest({ tokens: ['t1', 't2'] }),
    );

    expect(outcomes).toMatchObject(Array(2).fill({ kind: 'unauthorized' }));
  });
});
