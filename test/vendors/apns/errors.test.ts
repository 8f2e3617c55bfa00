import type { HttpResult } from '../../../lib/model/vendor-ports';
import { errors } from '../../../lib/vendors/apns/errors';
import { readResponse } from '../../../lib/vendors/apns/protocol';
import { createApnsSender } from '../../../lib/vendors/apns/sender';
import { aSendRequest, somePorts } from '../support';
import { anApnsCertificate, startHttp2VendorServer } from './support';

const NOW = Date.parse('2026-11-24T08:00:00Z');

const answer = (status: number, body: unknown = '', headers: Record<string, string> = {}) =>
  ({
    kind: 'response',
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }) satisfies HttpResult;
const read = (response: ReturnType<typeof answer>, isProven = true) =>
  readResponse(response, { secrets: ['device1', 'jwt'], isProven }, NOW);

/** Apple's table: status, reason, and what it means once the certificate is known to be right. */
const ROWS = [
  [400, 'BadDeviceToken', { kind: 'token-invalid' }],
  [400, 'DeviceTokenNotForTopic', { kind: 'token-invalid' }],
  [400, 'BadCollapseId', { kind: 'rejected' }],
  [400, 'BadExpirationDate', { kind: 'rejected' }],
  [400, 'BadMessageId', { kind: 'rejected' }],
  [400, 'BadPriority', { kind: 'rejected' }],
  [400, 'BadTopic', { kind: 'rejected' }],
  [400, 'InvalidPushType', { kind: 'rejected' }],
  [400, 'MissingTopic', { kind: 'rejected' }],
  [400, 'MissingDeviceToken', { kind: 'rejected' }],
  [400, 'DuplicateHeaders', { kind: 'rejected' }],
  [400, 'PayloadEmpty', { kind: 'rejected' }],
  [400, 'TopicDisallowed', { kind: 'misconfigured' }],
  [400, 'IdleTimeout', { kind: 'unavailable' }],
  [403, 'ExpiredProviderToken', { kind: 'unauthorized' }],
  [403, 'InvalidProviderToken', { kind: 'unauthorized' }],
  [403, 'MissingProviderToken', { kind: 'unauthorized' }],
  [403, 'BadCertificate', { kind: 'misconfigured' }],
  [403, 'BadCertificateEnvironment', { kind: 'misconfigured' }],
  [403, 'Forbidden', { kind: 'misconfigured' }],
  [403, 'BadEnvironmentKeyIdInToken', { kind: 'misconfigured' }],
  [403, 'BadEnvironmentKeyInToken', { kind: 'misconfigured' }],
  [404, 'BadPath', { kind: 'rejected' }],
  [405, 'MethodNotAllowed', { kind: 'rejected' }],
  [410, 'Unregistered', { kind: 'token-invalid' }],
  [410, 'ExpiredToken', { kind: 'token-invalid' }],
  [413, 'PayloadTooLarge', { kind: 'rejected' }],
  [429, 'TooManyProviderTokenUpdates', { kind: 'unavailable' }],
  [429, 'TooManyRequests', { kind: 'throttled', scope: 'device' }],
  [500, 'InternalServerError', { kind: 'unavailable' }],
  [503, 'ServiceUnavailable', { kind: 'unavailable' }],
  [503, 'Shutdown', { kind: 'unavailable' }],
] as const;

test.each(ROWS)('%i %s', (status, reason, expected) => {
  expect(read(answer(status, { reason }))).toEqual({
    ...expected,
    reason: { code: reason, text: errors[reason]?.text },
  });
});

const STATUSES = [
  [401, { kind: 'unauthorized' }],
  [403, { kind: 'misconfigured' }],
  [404, { kind: 'misconfigured' }],
  [408, { kind: 'unavailable' }],
  [413, { kind: 'rejected' }],
  [429, { kind: 'throttled', scope: 'device' }],
] as const;

test.each(STATUSES)('%i without a reason', (status, expected) => {
  expect(read(answer(status, '<html>'))).toMatchObject({
    ...expected,
    reason: { code: `http-${status}` },
  });
});

test('every row of the table is tested here', () => {
  const tested = [...ROWS.map(([, reason]) => reason), ...STATUSES.map(([one]) => `http-${one}`)];

  expect(Object.keys(errors).sort()).toEqual(tested.sort());
});

