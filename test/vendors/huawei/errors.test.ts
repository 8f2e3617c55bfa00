import { errors } from '../../../lib/vendors/huawei/errors';
import { readAnswer } from '../../../lib/vendors/huawei-answers';
import {
  ACCESS_TOKEN,
  answer,
  FOUR,
  kinds,
  NOW,
  ONE,
  OTHER_REASONS,
  read,
  readAll,
} from './reading';

test('success is accepted under the id of the request', () => {
  const documented = { code: '80000000', msg: 'Success', requestId: '157000000000000006' };

  expect(read(answer(documented))).toEqual({ kind: 'accepted', receiptId: '157000000000000006' });
  expect(read(answer({ code: 80_000_000 }))).toEqual({ kind: 'accepted' });
});

/** The published codes by what is to be done about them. */
const RETRY = ['80100017', '80600003', '81000001'];
const TODAY = ['80300029'];
const MESSAGE = [
  '80100001',
  '80100002',
  '80100003',
  '80100004',
  '80100013',
  '80100016',
  '80100018',
  '80100022',
  '80300008',
  '80300010',
  '80300030',
  ...Array.from({ length: 11 }, (_, n) => String(82_000_001 + n)),
];
const CREDENTIALS = ['80200001', '80200003', '80200005'];
const CONFIGURATION = ['80300002', '80300011', '80300036', '82000012', '82000013'];
const PAUSE = ['80300013', '80300037'];
const TOKENS = ['80100000', '80300007'];

const rows = (codes: readonly string[], expected: object) =>
  codes.map((code) => [code, { ...expected, reason: { code, text: expect.any(String) } }] as const);

test.each([
  ...rows(RETRY, { kind: 'unavailable' }),
  ...rows(TODAY, { kind: 'throttled', scope: 'day' }),
  ...rows(MESSAGE, { kind: 'rejected' }),
  ...rows(CREDENTIALS, { kind: 'unauthorized' }),
  ...rows(CONFIGURATION, { kind: 'misconfigured' }),
  ...rows(PAUSE, { kind: 'misconfigured', pauses: true }),
])('code %s, with whatever status', (code, expected) => {
  for (const status of [200, 400, 401, 500]) {
    expect(read(answer({ code }, status))).toEqual(expected);
  }
});

test('a code in no table is tried a bounded number of times and alarmed', () => {
  expect(read(answer({ code: '89999999', msg: 'something' }))).toEqual({
    kind: 'unavailable',
    reason: { code: '89999999', text: 'something', unmapped: true },
  });
});

test('every row of the table is a published code that is tested here or in auth.test.ts', () => {
  const tested = [
    ...[RETRY, TODAY, MESSAGE, CREDENTIALS, CONFIGURATION, PAUSE, TOKENS, OTHER_REASONS].flat(),
    ...['tokenFormatError', 'noRight'],
    ...['12304', '20002', '20003', '20171', '20172', '20182'].map((code) => `1101-${code}`),
    ...[400, 401, 403, 404, 408, 413, 429, 500, 502, 503].map((status) => `http-${status}`),
  ];

  expect(Object.keys(errors).sort()).toEqual(tested.sort());
});

test('too many tokens: several are tried again in smaller requests, one never', () => {
  expect(read(answer({ code: '80300010' }, 400), FOUR)).toMatchObject({
    kind: 'unavailable',
    reason: { code: '80300010', unmapped: true },
  });
  expect(read(answer({ code: '80300010' }, 400))).toMatchObject({ kind: 'rejected' });
});

describe('HTTP', () => {
  test.each([
    [400, { kind: 'rejected' }],
    [401, { kind: 'unauthorized' }],
    [403, { kind: 'misconfigured' }],
    [404, { kind: 'misconfigured' }],
    [408, { kind: 'unavailable' }],
    [413, { kind: 'rejected' }],
    [429, { kind: 'throttled', scope: 'second' }],
    [500, { kind: 'unavailable' }],
    [502, { kind: 'unavailable' }],
    [503, { kind: 'throttled', scope: 'second' }],
    [504, { kind: 'unavailable' }],
    [599, { kind: 'unavailable' }],
  ])('%i with a page that is not JSON', (status, expected) => {
    const outcome = read(answer('<html>busy</html>', status));

    expect(outcome).toMatchObject({ ...expected, reason: { code: `http-${status}` } });
    expect(outcome).not.toHaveProperty('reason.unmapped');
  });

  test.each([200, 302, 418])('%i without a code is alarmed', (status) => {
    for (const body of ['', '{}', '[]', 'null', '{"code":{}}', '{"code":"x1"}', '{"code":""}']) {
      expect(read(answer(body, status))).toMatchObject({
        kind: 'unavailable',
        reason: { code: `http-${status}`, unmapped: true },
      });
    }
  });

  test('503 is the rate whatever its body says, and Retry-After is obeyed', () => {
    expect(read(answer({ code: '81000001' }, 503, { 'retry-after': '7' }))).toEqual({
      kind: 'throttled',
      scope: 'second',
      reason: { code: 'http-503', text: expect.any(String) },
      retryAfterMs: 7_000,
    });
  });

  test('a broken server is not believed that it has sent anything', () => {
    expect(read(answer({ code: '80000000' }, 500))).toMatchObject({ kind: 'unavailable' });
    const some = { code: '80100000', msg: '{"illegal_tokens":["tokB"]}' };
    expect(kinds(answer(some, 502))).toEqual(Array(4).fill('unavailable'));
  });

  test.each([
    [{ code: '80200001' }, 200, true],
    [{ code: '80200003' }, 401, true],
    [{ code: '80200005' }, 400, true],
    ['<html>', 401, true],
    [{ code: '80299999' }, 401, true],
    [{ code: '80300002' }, 401, false],
    [{ code: '80000000' }, 200, false],
    ['<html>', 503, false],
  ])('%j with %i asks for another access token: %p', (body, status, expected) => {
    expect(readAnswer(answer(body, status), ONE, NOW).isAccessRefused).toBe(expected);
  });

  test.each([
    [
      { kind: 'failed', code: 'timeout', sent: true },
      { kind: 'unavailable', reason: { code: 'timeout' } },
    ],
    [
      { kind: 'failed', code: 'ECONNREFUSED', sent: false },
      { kind: 'unavailable', reason: { code: 'network' } },
    ],
    [{ kind: 'held' }, { kind: 'throttled', reason: { code: 'flow-control' } }],
  ] as const)('no answer: %o', (result, expected) => {
    expect(readAll(result, FOUR)).toMatchObject(Array(4).fill(expected));
  });
});

test('words never hold a token or the access token, however they are echoed', () => {
  const echo = `tokA tokA Bearer ${ACCESS_TOKEN} ${encodeURIComponent(ACCESS_TOKEN)}\nend`;

  expect(read(answer({ code: '80300002', msg: echo }))).toMatchObject({
    reason: { text: expect.stringMatching(/: … … Bearer … … end$/) },
  });
  const reason = answer({
    code: '80300007',
    msg: `{"illegalTokens":{"x tokA ${ACCESS_TOKEN}":"tokA"}}`,
  });
  expect(read(reason)).toMatchObject({ reason: { text: 'unknown reason x … …' } });
  expect(read(answer({ code: '80000000', requestId: `of tokA` }))).toEqual({
    kind: 'accepted',
    receiptId: 'of …',
  });
});
