import * as fc from 'fast-check';
import { Refusal } from '../../../lib/model/errors';
import { readReceipts } from '../../../lib/vendors/vivo/receipts';

const RECEIVED = 1_760_000_009_000;

const read = (posted: unknown) =>
  readReceipts({
    body: typeof posted === 'string' ? posted : JSON.stringify(posted),
    headers: { 'content-type': 'application/json' },
    receivedAt: RECEIVED,
  });

test('tasks with the phones that got them', () => {
  expect(
    read({
      '1180337455': { param: 'n-1001', targets: 'v2-a, v2-b,', ackTime: '1760000005000' },
      '1180337456': { param: '', targets: ['v2-c'], ackTime: 1_760_000_006_000 },
      '1180337457': { targets: 'v2-d', ackTime: 'soon' },
    }),
  ).toEqual([
    {
      kind: 'delivered',
      tokens: ['v2-a', 'v2-b'],
      at: 1_760_000_005_000,
      jobId: 'n-1001',
      vendorType: 'arrived',
    },
    { kind: 'delivered', tokens: ['v2-c'], at: 1_760_000_006_000, vendorType: 'arrived' },
    { kind: 'delivered', tokens: ['v2-d'], at: RECEIVED, vendorType: 'arrived' },
  ]);
});

test('a type is kept, but nobody says what it means', () => {
  expect(
    read({ t: { targets: 'v2-a', ackType: 7 }, u: { targets: 'v2-b', ackType: '0' } }),
  ).toEqual([
    { kind: 'unknown', tokens: ['v2-a'], at: RECEIVED, vendorType: '7' },
    { kind: 'unknown', tokens: ['v2-b'], at: RECEIVED, vendorType: '0' },
  ]);
});

test('an entry that makes no sense does not lose its neighbours', () => {
  const odd = { a: null, b: 7, c: {}, d: { targets: ',' }, e: { targets: {} } };

  expect(read({ ...odd, good: { targets: 'v2-a', ackTime: RECEIVED + 1 } })).toMatchObject([
    { tokens: ['v2-a'], at: RECEIVED },
  ]);
  expect(read({})).toEqual([]);
});

test.each(['', 'hello', '[]', 'null', '{', '"{}"'])('a body of %p is refused', (body) => {
  expect(() => read(body)).toThrow(Refusal);
});

test('any body is read or refused', () => {
  void fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.object()), (posted) => {
      try {
        for (const { tokens } of read(posted)) {
          expect(tokens.length).toBeGreaterThan(0);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
  );
});
