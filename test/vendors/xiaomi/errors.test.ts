import type { HttpResult } from '../../../lib/model/vendor-ports';
import { errors } from '../../../lib/vendors/xiaomi/errors';
import { readResponse } from '../../../lib/vendors/xiaomi/protocol';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const ONE = { tokens: ['regA=='], appSecret: 'APPSECRET0123456789' };
const TWO = { ...ONE, tokens: ['regA==', 'regB='] };

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): HttpResult {
  return {
    kind: 'response',
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

const read = (result: HttpResult, sent = ONE) => readResponse(result, sent, NOW);

describe('success', () => {
  test('the message id is the receipt id', () => {
    const documented = {
      result: 'ok',
      trace_id: 'Xdm011760000000123ab',
      code: 0,
      data: { id: 'sdm51760000000123cd', day_quota: '20000', day_acked: '154' },
      description: '成功',
      info: 'Received push messages for 1 REGID',
    };

    expect(read(answer(documented))).toEqual({
      kind: 'accepted',
      receiptId: 'sdm51760000000123cd',
    });
  });

  test('without one the trace id is', () => {
    expect(read(answer({ result: 'ok', code: 0, trace_id: 'X1' }))).toEqual({
      kind: 'accepted',
      receiptId: 'X1',
    });
    expect(read(answer({ code: '0', data: [] }))).toEqual({ kind: 'accepted' });
  });
});

/** The published codes by what is to be done about them. */
const RETRY = [
  -1, 1, 10001, 10002, 10003, 10009, 10010, 10011, 10022, 10030, 10032, 10037, 10039, 20215, 20216,
  20607, 22101, 22102, 26003, 26004, 26005, 65006, 65029, 65030,
];
const SLOW = [10023, 10024, 10027, 10028, 200002];
const TODAY = [10034, 200001];
const MESSAGE = [
  100, 10007, 10008, 10012, 10016, 10017, 10018, 20209, 21305, 22100, 22103, 65007, 65008, 65009,
  65010, 65011, 65012, 65013, 65014, 65015, 65016, 65017, 65028, 65035, 65041,
];
const CREDENTIALS = [21301, 21302, 22006, 22007, 22008];
const CONFIGURATION = [
  10005, 10006, 10013, 10014, 10020, 10021, 10025, 10026, 10031, 10033, 10036, 10038, 21303, 22000,
  22001, 22002, 22003, 22004, 22005, 22020, 22021, 22022, 26006, 27001, 65036, 65037, 65038,
];
const PAUSE = [10004];
const DROP = [10029];
const UNDECIDED = [20301, 20315, 65003, 65040];

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
  expect(read(answer({ result: 'error', code }))).toEqual(expected);
});

test.each([...UNDECIDED, 10035, 99999])(
  'code %i is tried a bounded number of times and alarmed',
  (code) => {
    expect(read(answer({ result: 'error', code, reason: 'something' }))).toEqual({
      kind: 'unavailable',
      reason: { code: String(code), text: 'something', unmapped: true },
    });
  },
);

test('every row of the table is a published code that is tested here, or an HTTP status', () => {
  const tested = [RETRY, SLOW, TODAY, MESSAGE, CREDENTIALS, CONFIGURATION, PAUSE, DROP]
    .flat()
    .map(String);
  const codes = Object.keys(errors).filter((code) => !code.startsWith('http-'));

  expect(codes.sort()).toEqual(tested.sort());
});

describe('a token is forgotten only when it must be the one', () => {
  const unknownTarget = {
    result: 'error',
    reason: 'No valid targets!',
    trace_id: 'Xdm05123574130466226NR',
    code: 20301,
    description: '发送消息失败',
  };

  test('the only target of the request is unknown', () => {
    expect(read(answer(unknownTarget))).toEqual({
      kind: 'token-invalid',
      reason: { code: '20301', text: 'No valid targets!' },
    });
  });

  test('not one of several', () => {
    expect(read(answer(unknownTarget), TWO)).toMatchObject({
      kind: 'unavailable',
      reason: { code: '20301', unmapped: true },
    });
    expect(read(answer({ code: 10029 }), TWO)).toMatchObject({
      kind: 'unavailable',
      reason: { code: '10029', unmapped: true },
    });
  });

  test('not for another reason', () => {
    expect(read(answer({ ...unknownTarget, reason: 'Out of luck' }))).toMatchObject({
      kind: 'unavailable',
      reason: { code: '20301', text: 'Out of luck', unmapped: true },
    });
  });
});

