import type { HttpResult } from '../../../lib/model/vendor-ports';
import { errors } from '../../../lib/vendors/vivo/errors';
import { endOfDayInChina, readAnswer } from '../../../lib/vendors/vivo/protocol';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const SECRETS = ['e7b1c9d2-84f6-4a03-9c5e-7d2b1f60a8e4', 'vt-0001'];

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): HttpResult {
  return {
    kind: 'response',
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function readFor(result: HttpResult, tokens: readonly string[], now = NOW) {
  const read = readAnswer(result, { tokens, secrets: SECRETS }, now);
  return tokens.map((token) => read.outcomeOf(token));
}
const one = (result: HttpResult, now = NOW) => readFor(result, ['v2-a'], now)[0];
const list = (result: HttpResult) => readFor(result, ['v2-a', 'v2-b']);

/** The known codes by what is to be done about them. */
const SLOW = ['10072'];
const TODAY = ['10070', '10073', '10252', '10254'];
const MESSAGE = ['10085', '10104'];
const CREDENTIALS = ['10000', '10001'];
const BODY = Array.from({ length: 8 }, (_, n) => String(10_200 + n));
const CONFIGURATION = ['10043', '10045', '10096', '10097', ...BODY];
const PAUSE = ['10094'];
const DROP = ['10302'];
const HOURS = ['10071'];
const USERS = ['user-1', 'user-2', 'user-3', 'user-4'];

const rows = (codes: readonly string[], expected: object) =>
  codes.map((code) => [code, { ...expected, reason: { code, text: expect.any(String) } }] as const);

test.each([
  ...rows(SLOW, { kind: 'throttled', scope: 'second' }),
  ...rows(TODAY, { kind: 'throttled', scope: 'day' }),
  ...rows(MESSAGE, { kind: 'rejected' }),
  ...rows(CREDENTIALS, { kind: 'unauthorized' }),
  ...rows(CONFIGURATION, { kind: 'misconfigured' }),
  ...rows(PAUSE, { kind: 'misconfigured', pauses: true }),
  ...rows(DROP, { kind: 'token-invalid' }),
])('result %s', (code, expected) => {
  expect(one(answer({ result: Number(code), desc: '' }))).toEqual(expected);
  expect(one(answer({ result: code }, 400))).toEqual(expected);
});

test('every row of the table is a known code that is tested here, or an HTTP status', () => {
  const tested = [SLOW, TODAY, MESSAGE, CREDENTIALS, CONFIGURATION, PAUSE, DROP, HOURS, USERS];
  const codes = Object.keys(errors).filter((code) => !code.startsWith('http-'));

  expect(codes.sort()).toEqual(tested.flat().sort());
});

test('a code nobody quotes is tried a bounded number of times', () => {
  expect(one(answer({ result: 10_099, desc: '不合法' }))).toEqual({
    kind: 'unavailable',
    reason: { code: '10099', text: '不合法', unmapped: true },
  });
});

test.each([
  ['2026-11-24T16:00:00Z', 7],
  ['2026-11-24T22:59:00Z', 1 / 60],
  ['2026-11-24T23:00:00Z', 24],
  ['2026-11-24T15:30:00Z', 7.5],
])('outside its hours a message waits for seven in the morning in China: at %s', (at, hours) => {
  expect(one(answer({ result: 10_071 }), Date.parse(at))).toMatchObject({
    kind: 'unavailable',
    retryAfterMs: hours * 3_600_000,
  });
});

test('the day ends at midnight in China', () => {
  expect(new Date(endOfDayInChina(NOW)).toISOString()).toBe('2026-11-24T16:00:00.000Z');
  expect(endOfDayInChina(endOfDayInChina(NOW)) - endOfDayInChina(NOW)).toBe(86_400_000);
});

describe('success', () => {
  test('the task id is the receipt id', () => {
    expect(one(answer({ result: 0, desc: 'ok', taskId: '1180337455' }))).toEqual({
      kind: 'accepted',
      receiptId: '1180337455',
    });
    expect(one(answer({ result: '0', taskId: 1180337455 }))).toMatchObject({
      receiptId: '1180337455',
    });
    expect(one(answer({ result: 0, desc: 'ok' }))).toEqual({ kind: 'accepted' });
  });

  test.each([
    [1, { kind: 'token-invalid', reason: { code: 'user-1' } }],
    [2, { kind: 'token-invalid', reason: { code: 'user-2' } }],
    [3, { kind: 'rejected', reason: { code: 'user-3' } }],
    [4, { kind: 'misconfigured', reason: { code: 'user-4' } }],
    ['2', { kind: 'token-invalid', reason: { code: 'user-2' } }],
    [5, { kind: 'unavailable', reason: { code: 'user-5', unmapped: true } }],
    [{}, { kind: 'accepted' }],
  ])('an invalid user of status %p', (status, expected) => {
    const userid = 'v2-a';
    const single = answer({ result: 0, taskId: '1', invalidUser: { status, userid } });
    const several = answer({ result: 0, requestId: 'r', invalidUsers: [{ status, userid }] });

    expect(one(single)).toMatchObject(expected);
    expect(list(several)).toMatchObject([expected, { kind: 'accepted' }]);
  });

  test('the documented list with one bad phone', () => {
    const invalidUsers = [{ status: 2, userid: 'v2-b' }];

    expect(list(answer({ result: 0, desc: 'ok', requestId: 'n-1002-0001', invalidUsers }))).toEqual(
      [
        { kind: 'accepted' },
        { kind: 'token-invalid', reason: { code: 'user-2', text: expect.any(String) } },
      ],
    );
  });

  test('whoever is named of a single push, it is the one phone', () => {
    for (const user of [{ status: 1 }, { status: 1, userid: 7 }]) {
      expect(one(answer({ result: 0, invalidUser: user }))).toMatchObject({
        kind: 'token-invalid',
      });
    }
  });

  test('of a list nobody is meant who is not named', () => {
    const invalidUsers = [{ status: 1 }, { status: 1, userid: 'v2-x' }, null, 7];

    expect(list(answer({ result: 0, invalidUsers }))).toMatchObject(
      Array(2).fill({ kind: 'accepted' }),
    );
  });
});

describe('a bad id', () => {
  test('is known alone, and not among several', () => {
    expect(one(answer({ result: 10_302, desc: 'regId不合法' }))).toEqual({
      kind: 'token-invalid',
      reason: { code: '10302', text: 'regId not legal: regId不合法' },
    });
    expect(list(answer({ result: 10_302 }))).toMatchObject(
      Array(2).fill({ kind: 'unavailable', reason: { code: '10302', unmapped: true } }),
    );
  });

  test('is known among several where it is named', () => {
    const invalidUsers = [{ status: 1, userid: 'v2-b' }];

    for (const result of [10_302, 10_399]) {
      expect(list(answer({ result, invalidUsers }))).toMatchObject([
        { kind: 'unavailable', reason: { unmapped: true } },
        { kind: 'token-invalid', reason: { code: 'user-1' } },
      ]);
    }
    expect(list(answer({ result: 10_072, invalidUsers }))).toMatchObject(
      Array(2).fill({ kind: 'throttled' }),
    );
  });
});

describe('HTTP', () => {
  test.each([
    [500, { kind: 'unavailable', reason: { code: 'http-500', text: 'internal error' } }],
    [502, { kind: 'unavailable', reason: { code: 'http-502' } }],
    [401, { kind: 'unauthorized', reason: { code: 'http-401' } }],
    [403, { kind: 'misconfigured', reason: { code: 'http-403' } }],
    [404, { kind: 'misconfigured', reason: { code: 'http-404' } }],
    [408, { kind: 'unavailable', reason: { code: 'http-408' } }],
    [413, { kind: 'rejected', reason: { code: 'http-413' } }],
    [429, { kind: 'throttled', scope: 'second', reason: { code: 'http-429' } }],
    [302, { kind: 'unavailable', reason: { code: 'http-302', unmapped: true } }],
    [200, { kind: 'unavailable', reason: { code: 'http-200', unmapped: true } }],
  ])('%i with a page that is not JSON', (status, expected) => {
    expect(one(answer('<html>busy</html>', status))).toMatchObject(expected);
  });

  test('a result counts with any status, success only with a good one', () => {
    expect(one(answer({ result: 10_094 }, 500))).toMatchObject({ kind: 'misconfigured' });
    expect(one(answer({ result: 0 }, 502))).toMatchObject({ kind: 'unavailable' });
  });

  test('Retry-After is obeyed', () => {
    const headers = { 'retry-after': '30' };

    expect(one(answer('', 503, headers))).toMatchObject({ retryAfterMs: 30_000 });
    expect(one(answer({ result: 10_072 }, 200, headers))).toMatchObject({ retryAfterMs: 30_000 });
  });

  test('no answer, and nothing sent', () => {
    expect(one({ kind: 'failed', code: 'ECONNRESET', sent: true })).toEqual({
      kind: 'unavailable',
      reason: { code: 'network', text: 'no answer: ECONNRESET' },
    });
    expect(one({ kind: 'held' })).toMatchObject({ reason: { code: 'flow-control' } });
  });
});

test('words hold no token and no secret', () => {
  const told = list(answer({ result: 10_099, desc: `v2-a v2-b ${SECRETS.join(' ')} end` }));

  expect(told).toMatchObject(Array(2).fill({ reason: { text: '… … … … end' } }));
  expect(one(answer({ result: 0, taskId: 'v2-a' }))).toEqual({ kind: 'accepted', receiptId: '…' });
});
