import { errors } from '../../../lib/vendors/fcm/errors';
import { outcomeOfFailure, readFailure } from '../../../lib/vendors/fcm/protocol';
import { createFcmSender } from '../../../lib/vendors/fcm/sender';
import {
  type Answer,
  anFcmCertificate,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';

let server: VendorServer;

beforeAll(async () => {
  server = await startVendorServer();
});

afterAll(() => server.close());

const TOKEN_ANSWER = { status: 200, body: '{"access_token":"ya29.secret","expires_in":3599}' };
const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

interface GoogleError {
  readonly status?: string;
  readonly message?: string;
  readonly details?: readonly object[];
}

const google = (code: number, error: GoogleError, headers = {}): Answer => ({
  status: code,
  headers,
  body: JSON.stringify({ error: { code, ...error } }),
});
const withDetail = (code: number, status: string, errorCode: string, message = 'words') =>
  google(code, { status, message, details: [{ '@type': FCM_ERROR, errorCode }] });

/** Sends to one token of a fresh sender and answers what became of it. */
async function outcomeOf(answer: Answer | undefined, token = 'tok1') {
  server.answer = ({ path }) => (path === '/token' ? TOKEN_ANSWER : answer);
  const certificate = anFcmCertificate({ endpoint: server.url, authEndpoint: server.url });
  const sender = createFcmSender(certificate, somePorts());
  const [outcome] = await sender.send(aSendRequest({ tokens: [token] }));
  return outcome;
}

const ROWS = [
  ['UNREGISTERED', withDetail(404, 'NOT_FOUND', 'UNREGISTERED'), { kind: 'token-invalid' }],
  [
    'INVALID_ARGUMENT',
    withDetail(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT'),
    { kind: 'rejected' },
  ],
  [
    'SENDER_ID_MISMATCH',
    withDetail(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH'),
    { kind: 'misconfigured' },
  ],
  [
    'THIRD_PARTY_AUTH_ERROR',
    withDetail(401, 'UNAUTHENTICATED', 'THIRD_PARTY_AUTH_ERROR'),
    { kind: 'misconfigured' },
  ],
  [
    'APNS_AUTH_ERROR',
    withDetail(401, 'UNAUTHENTICATED', 'APNS_AUTH_ERROR'),
    { kind: 'misconfigured' },
  ],
  [
    'QUOTA_EXCEEDED',
    withDetail(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'),
    { kind: 'throttled', scope: 'second', retryAfterMs: 60_000 },
  ],
  [
    'RESOURCE_EXHAUSTED',
    google(429, { status: 'RESOURCE_EXHAUSTED' }, { 'Retry-After': '30' }),
    { kind: 'throttled', scope: 'second', retryAfterMs: 30_000 },
  ],
  ['INTERNAL', withDetail(500, 'INTERNAL', 'INTERNAL'), { kind: 'unavailable' }],
  [
    'UNAVAILABLE',
    { ...google(503, { status: 'UNAVAILABLE' }), headers: { 'Retry-After': '90' } },
    { kind: 'unavailable', retryAfterMs: 90_000 },
  ],
  ['DEADLINE_EXCEEDED', google(504, { status: 'DEADLINE_EXCEEDED' }), { kind: 'unavailable' }],
  [
    'NOT_FOUND',
    google(404, { status: 'NOT_FOUND', message: 'Requested entity was not found.' }),
    { kind: 'misconfigured' },
  ],
  ['PERMISSION_DENIED', google(403, { status: 'PERMISSION_DENIED' }), { kind: 'misconfigured' }],
  ['UNAUTHENTICATED', google(401, { status: 'UNAUTHENTICATED' }), { kind: 'unauthorized' }],
  ['http-400', { status: 400, body: '<html>' }, { kind: 'rejected' }],
  ['http-401', { status: 401, body: '<html>' }, { kind: 'unauthorized' }],
  ['http-403', { status: 403, body: '' }, { kind: 'misconfigured' }],
  ['http-404', { status: 404, body: '<html>' }, { kind: 'misconfigured' }],
  ['http-408', { status: 408, body: '<html>' }, { kind: 'unavailable' }],
  ['http-413', { status: 413, body: '<html>' }, { kind: 'rejected' }],
  [
    'http-429',
    { status: 429, body: '<html>' },
    { kind: 'throttled', scope: 'second', retryAfterMs: 60_000 },
  ],
] as const;

test.each(ROWS)('%s', async (code, answer, expected) => {
  const outcome = await outcomeOf(answer);

  expect(outcome).toMatchObject({ ...expected, reason: { code } });
  expect(outcome).not.toHaveProperty('reason.unmapped');
});

test.each([
  [502, '<html>bad gateway</html>', 'http-502'],
  [599, '{"error":{"status":"FROM_THE_FUTURE"}}', 'FROM_THE_FUTURE'],
])('any %i is unavailable, and no unknown code', async (status, body, code) => {
  const outcome = await outcomeOf({ status, body });

  expect(outcome).toMatchObject({ kind: 'unavailable', reason: { code } });
  expect(outcome).not.toHaveProperty('reason.unmapped');
});

test.each([
  [400, '{"error":{"status":"FROM_THE_FUTURE","message":"new"}}', 'FROM_THE_FUTURE'],
  [400, '{"error":{"status":"UNSPECIFIED_ERROR"}}', 'UNSPECIFIED_ERROR'],
  [418, '<html>teapot</html>', 'http-418'],
  [200, '<html>login</html>', 'http-200'],
  [200, 'null', 'http-200'],
  [200, '{}', 'http-200'],
  [302, '', 'http-302'],
  [418, '{"error":null}', 'http-418'],
  [418, '{"error":"NotRegistered"}', 'http-418'],
  [418, '{"error":{"status":7,"details":{}}}', 'http-418'],
])('%i %s is tried a bounded number of times and alarmed', async (status, body, code) => {
  const outcome = await outcomeOf({ status, body });

  expect(outcome).toMatchObject({ kind: 'unavailable', reason: { code, unmapped: true } });
});

describe('400: the token or the payload?', () => {
  const message = 'The registration token is not a valid FCM registration token';
  const violations = (...fields: string[]) => ({
    '@type': BAD_REQUEST,
    fieldViolations: fields.map((field) => ({ field, description: 'wrong' })),
  });
  const invalid = (details: readonly object[], words = 'Request contains an invalid argument.') =>
    google(400, { status: 'INVALID_ARGUMENT', message: words, details });

  test.each([
    [
      "FCM's own detail and words",
      withDetail(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', message),
    ],
    ['the field named', invalid([violations('message.token')])],
  ])('the token, by %s', async (_sign, answer) => {
    expect(await outcomeOf(answer)).toMatchObject({
      kind: 'token-invalid',
      reason: { code: 'INVALID_ARGUMENT' },
    });
  });

  test.each([
    ['the words alone', invalid([], message)],
    ['a field of the payload', invalid([violations('message.data[0].value')])],
    ['the token among others', invalid([violations('message.token', 'message.data[0].value')])],
    ['nothing at all', invalid([])],
    [
      'a key of the data with that name',
      invalid([violations('message.data[0].key')], "Invalid value 'message.token'"),
    ],
  ])('not the token, by %s', async (_sign, answer) => {
    expect(await outcomeOf(answer)).toMatchObject({ kind: 'rejected' });
  });
});

describe('a token of another project', () => {
  test('is forgotten once the project is known to be right', async () => {
    server.answer = ({ path, body }) => {
      if (path === '/token') {
        return TOKEN_ANSWER;
      }
      return body.includes('foreign')
        ? withDetail(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH')
        : { status: 200, body: '{"name":"projects/demo-proj/messages/1"}' };
    };
    const certificate = anFcmCertificate({ endpoint: server.url, authEndpoint: server.url });
    const sender = createFcmSender(certificate, somePorts());
    const send = (...tokens: [string, ...string[]]) => sender.send(aSendRequest({ tokens }));

    const before = await send('foreign-1');
    const among = await send('foreign-1', 'good');
    const after = await send('foreign-2');

    expect(before.map(({ kind }) => kind)).toEqual(['misconfigured']);
    expect(among.map(({ kind }) => kind)).toEqual(['token-invalid', 'accepted']);
    expect(after.map(({ kind }) => kind)).toEqual(['token-invalid']);
  });
});

describe('without an answer', () => {
  const read = (code: string) => outcomeOfFailure(readFailure({ code }, undefined), [], 0);

  test.each([
    ['app/network-error', 'network', 'unavailable'],
    ['app/network-timeout', 'timeout', 'unavailable'],
    ['messaging/invalid-payload', 'messaging/invalid-payload', 'rejected'],
    ['messaging/invalid-argument', 'messaging/invalid-argument', 'rejected'],
  ])('the SDK says %s', (sdkCode, code, kind) => {
    expect(read(sdkCode)).toMatchObject({ kind, reason: { code } });
  });

  test.each([
    'messaging/registration-token-not-registered',
    'messaging/mismatched-credential',
    'x',
  ])('the SDK alone never drops a token: %s', (sdkCode) => {
    expect(read(sdkCode)).toMatchObject({ kind: 'unavailable', reason: { unmapped: true } });
  });

  test('what is no error of the SDK at all', () => {
    expect(outcomeOfFailure(readFailure(new TypeError('tok1'), undefined), [], 0)).toEqual({
      kind: 'unavailable',
      reason: { code: 'sdk-error', text: 'HTTP without an answer', unmapped: true },
    });
  });
});

test('words never hold the token or the access token', async () => {
  const outcome = await outcomeOf(
    google(400, { status: 'ODD', message: 'token tok:1 and tok%3A1, Bearer ya29.secret' }),
    'tok:1',
  );

  expect(outcome).toMatchObject({ reason: { text: 'token … and …, Bearer …' } });
});

test('every row of the table is tested here', () => {
  const own = ['network', 'timeout', 'messaging/invalid-payload', 'messaging/invalid-argument'];
  const tested = [...ROWS.map(([code]) => code), ...own];

  expect(Object.keys(errors).sort()).toEqual(tested.sort());
});
