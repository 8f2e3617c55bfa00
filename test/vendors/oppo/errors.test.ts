import type { HttpResult } from '../../../lib/model/vendor-ports';
import { errors } from '../../../lib/vendors/oppo/errors';
import { readAnswer } from '../../../lib/vendors/oppo/protocol';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const A = 'CN_0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b';
const B = 'CN_bad';
const SECRETS = ['9b1d7e42c6a84f03b5e2d19870ac64fe', 'tok-4f1c0d'];

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): HttpResult {
  return {
    kind: 'response',
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

const readFor = (result: HttpResult, tokens: readonly string[]) => {
  const read = readAnswer(result, { tokens, secrets: SECRETS }, NOW);
  return tokens.map((token) => read.outcomeOf(token));
};
const unicast = (result: HttpResult) => readFor(result, [A])[0];
const batch = (result: HttpResult) => readFor(result, [A, B]);

/** The published codes by what is to be done about them. */
const RETRY = [-1];
const SLOW = [-2, 13, 55];
const TODAY = [33, 34];
const MESSAGE = [40, 41, 51];
const CREDENTIALS = [11, 14, 16];
const CONFIGURATION = [12, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 29, 31, 54, 59, 67];
const PAUSE = [26, 27, 28, 30];
const DROP = [10000];

const rows = (codes: readonly number[], expected: object) =>
  codes.map(
    (code) =>
      [code, { ...expected, reason: { code: String(code), text: expect.any(String) } }] as const,
  );

test.each([
  ...rows(RETRY, { kind: 'unavailable' }),
  ...rows(SLOW, { kind: 'throttled', scope: 'second' }),
  ...rows(TODAY, { kind: 'throttled', scope: 'day' }),
  ...rows(MESSAGE, { kind: 'rejected' }),
  ...rows(CREDENTIALS, { kind: 'unauthorized' }),
  ...rows(CONFIGURATION, { kind: 'misconfigured' }),
  ...rows(PAUSE, { kind: 'misconfigured', pauses: true }),
  ...rows(DROP, { kind: 'token-invalid' }),
])('code %i', (code, expected) => {
  expect(unicast(answer({ code, message: '' }))).toEqual(expected);
  expect(unicast(answer({ code: String(code) }, 400))).toEqual(expected);
});

test('every row of the table is a published code that is tested here, or an HTTP status', () => {
  const tested = [RETRY, SLOW, TODAY, MESSAGE, CREDENTIALS, CONFIGURATION, PAUSE, DROP].flat();
  const codes = Object.keys(errors).filter((code) => !code.startsWith('http-'));

  expect(codes.sort()).toEqual(tested.map(String).sort());
});

test('a code nobody knows is tried a bounded number of times, one of the business range not again', () => {
  expect(unicast(answer({ code: 99, message: 'new' }))).toEqual({
    kind: 'unavailable',
    reason: { code: '99', text: 'new', unmapped: true },
  });
  expect(unicast(answer({ code: 10_001, message: 'new' }))).toEqual({
    kind: 'rejected',
    reason: { code: '10001', text: 'new', unmapped: true },
  });
  expect(unicast(answer({ code: 20_001, message: 'new' }))).toMatchObject({ kind: 'unavailable' });
});

describe('a unicast', () => {
  test('the message id is the receipt id', () => {
    const data = { messageId: 'APPID-1-1-66a0f1' };
    const expected = { kind: 'accepted', receiptId: 'APPID-1-1-66a0f1' };

    expect(unicast(answer({ code: 0, message: '', data }))).toEqual(expected);
    expect(unicast(answer({ code: '0', data: JSON.stringify(data) }))).toEqual(expected);
    expect(unicast(answer({ code: 0, data: null }))).toEqual({ kind: 'accepted' });
  });

  test('a duplicate was accepted before', () => {
    expect(unicast(answer({ code: 32, message: 'Data Duplicate' }))).toEqual({ kind: 'accepted' });
  });

  test('an invalid argument is the token only where the words name it', () => {
    expect(unicast(answer({ code: 41, message: 'Invalid RegistrationId' }))).toEqual({
      kind: 'token-invalid',
      reason: { code: '41', text: 'argument invalid: the registration id' },
    });
    expect(unicast(answer({ code: 41, message: 'registration_id error' }))).toMatchObject({
      kind: 'token-invalid',
    });
    expect(unicast(answer({ code: 41, message: 'Invalid Arguments' }))).toMatchObject({
      kind: 'rejected',
    });
    expect(unicast(answer({ code: 40, message: 'no registration_id' }))).toMatchObject({
      kind: 'rejected',
    });
  });
});

describe('a batch', () => {
  const good = { messageId: 'APPID-1-1-66a0f1', registrationId: A };
  const bad = { registrationId: B, errorCode: 10000, errorMessage: 'Invalid RegistrationId' };

  test('each element counts for the token it names, in whatever order they come', () => {
    const expected = [
      { kind: 'accepted', receiptId: 'APPID-1-1-66a0f1' },
      {
        kind: 'token-invalid',
        reason: { code: '10000', text: 'registration id invalid: Invalid RegistrationId' },
      },
    ];

    expect(batch(answer({ code: 0, message: '', data: [good, bad] }))).toEqual(expected);
    expect(batch(answer({ code: 0, message: '', data: [bad, good] }))).toEqual(expected);
    expect(batch(answer({ code: 0, data: JSON.stringify([bad, good]) }))).toEqual(expected);
  });

  test.each([
    [41, 'Invalid RegistrationId', { kind: 'token-invalid' }],
    [41, 'Invalid Arguments', { kind: 'rejected' }],
    [32, '', { kind: 'accepted' }],
    [0, '', { kind: 'accepted' }],
    [null, '', { kind: 'accepted' }],
    ['33', '', { kind: 'throttled', scope: 'day' }],
    [10_007, 'new', { kind: 'rejected', reason: { unmapped: true } }],
    [99, 'new', { kind: 'unavailable', reason: { unmapped: true } }],
    [{}, 'new', { kind: 'unavailable', reason: { code: 'no-outcome', unmapped: true } }],
  ])('an element with %p and %p', (errorCode, errorMessage, expected) => {
    const element = { registrationId: B, errorCode, errorMessage };

    expect(batch(answer({ code: 0, data: [good, element] }))).toMatchObject([
      { kind: 'accepted' },
      expected,
    ]);
  });

  test('a token that no element names is tried a bounded number of times', () => {
    const unsaid = { kind: 'unavailable', reason: { code: 'no-outcome', unmapped: true } };

    expect(batch(answer({ code: 0, data: [good, null, 7, {}] }))).toMatchObject([
      { kind: 'accepted' },
      unsaid,
    ]);
    expect(batch(answer({ code: 0, data: {} }))).toMatchObject([unsaid, unsaid]);
  });

  test.each([10000, 41, 32])(
    'code %i said of all of them may be the fault of one: all are tried again, and none is forgotten',
    (code) => {
      const outcomes = batch(answer({ code, message: 'Invalid RegistrationId' }));

      expect(outcomes).toMatchObject(
        Array(2).fill({ kind: 'unavailable', reason: { code: String(code), unmapped: true } }),
      );
    },
  );

  test('what refuses the call refuses every message', () => {
    const message = 'The number of messages exceeds the daily limit';

    expect(batch(answer({ code: 33, message }))).toMatchObject(
      Array(2).fill({ kind: 'throttled', scope: 'day' }),
    );
  });
});

describe('HTTP', () => {
  test.each([
    [500, { kind: 'unavailable', reason: { code: 'http-500' } }],
    [401, { kind: 'unauthorized', reason: { code: 'http-401' } }],
    [403, { kind: 'misconfigured', reason: { code: 'http-403' } }],
    [404, { kind: 'misconfigured', reason: { code: 'http-404' } }],
    [408, { kind: 'unavailable', reason: { code: 'http-408' } }],
    [413, { kind: 'rejected', reason: { code: 'http-413' } }],
    [429, { kind: 'throttled', scope: 'second', reason: { code: 'http-429' } }],
    [302, { kind: 'unavailable', reason: { code: 'http-302', unmapped: true } }],
    [200, { kind: 'unavailable', reason: { code: 'http-200', unmapped: true } }],
  ])('%i with a page that is not JSON', (status, expected) => {
    expect(unicast(answer('<html>busy</html>', status))).toMatchObject(expected);
  });

  test('a code counts with any status, success only with a good one', () => {
    expect(unicast(answer({ code: 26 }, 503))).toMatchObject({ kind: 'misconfigured' });
    expect(unicast(answer({ code: 0 }, 502))).toMatchObject({
      kind: 'unavailable',
      reason: { code: 'http-502' },
    });
  });

  test('Retry-After is obeyed', () => {
    expect(unicast(answer('', 503, { 'retry-after': '30' }))).toMatchObject({
      retryAfterMs: 30_000,
    });
    expect(unicast(answer({ code: -1 }, 200, { 'retry-after': '9' }))).toMatchObject({
      retryAfterMs: 9_000,
    });
  });

  test('no answer, and nothing sent', () => {
    expect(unicast({ kind: 'failed', code: 'timeout', sent: true })).toEqual({
      kind: 'unavailable',
      reason: { code: 'timeout', text: 'no answer: timeout' },
    });
    expect(unicast({ kind: 'held' })).toMatchObject({ reason: { code: 'flow-control' } });
  });
});

test('words hold no token and no secret, neither of the phone they are said of nor of others', () => {
  const echo = `${A} ${B} ${SECRETS.join(' ')}`;
  const told = [
    ...batch(answer({ code: 67, message: echo })),
    ...batch(answer({ code: 0, data: [{ registrationId: A, errorCode: 67, errorMessage: echo }] })),
    ...batch(answer({ code: 0, data: [{ registrationId: A, messageId: echo }] })),
    unicast(answer({ code: 0, data: { messageId: A } })),
  ];

  expect(told[0]).toMatchObject({ reason: { text: expect.stringMatching(/: … … … …$/) } });
  expect(told.at(-1)).toEqual({ kind: 'accepted', receiptId: '…' });
  for (const secret of [A, B, ...SECRETS]) {
    expect(JSON.stringify(told)).not.toContain(secret);
  }
});

test('a thousand bad tokens are told of quickly', () => {
  const tokens = Array.from({ length: 1_000 }, (_, n) => `CN_${String(n).padStart(32, '0')}`);
  const data = tokens.map((token) => ({
    registrationId: token,
    errorCode: 10000,
    errorMessage: `Invalid RegistrationId ${token}`,
  }));
  const began = performance.now();

  const outcomes = readFor(answer({ code: 0, data }), tokens);

  expect(outcomes.every((outcome) => outcome.kind === 'token-invalid')).toBe(true);
  expect(JSON.stringify(outcomes)).not.toContain('CN_');
  expect(performance.now() - began).toBeLessThan(5_000);
});