describe('HTTP', () => {
  test.each([
    [500, { kind: 'unavailable', reason: { code: 'http-500', text: 'HTTP 500' } }],
    [503, { kind: 'unavailable', reason: { code: 'http-503', text: 'HTTP 503' } }],
    [401, { kind: 'unauthorized', reason: { code: 'http-401' } }],
    [403, { kind: 'misconfigured', reason: { code: 'http-403' } }],
    [404, { kind: 'misconfigured', reason: { code: 'http-404' } }],
    [408, { kind: 'unavailable', reason: { code: 'http-408' } }],
    [413, { kind: 'rejected', reason: { code: 'http-413' } }],
    [429, { kind: 'throttled', scope: 'second', reason: { code: 'http-429' } }],
    [302, { kind: 'unavailable', reason: { code: 'http-302', unmapped: true } }],
    [200, { kind: 'unavailable', reason: { code: 'http-200', unmapped: true } }],
  ])('%i with a page that is not JSON', (status, expected) => {
    expect(read(answer('<html>busy</html>', status))).toMatchObject(expected);
  });

  test('another status than 200 still counts by its code', () => {
    expect(read(answer({ code: 21301 }, 400))).toMatchObject({ kind: 'unauthorized' });
  });

  test('a 5xx is unavailable whatever its body says', () => {
    expect(read(answer({ code: 0, data: { id: 'x' } }, 502))).toMatchObject({
      kind: 'unavailable',
    });
  });

  test.each([
    ['30', 30_000],
    ['Tue, 24 Nov 2026 08:01:00 GMT', 60_000],
    ['Tue, 24 Nov 2026 07:59:00 GMT', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('Retry-After %p is obeyed if it can be', (header, retryAfterMs) => {
    const outcome = read(answer('', 503, { 'retry-after': header }));

    expect('retryAfterMs' in outcome ? outcome.retryAfterMs : undefined).toBe(retryAfterMs);
  });

  test.each([
    [{ kind: 'failed', code: 'timeout', sent: true }, 'timeout', 'no answer: timeout'],
    [{ kind: 'failed', code: 'ECONNRESET', sent: true }, 'network', 'no answer: ECONNRESET'],
    [{ kind: 'failed', code: 'ECONNREFUSED', sent: false }, 'network', 'not sent: ECONNREFUSED'],
  ] as const)('%o', (result, code, text) => {
    expect(read(result)).toEqual({ kind: 'unavailable', reason: { code, text } });
  });

  test('a request that was held waits, and has failed nowhere', () => {
    expect(read({ kind: 'held' })).toMatchObject({
      kind: 'throttled',
      scope: 'second',
      reason: { code: 'flow-control' },
    });
  });
});

describe('words', () => {
  const textOf = (reason: string, code = 10004, sent = ONE) => {
    const outcome = read(answer({ code, reason }), sent);
    return outcome.kind === 'accepted' ? '' : outcome.reason.text;
  };

  test("the vendor's follow our meaning of the code", () => {
    expect(textOf('203.0.113.7 may not call')).toBe('IP not allowed: 203.0.113.7 may not call');
    expect(read(answer({ code: 10004, description: '认证失败' }))).toMatchObject({
      reason: { text: 'IP not allowed: 认证失败' },
    });
  });

  test('never hold a token or the secret, however the vendor echoes them', () => {
    const echo = 'registration_id=regA%3D%3D regA== key=APPSECRET0123456789\nend';

    expect(textOf(echo, 99999)).toBe('registration_id=… … key=… end');
  });

  test('are cut, and a cut never leaves a part of a token', () => {
    const token = `reg${'T0k3n'.repeat(20)}`;
    const sent = { ...ONE, tokens: [token] };

    expect(textOf('w'.repeat(1_000), 99999)).toHaveLength(200);
    for (let before = 90; before < 310; before += 1) {
      expect(textOf(`${'w'.repeat(before)}${token}${token}`, 99999, sent)).not.toContain('T0k3n');
    }
  });
});
