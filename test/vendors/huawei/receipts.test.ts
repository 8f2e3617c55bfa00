import fc from 'fast-check';
import { Refusal } from '../../../lib/model/errors';
import { huawei } from '../../../lib/vendors/huawei';
import { readReceipts } from '../../../lib/vendors/huawei/receipts';

const RECEIVED = 1_760_000_009_000;
const read = (body: string) => readReceipts({ body, headers: {}, receivedAt: RECEIVED });
const posted = (...statuses: unknown[]) => JSON.stringify({ statuses });

const V1 = {
  biTag: 'm-42',
  appid: '100200300',
  token: 'tokA',
  status: 0,
  timestamp: 1_760_000_005_123,
  requestId: '157000000000000006',
};
const V2 = {
  biTag: 'm-42',
  pushType: 0,
  token: 'tokA',
  requestId: '157000000000000006',
  appPackageName: 'com.example.shop',
  deliveryStatus: { result: 0, timestamp: 1_760_000_005_123 },
};
const DELIVERED = {
  kind: 'delivered',
  tokens: ['tokA'],
  at: 1_760_000_005_123,
  jobId: 'm-42',
  vendorType: '0',
};

test('both versions of the documented body', () => {
  expect(read(posted(V1))).toEqual([DELIVERED]);
  expect(read(posted(V2))).toEqual([DELIVERED]);
  expect(read(posted(V1, V2))).toEqual([DELIVERED, DELIVERED]);
});

test('any number of entries', () => {
  expect(read(posted(...Array(1_000).fill(V1)))).toHaveLength(1_000);
  expect(read(posted())).toEqual([]);
});

test.each([
  [0, 'delivered'],
  [2, 'token-invalid'],
  [5, 'token-invalid'],
  [6, 'muted'],
  [10, 'filtered'],
  [14, 'unknown'],
  [15, 'expired'],
  [22, 'filtered'],
  [27, 'unknown'],
  [31, 'filtered'],
  [51, 'unknown'],
  [102, 'over-quota'],
  [144, 'filtered'],
  [201, 'muted'],
  [256, 'over-quota'],
  [259, 'filtered'],
  ['256', 'over-quota'],
  [9_999, 'unknown'],
  ['constructor', 'unknown'],
])('result %p is %p, and kept', (result, kind) => {
  for (const one of [
    { ...V1, status: result },
    { ...V2, deliveryStatus: { result } },
  ]) {
    expect(read(posted(one))).toMatchObject([{ kind, vendorType: String(result) }]);
  }
});

test.each([
  [1_760_000_005_123, 1_760_000_005_123],
  ['1760000005123', 1_760_000_005_123],
  [1_760_000_005, 1_760_000_005_000],
  [undefined, RECEIVED],
  ['soon', RECEIVED],
  [-1, RECEIVED],
])('timestamp %p is %p', (timestamp, at) => {
  expect(read(posted({ ...V1, timestamp }))).toMatchObject([{ at }]);
});

test('an entry that makes no sense does not lose its neighbours', () => {
  const { biTag: _, ...bare } = V1;

  expect(
    read(
      posted(
        null,
        'x',
        { token: 'tokB' },
        { ...V1, token: '' },
        { ...V1, token: 7 },
        { ...V1, status: {} },
        { ...V2, deliveryStatus: [] },
        { ...bare, biTag: 7 },
      ),
    ),
  ).toEqual([{ kind: 'delivered', tokens: ['tokA'], at: 1_760_000_005_123, vendorType: '0' }]);
});

test("the console's test call with a message as it is sent is nothing, and fine", () => {
  expect(read('{"validate_only":false,"message":{"token":["tokA"]}}')).toEqual([]);
});

test.each(['', 'statuses=', '[]', '{}', '{"statuses":{}}', 'null', '{"statuses":'])(
  'a body of %p is refused',
  (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 400 }));
  },
);

test('any body is read or refused', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.jsonValue().map((one) => posted(one)),
      ),
      (body) => {
        try {
          for (const receipt of read(body)) {
            expect(receipt.tokens).toHaveLength(1);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      },
    ),
  );
});

test('Huawei is answered in the words of its new documents and of the archived ones', () => {
  expect(huawei.receiptAnswer).toBe(
    '{"code":"0","message":"success","errno":"0","errmsg":"success"}',
  );
});
