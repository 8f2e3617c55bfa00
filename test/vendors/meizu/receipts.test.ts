import fc from 'fast-check';
import { Refusal } from '../../../lib/model/errors';
import { readReceipts } from '../../../lib/vendors/meizu/receipts';
import { PUSH_IDS } from './support';

const RECEIVED = 1_760_000_009_000;

const form = (cb: unknown, accessToken = 'agreed') =>
  new URLSearchParams({ cb: JSON.stringify(cb), access_token: accessToken }).toString();
const read = (body: string, secret?: string) =>
  readReceipts({
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    receivedAt: RECEIVED,
    ...(secret === undefined ? {} : { check: { secret } }),
  });

test('a call as Meizu makes it', () => {
  const body = form({
    'NS20260101a1b2c3-1': { param: 'n-1001', type: 1, targets: [...PUSH_IDS] },
    'NS20260101a1b2c3-2': { param: 'n-1001', type: 2, targets: [PUSH_IDS[1]] },
  });

  expect(read(body)).toEqual([
    { kind: 'delivered', tokens: PUSH_IDS, at: RECEIVED, jobId: 'n-1001', vendorType: '1' },
    { kind: 'clicked', tokens: [PUSH_IDS[1]], at: RECEIVED, jobId: 'n-1001', vendorType: '2' },
  ]);
});

test.each([
  [1, 'delivered'],
  ['1', 'delivered'],
  [2, 'clicked'],
  [9, 'unknown'],
  ['constructor', 'unknown'],
])('type %p is %p, and kept', (type, kind) => {
  expect(read(form({ 'm-7': { type, targets: ['id1'] } }))).toEqual([
    { kind, tokens: ['id1'], at: RECEIVED, vendorType: String(type) },
  ]);
});

test('a type that is not stated is at the end of the key', () => {
  expect(read(form({ 'm-x-2': { targets: ['id1'] } }))).toMatchObject([{ kind: 'clicked' }]);
  expect(read(form({ m: { type: {}, targets: ['id1'] } }))).toMatchObject([
    { kind: 'unknown', vendorType: 'm' },
  ]);
});

test('an entry that makes no sense does not lose its neighbours', () => {
  const good = { type: 1, targets: ['id1', 7, ''], param: 7 };

  expect(
    read(
      form({ a: null, b: { type: 1 }, c: { type: 1, targets: 'id1' }, d: { targets: [] }, good }),
    ),
  ).toEqual([{ kind: 'delivered', tokens: ['id1'], at: RECEIVED, vendorType: '1' }]);
});

test('with a secret the access_token must be it', () => {
  const call = { 'm-1': { type: 1, targets: ['id1'] } };

  expect(read(form(call, 'agreed'), 'agreed')).toHaveLength(1);
  for (const body of [form(call, 'forged'), form(call, 'other!'), form(call, ''), 'cb=%7B%7D']) {
    expect(() => read(body, 'agreed')).toThrow(expect.objectContaining({ status: 401 }));
  }
});

test('no receipts are fine', () => {
  expect(read(form({}))).toEqual([]);
});

test.each(['', 'cb=', 'cb=%7B', 'hello', 'cb=[]', 'cb=null', '{"m-1":{}}'])(
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
        fc.json().map((json) => `cb=${encodeURIComponent(json)}`),
        fc.dictionary(fc.string(), fc.jsonValue()).map((cb) => form(cb)),
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
