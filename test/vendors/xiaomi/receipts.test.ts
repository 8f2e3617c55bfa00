import * as fc from 'fast-check';
import { Refusal } from '../../../lib/model/errors';
import { readReceipts } from '../../../lib/vendors/xiaomi/receipts';

const RECEIVED = 1_760_000_009_000;
const FORM = 'application/x-www-form-urlencoded';

/** As posted: one receipt of two phones, one of a dead token, one of the app's daily total. */
const POSTED = {
  sdm51760000000123cd: {
    param: 'm-42',
    type: 1,
    targets: 'regA==,regB=',
    jobkey: '',
    barStatus: 'Enable',
    timestamp: 1_760_000_005_123,
  },
  sdm51760000000999ef: { param: 'm-43', type: 16, targets: 'regC=', timestamp: 1_760_000_006_001 },
  sdm51760000000888aa: {
    type: 128,
    targets: 'regD=',
    extra: { ack: '20000', quota: '20000' },
    timestamp: 1_760_000_007_001,
  },
};

const form = (value: unknown) => new URLSearchParams({ data: JSON.stringify(value) }).toString();
const read = (body: string, contentType = FORM) =>
  readReceipts({ body, headers: { 'content-type': contentType }, receivedAt: RECEIVED });

const EXPECTED = [
  {
    kind: 'delivered',
    tokens: ['regA==', 'regB='],
    at: 1_760_000_005_123,
    jobId: 'm-42',
    vendorType: '1',
  },
  {
    kind: 'token-invalid',
    tokens: ['regC='],
    at: 1_760_000_006_001,
    jobId: 'm-43',
    vendorType: '16',
  },
  { kind: 'over-quota', tokens: ['regD='], at: 1_760_000_007_001, vendorType: '128' },
];

test('a form with JSON in its field "data"', () => {
  expect(read(form(POSTED))).toEqual(EXPECTED);
});

test('the JSON itself, whatever the content type says', () => {
  expect(read(JSON.stringify(POSTED), 'application/json')).toEqual(EXPECTED);
  expect(read(` ${JSON.stringify(POSTED)}`, FORM)).toEqual(EXPECTED);
});

test.each([
  [1, 'delivered'],
  [2, 'clicked'],
  [16, 'token-invalid'],
  [32, 'muted'],
  [64, 'filtered'],
  [128, 'over-quota'],
  [1024, 'expired'],
  ['1024', 'expired'],
  [4096, 'unknown'],
  ['constructor', 'unknown'],
])('type %p is %p, and kept', (type, kind) => {
  expect(read(form({ m: { type, targets: 'regA==' } }))).toEqual([
    { kind, tokens: ['regA=='], at: RECEIVED, vendorType: String(type) },
  ]);
});

test('an entry that makes no sense does not lose its neighbours', () => {
  const good = { type: 1, targets: ['regA=='], timestamp: '1760000005123', param: 7 };

  expect(
    read(
      form({
        a: null,
        b: { type: 1 },
        c: { type: {}, targets: 'x' },
        d: { type: 1, targets: ',' },
        good,
      }),
    ),
  ).toEqual([{ kind: 'delivered', tokens: ['regA=='], at: 1_760_000_005_123, vendorType: '1' }]);
});

test('no receipts are fine', () => {
  expect(read(form({}))).toEqual([]);
});

test.each(['', 'data=', 'data=%7B', 'hello', '[]', '{"a":', 'data=null'])(
  'a body of %p is refused',
  (body) => {
    expect(() => read(body)).toThrow(Refusal);
  },
);

test('any body is read or refused', () => {
  void fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `data=${encodeURIComponent(json)}`),
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
