import type { HttpResult } from '../../../lib/model/vendor-ports';
import { errors, targetErrors } from '../../../lib/vendors/meizu/errors';
import { readAnswer } from '../../../lib/vendors/meizu/protocol';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const ONE = { tokens: ['id1'], appSecret: 'app/secret=' };
const THREE = { ...ONE, tokens: ['id1', 'id2', 'id3'] };

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): HttpResult {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'response', status, headers, body: text };
}

const read = (result: HttpResult, sent = ONE) => {
  const { outcomeOf } = readAnswer(result, sent, NOW);
  return sent.tokens.map((token) => outcomeOf(token));
};
const one = (result: HttpResult) => read(result)[0];

describe('success', () => {
  test('of all', () => {
    const all = '{"code":"200","message":"","value":{},"redirect":"","msgId":"NS20260101a1b2c3"}';

    expect(read(answer(all), THREE)).toEqual(
      Array(3).fill({ kind: 'accepted', receiptId: 'NS20260101a1b2c3' }),
    );
  });

  test.each([{ code: 200 }, { code: '200', value: '' }, { code: '200', value: null, msgId: 7 }])(
    '%j is one too',
    (body) => {
      expect(one(answer(body))).toEqual({ kind: 'accepted' });
    },
  );

  test('of some: `value` is code → targets, and who is in no list was accepted', () => {
    const some = { code: '200', value: { '110002': ['id3'], '513': ['id1', 'id1'] }, msgId: 'NS1' };

    expect(read(answer(some), THREE)).toEqual([
      { kind: 'unavailable', reason: { code: '513', text: 'sending failed' } },
      { kind: 'accepted', receiptId: 'NS1' },
      { kind: 'token-invalid', reason: { code: '110002', text: 'pushId not subscribed' } },
    ]);
  });

  test('lists that are none are no failures', () => {
    expect(one(answer({ code: '200', value: { '110002': 'id1', '501': null } }))).toEqual({
      kind: 'accepted',
    });
  });
});

/** The published codes of a call, by what is to be done about them. */
const CALL = [
  ['300', { kind: 'misconfigured' }],
  ['500', { kind: 'unavailable' }],
  ['1001', { kind: 'unavailable' }],
  ['1003', { kind: 'unavailable' }],
  ['1005', { kind: 'rejected' }],
  ['1006', { kind: 'unauthorized' }],
  ['110000', { kind: 'misconfigured' }],
  ['110001', { kind: 'misconfigured' }],
  ['110002', { kind: 'token-invalid' }],
  ['110003', { kind: 'token-invalid' }],
  ['110004', { kind: 'rejected' }],
  ['110009', { kind: 'misconfigured', pauses: true }],
  ['110010', { kind: 'throttled', scope: 'second' }],
  ['110019', { kind: 'throttled', scope: 'day' }],
  ['110031', { kind: 'misconfigured' }],
  ['110032', { kind: 'unavailable' }],
  ['110033', { kind: 'unauthorized' }],
  ['110051', { kind: 'throttled', scope: 'day' }],
  ['110053', { kind: 'rejected' }],
] as const;

test.each(CALL)('code %s of a call', (code, expected) => {
  const outcome = one(answer({ code, message: 'words', value: '', redirect: '' }));

  expect(outcome).toEqual({
    ...expected,
    reason: { code, text: `${errors[code]?.text}: words` },
  });
});

/** The published codes of a target. */
const TARGET = [
  ['201', { kind: 'misconfigured' }],
  ['501', { kind: 'unavailable' }],
  ['513', { kind: 'unavailable' }],
  ['518', { kind: 'throttled', scope: 'second' }],
  ['519', { kind: 'unavailable' }],
  ['110002', { kind: 'token-invalid' }],
  ['110003', { kind: 'token-invalid' }],
  ['110005', { kind: 'rejected' }],
  // the app's rate when it is the code of a call
  ['110010', { kind: 'rejected' }],
  ['110011', { kind: 'throttled', scope: 'day' }],
] as const;

test.each(TARGET)('code %s of a target', (code, expected) => {
  const outcomes = read(answer({ code: '200', value: { [code]: ['id2'] } }), THREE);

  expect(outcomes).toEqual([
    { kind: 'accepted' },
    { ...expected, reason: { code, text: targetErrors[code]?.text } },
    { kind: 'accepted' },
  ]);
});