describe('success', () => {
  test('the id is the receipt id', () => {
    expect(read(answer(200, '', { 'apns-id': '5B1E9A34' }))).toEqual({
      kind: 'accepted',
      receiptId: '5B1E9A34',
    });
    expect(read(answer(200))).toEqual({ kind: 'accepted' });
  });

  test('an echoed token is no id', () => {
    expect(read(answer(200, '', { 'apns-id': 'device1 jwt' }))).toEqual({
      kind: 'accepted',
      receiptId: '… …',
    });
  });
});

describe('a dead token', () => {
  const since = (timestamp: unknown) => {
    const outcome = read(answer(410, { reason: 'Unregistered', timestamp }), false);
    return outcome.kind === 'token-invalid' ? outcome.since : outcome;
  };

  test('is dead since a time, in milliseconds, or in seconds as a precaution', () => {
    expect(since(1_760_000_000_000)).toBe(1_760_000_000_000);
    expect(since(1_760_000_000)).toBe(1_760_000_000_000);
  });

  test.each([undefined, null, 'today', -1, 0, 1.5, {}])('since %p is no time', (timestamp) => {
    expect(since(timestamp)).toBeUndefined();
  });
});

describe('a token of the wrong kind', () => {
  test.each(['BadDeviceToken', 'DeviceTokenNotForTopic'])(
    '%s may be a certificate of the wrong kind, until one token was accepted',
    async (reason) => {
      const server = await startHttp2VendorServer();
      server.answer = ({ path }) =>
        path.endsWith('bad') ? { status: 400, body: JSON.stringify({ reason }) } : { status: 200 };
      const certificate = anApnsCertificate({ name: reason, endpoint: server.url });
      const { send } = createApnsSender(certificate, somePorts());

      const before = await send(aSendRequest({ tokens: ['bad'] }));
      await send(aSendRequest({ tokens: ['good'] }));
      const after = await send(aSendRequest({ tokens: ['bad'] }));
      const { send: sendOther } = createApnsSender(
        { ...certificate, name: `${reason} elsewhere` },
        somePorts(),
      );
      const other = await sendOther(aSendRequest({ tokens: ['bad'] }));
      server.close();

      expect([before, after, other].flat()).toMatchObject([
        { kind: 'misconfigured', reason: { code: reason } },
        { kind: 'token-invalid', reason: { code: reason } },
        { kind: 'misconfigured', reason: { code: reason } },
      ]);
    },
  );
});

describe('a reason in no row goes by its status, and is alarmed', () => {
  test.each([
    [400, { kind: 'unavailable' }],
    [403, { kind: 'misconfigured' }],
    [410, { kind: 'unavailable' }],
    [418, { kind: 'unavailable' }],
    [429, { kind: 'throttled', scope: 'device' }],
  ])('%i', (status, expected) => {
    expect(read(answer(status, { reason: 'FromTheFuture' }))).toEqual({
      ...expected,
      reason: { code: 'FromTheFuture', text: `HTTP ${status}`, unmapped: true },
    });
  });

  test('any 5xx is unavailable, and no unknown code', () => {
    expect(read(answer(599, { reason: 'FromTheFuture' }))).toEqual({
      kind: 'unavailable',
      reason: { code: 'FromTheFuture', text: 'HTTP 599' },
    });
    expect(read(answer(502, '<html>'))).toEqual({
      kind: 'unavailable',
      reason: { code: 'http-502', text: 'HTTP 502' },
    });
  });

  test.each(['', '{"reason":7}', '{"reason":"device1"}', '{"reason":"two words"}', 'null', '[]'])(
    '400 with %s',
    (body) => {
      expect(read(answer(400, body))).toEqual({
        kind: 'unavailable',
        reason: { code: 'http-400', text: 'HTTP 400 without a known reason', unmapped: true },
      });
    },
  );
});

test('Retry-After is obeyed', () => {
  const headers = { 'retry-after': '9' };

  for (const [status, reason] of [
    [503, 'ServiceUnavailable'],
    [429, 'TooManyRequests'],
    [503, 'FromTheFuture'],
  ] as const) {
    expect(read(answer(status, { reason }, headers))).toMatchObject({ retryAfterMs: 9_000 });
  }
});
