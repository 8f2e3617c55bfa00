import { harmony } from '../../../lib/vendors/harmony';
import { readReceipts } from '../../../lib/vendors/harmony/receipts';

const RECEIVED = 1_760_000_009_000;
const read = (...statuses: unknown[]) =>
  readReceipts({ body: JSON.stringify({ statuses }), headers: {}, receivedAt: RECEIVED });

test('the documented body', () => {
  const documented = {
    token: 'IQAAAACy0tYEAAC',
    pushType: 0,
    appPackageName: 'com.example.demo',
    biTag: 'ord-1001',
    requestId: '1760000000000_0_1',
    deliveryStatus: { result: 0, timestamp: 1_760_000_001_000 },
  };

  expect(read(documented)).toEqual([
    {
      kind: 'delivered',
      tokens: ['IQAAAACy0tYEAAC'],
      at: 1_760_000_001_000,
      jobId: 'ord-1001',
      vendorType: '0',
    },
  ]);
});

const UNKNOWN = [14, 27, 51, 151, 155, 156, 158, 188, 191, 261, 262, 264, 265, 268, 269, 7_777];

test.each([
  [0, 'delivered'],
  [2, 'token-invalid'],
  [5, 'token-invalid'],
  [6, 'muted'],
  [10, 'filtered'],
  [15, 'expired'],
  [22, 'filtered'],
  [31, 'filtered'],
  [102, 'over-quota'],
  [144, 'filtered'],
  [256, 'over-quota'],
  [259, 'filtered'],
  ...UNKNOWN.map((result): [number, string] => [result, 'unknown']),
])('result %i is %s, and kept', (result, kind) => {
  expect(read({ token: 'tokA', deliveryStatus: { result } })).toEqual([
    { kind, tokens: ['tokA'], at: RECEIVED, vendorType: String(result) },
  ]);
});

test('what became of a service card is kept as well, and seconds are told from milliseconds', () => {
  const card = { token: 'tokA', formStatus: { formId: 1, result: 262, timestamp: 1_760_000_001 } };

  expect(read(card)).toEqual([
    { kind: 'unknown', tokens: ['tokA'], at: 1_760_000_001_000, vendorType: '262' },
  ]);
});

test('Huawei is answered in its own words', () => {
  expect(harmony.receiptAnswer).toBe('{"code":"0","message":"success"}');
});