test('a folded notification is on the phone, so it is accepted', () => {
  expect(one(answer({ code: '200', value: { '520': ['id1'] }, msgId: 'NS1' }))).toEqual({
    kind: 'accepted',
    receiptId: 'NS1',
  });
});

const STATUSES = [
  [401, { kind: 'unauthorized' }],
  [403, { kind: 'misconfigured' }],
  [404, { kind: 'misconfigured' }],
  [408, { kind: 'unavailable' }],
  [413, { kind: 'rejected' }],
  [429, { kind: 'throttled', scope: 'second' }],
] as const;

test.each(STATUSES)('HTTP %i with a page that is not JSON', (status, expected) => {
  const outcome = one(answer('<html>', status));

  expect(outcome).toMatchObject({ ...expected, reason: { code: `http-${status}` } });
  expect(outcome).not.toHaveProperty('reason.unmapped');
});

test('every row of the tables is tested here', () => {
  const tested = [...CALL.map(([code]) => code), ...STATUSES.map(([status]) => `http-${status}`)];

  expect(Object.keys(errors).sort()).toEqual(tested.sort());
  expect(Object.keys(targetErrors).sort()).toEqual(TARGET.map(([code]) => code).sort());
});

describe('a code in no table is tried a bounded number of times and alarmed', () => {
  test('of a call', () => {
    expect(one(answer({ code: '4711', message: 'new' }))).toEqual({
      kind: 'unavailable',
      reason: { code: '4711', text: 'new', unmapped: true },
    });
  });

  test('of a target, even if no number', () => {
    const outcomes = read(
      answer({ code: '200', value: { '4711': ['id1'], 'id 3': ['id2'] } }),
      THREE,
    );

    expect(outcomes).toMatchObject([
      { kind: 'unavailable', reason: { code: '4711', unmapped: true } },
      { kind: 'unavailable', reason: { code: 'unreadable', unmapped: true } },
      { kind: 'accepted' },
    ]);
  });

  test.each(['null', '[]', '{"code":{}}', '{"code":"<html>"}', '{"code":"200"', ''])(
    '200 with %s',
    (body) => {
      expect(one(answer(body))).toMatchObject({
        kind: 'unavailable',
        reason: { code: 'http-200', unmapped: true },
      });
    },
  );
});

test.each(['110002', '110003'])('code %s of a call for several tokens drops none', (code) => {
  expect(read(answer({ code }), THREE)).toMatchObject(
    Array(3).fill({ kind: 'misconfigured', reason: { code } }),
  );
});

test.each(['the task is already finished', 'illegal date', '任务已结束'])(
  'code 500 with the words "%s" is not repeated',
  (message) => {
    expect(one(answer({ code: '500', message }))).toMatchObject({
      kind: 'rejected',
      reason: { code: '500' },
    });
  },
);

test('words never hold a token or the secret', () => {
  expect(
    one(answer({ code: '4711', message: 'id1 app/secret= app%2Fsecret%3D\nend' })),
  ).toMatchObject({ reason: { text: '… … … end' } });
});

describe('HTTP', () => {
  test('a 5xx is unavailable whatever its body says, and Retry-After is obeyed', () => {
    expect(one(answer({ code: '200' }, 502, { 'retry-after': '7' }))).toEqual({
      kind: 'unavailable',
      reason: { code: 'http-502', text: 'HTTP 502' },
      retryAfterMs: 7_000,
    });
    expect(one(answer({ code: '110010' }, 200, { 'retry-after': '7' }))).toMatchObject({
      retryAfterMs: 7_000,
    });
  });

  test('no success with another status than 2xx, but any refusal', () => {
    expect(one(answer({ code: '200' }, 302))).toMatchObject({ reason: { code: 'http-302' } });
    expect(one(answer({ code: '1006' }, 400))).toMatchObject({ kind: 'unauthorized' });
  });

  test('no answer, and no room', () => {
    expect(one({ kind: 'failed', code: 'timeout', sent: true })).toMatchObject({
      kind: 'unavailable',
      reason: { code: 'timeout' },
    });
    expect(one({ kind: 'held' })).toMatchObject({ reason: { code: 'flow-control' } });
  });
});
