import type { HttpResult } from '../../../lib/model/vendor-ports';
import { readAnswer } from '../../../lib/vendors/honor/answers';
import { errors } from '../../../lib/vendors/honor/errors';
import { errors as huawei } from '../../../lib/vendors/huawei/errors';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const ONE = { tokens: ['tokA'], secrets: ['access.token', 'client secret'] };
const FOUR = { ...ONE, tokens: ['tokA', 'tokB', 'tokC', 'tokD'] };

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): HttpResult {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'response', status, headers, body: text };
}

const read = (result: HttpResult, sent = ONE) => {
  const { outcomeOf } = readAnswer(result, sent, NOW);
  return sent.tokens.map((token) => outcomeOf(token));
};
const one = (result: HttpResult) => read(result)[0];

const CODES = [
  [400, { kind: 'rejected' }],
  [403, { kind: 'misconfigured' }],
  [404, { kind: 'misconfigured' }],
  [429, { kind: 'throttled', scope: 'second' }],
  [500, { kind: 'unavailable' }],
  [502, { kind: 'unavailable' }],
  [503, { kind: 'unavailable' }],
  [504, { kind: 'unavailable' }],
  [401, { kind: 'unauthorized' }],
] as const;

test.each(CODES)('code %i', (code, expected) => {
  const outcome = one(answer({ code, message: '' }));

  expect(outcome).toMatchObject({ ...expected, reason: { code: String(code) } });
  expect(outcome).not.toHaveProperty('reason.unmapped');
});

const HUAWEI = Object.keys(huawei).filter((code) => /^8\d{7}$/.test(code));

test.each(HUAWEI.filter((code) => code !== '80100000'))(
  "Huawei's code %s means what it means there",
  (code) => {
    const lone = one(answer({ code, message: '' }));

    expect(lone).toMatchObject({ kind: huawei[code]?.kind, reason: { code } });
  },
);

const STATUSES = [
  [400, { kind: 'rejected' }],
  [401, { kind: 'unauthorized' }],
  [403, { kind: 'misconfigured' }],
  [404, { kind: 'misconfigured' }],
  [408, { kind: 'unavailable' }],
  [413, { kind: 'rejected' }],
  [429, { kind: 'throttled', scope: 'second' }],
  [500, { kind: 'unavailable' }],
  [502, { kind: 'unavailable' }],
  [503, { kind: 'unavailable' }],
  [504, { kind: 'unavailable' }],
] as const;

test.each(STATUSES)('HTTP %i with a page that is not JSON', (status, expected) => {
  const outcome = one(answer('<html>', status));

  expect(outcome).toMatchObject({ ...expected, reason: { code: `http-${status}` } });
  expect(outcome).not.toHaveProperty('reason.unmapped');
});

test('every row of the table is tested here', () => {
  const tested = [
    ...HUAWEI,
    ...CODES.map(([code]) => String(code)),
    ...STATUSES.map(([status]) => `http-${status}`),
    'expireTokens',
    'flow-words',
    'token-words',
  ];

  expect(Object.keys(errors).sort()).toEqual(tested.sort());
});

describe('a token is forgotten only when it must be the one', () => {
  const words = { code: 1234, message: 'Invalid push token' };

  test.each([
    words,
    { ...words, code: 400 },
    { ...words, code: 404 },
    { code: 80300007, message: '' },
  ])('the only one of its request: %j', (body) => {
    expect(one(answer(body))).toMatchObject({
      kind: 'token-invalid',
      reason: { code: String(body.code) },
    });
  });

  test.each([words, { code: 80300007, message: 'all tokens are invalid' }])(
    'not all of several, which may mean a wrong App ID: %j',
    (body) => {
      expect(read(answer(body), FOUR)).toMatchObject(Array(4).fill({ kind: 'misconfigured' }));
    },
  );

  test.each([
    { code: 1234, message: 'invalid parameter' },
    { code: 400, message: 'token is required' },
    { code: 403, message: 'invalid push token' },
    { code: 1234, message: 'access token invalid' },
  ])('not for other words: %j', (body) => {
    expect(one(answer(body))).not.toMatchObject({ kind: 'token-invalid' });
  });
});

describe('words of a code in no row', () => {
  test.each(['flow control', 'frequency exceeded', 'QPS limit reached', 'Too many requests'])(
    '"%s" slows down',
    (message) => {
      expect(one(answer({ code: 1234, message }))).toEqual({
        kind: 'throttled',
        scope: 'second',
        reason: { code: '1234', text: `too many requests: ${message}` },
      });
    },
  );

  test('a limit of the size is none of the rate', () => {
    expect(one(answer({ code: 400, message: 'body length exceeds the limit' }))).toMatchObject({
      kind: 'rejected',
    });
  });

  test('others are tried a bounded number of times and alarmed', () => {
    expect(one(answer({ code: 4711, message: 'something' }, 400))).toEqual({
      kind: 'unavailable',
      reason: { code: '4711', text: 'something', unmapped: true },
    });
  });

  test('never hold a token or a secret', () => {
    expect(
      one(answer({ code: 4711, message: 'tokA access.token client+secret client%20secret' })),
    ).toMatchObject({ reason: { text: '… … … …' } });
  });
});

describe('HTTP', () => {
  test.each([401, 403, 429, 500, 503])('status %i counts before the code', (status) => {
    expect(one(answer({ code: 200, data: { sendResult: true } }, status))).toMatchObject({
      reason: { code: `http-${status}` },
    });
  });

  test.each([302, 404, 418])('no success with status %i', (status) => {
    expect(one(answer({ code: 200 }, status))).toMatchObject({
      reason: { code: `http-${status}` },
    });
  });

  test.each(['{"code":0', '{"code":"<html>"}', '{"code":{}}', 'null', '[]', '{"code":-1}'])(
    '200 with %s is tried a bounded number of times and alarmed',
    (body) => {
      expect(one(answer(body))).toMatchObject({
        kind: 'unavailable',
        reason: { code: 'http-200', unmapped: true },
      });
    },
  );

  test('another 5xx is unavailable, and Retry-After is obeyed', () => {
    const outcome = one(answer('', 599, { 'retry-after': '7' }));

    expect(outcome).toEqual({
      kind: 'unavailable',
      reason: { code: 'http-599', text: 'HTTP 599' },
      retryAfterMs: 7_000,
    });
    expect(one(answer('', 503, { 'retry-after': '7' }))).toMatchObject({ retryAfterMs: 7_000 });
    expect(one(answer({ code: 429 }, 200, { 'retry-after': '7' }))).toMatchObject({
      retryAfterMs: 7_000,
    });
  });

  test('no answer, and no room', () => {
    expect(one({ kind: 'failed', code: 'timeout', sent: true })).toMatchObject({
      kind: 'unavailable',
      reason: { code: 'timeout' },
    });
    expect(one({ kind: 'held' })).toMatchObject({ reason: { code: 'flow-control' } });
  });
});
