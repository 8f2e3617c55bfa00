import fc from 'fast-check';
import { Refusal } from '../../../lib/model/errors';
import { honor } from '../../../lib/vendors/honor';
import { biTagOf, readReceipts } from '../../../lib/vendors/honor/receipts';

const RECEIVED = 1_760_000_009_000;

const read = (call: unknown, secret?: string) =>
  readReceipts({
    body: typeof call === 'string' ? call : JSON.stringify(call),
    headers: { 'content-type': 'application/json' },
    receivedAt: RECEIVED,
    ...(secret === undefined ? {} : { check: { secret } }),
  });

test('a call as Honor makes it', () => {
  const body =
    '{"statuses":[{"biTag":"m-42","appid":"104400123","token":"tokA","status":40000002,"timestamp":1760000005123,"requestId":"1760000000123456789"}]}';

  expect(read(body)).toEqual([
    {
      kind: 'delivered',
      tokens: ['tokA'],
      at: 1_760_000_005_123,
      jobId: 'm-42',
      vendorType: '40000002',
    },
  ]);
  expect(JSON.parse(honor.receiptAnswer ?? '')).toEqual({ code: '0', message: 'success' });
});

test.each([
  [40000002, 'delivered'],
  ['40000002', 'delivered'],
  [0, 'delivered'],
  // Huawei's for an app that is gone: not known to be Honor's
  [2, 'unknown'],
  [5, 'unknown'],
  [40000003, 'unknown'],
  ['constructor', 'unknown'],
])('status %p is %p, and kept', (status, kind) => {
  expect(read({ statuses: [{ token: 'tokA', status }] })).toEqual([
    { kind, tokens: ['tokA'], at: RECEIVED, vendorType: String(status) },
  ]);
});

test('an entry that makes no sense does not lose its neighbours', () => {
  const good = { token: 'tokA', status: 0, timestamp: '1760000005123', biTag: 7 };

  expect(
    read({ statuses: [null, {}, { token: '', status: 0 }, { token: 'x', status: {} }, good] }),
  ).toEqual([{ kind: 'delivered', tokens: ['tokA'], at: 1_760_000_005_123, vendorType: '0' }]);
});

describe('with a secret', () => {
  const statuses = (...biTags: readonly string[]) => ({
    statuses: biTags.map((biTag) => ({ token: 'tokA', status: 0, biTag })),
  });

  test('a tag of ours is believed, and brings the job id alone', () => {
    const tag = biTagOf('job.1.failTokens', 'secret');

    expect(tag).toMatch(/^job\.1\.failTokens\.[\w-]{16}$/);
    expect(read(statuses(tag), 'secret')).toMatchObject([{ jobId: 'job.1.failTokens' }]);
  });

  test('the others are passed over, and a call of them alone is refused', () => {
    const forged = [
      'job',
      '',
      biTagOf('job', 'other'),
      `job2${biTagOf('job', 'secret').slice(3)}`,
      biTagOf('', 'secret'),
      `job.${'字'.repeat(16)}`,
    ];

    expect(read(statuses(...forged, biTagOf('job', 'secret')), 'secret')).toMatchObject([
      { jobId: 'job' },
    ]);
    expect(() => read(statuses(...forged), 'secret')).toThrow(
      expect.objectContaining({ status: 401 }),
    );
  });

  test('a call without receipts is fine', () => {
    expect(read({ statuses: [] }, 'secret')).toEqual([]);
  });

  test('without one the tag is the job id', () => {
    expect(biTagOf('job-1', undefined)).toBe('job-1');
  });
});

test.each(['', 'hello', '[]', '{"statuses":', '{"statuses":{}}', 'null', '{}'])(
  'a body of %p is refused',
  (body) => {
    expect(() => read(body)).toThrow(Refusal);
  },
);

test('any body is read or refused', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.array(fc.jsonValue()).map((statuses) => JSON.stringify({ statuses })),
      ),
      (body) => {
        try {
          for (const receipt of read(body)) {
            expect(receipt.tokens.length).toBeGreaterThan(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      },
    ),
  );
});
