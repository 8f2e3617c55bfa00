import * as fc from 'fast-check';
import { Refusal } from '../../../lib/model/errors';
import { readReceipts } from '../../../lib/vendors/oppo/receipts';

const RECEIVED = 1_760_000_009_000;

/** As documented, https://open.oppomobile.com/new/developmentDoc/info?id=11239. */
const POSTED = {
  messageId: 'APPID-1-1-66a0f1',
  appId: 'APPID',
  taskId: 'APPID-1-1-66a0f1',
  registrationIds: 'CN_0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b',
  eventTime: '1760000005000',
  param: 'n-1001',
  eventType: 'push_arrive',
};

const read = (posted: unknown) =>
  readReceipts({
    body: typeof posted === 'string' ? posted : JSON.stringify(posted),
    headers: { 'content-type': 'application/json' },
    receivedAt: RECEIVED,
  });

test('a list of events, one address having several phones', () => {
  expect(
    read([POSTED, { ...POSTED, registrationIds: 'CN_a, CN_b,', param: '', eventTime: 'soon' }]),
  ).toEqual([
    {
      kind: 'delivered',
      tokens: ['CN_0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b'],
      at: 1_760_000_005_000,
      jobId: 'n-1001',
      vendorType: 'push_arrive',
    },
    { kind: 'delivered', tokens: ['CN_a', 'CN_b'], at: RECEIVED, vendorType: 'push_arrive' },
  ]);
});

test.each([
  ['push_arrive', 'delivered'],
  ['regid_invalid', 'token-invalid'],
  ['user_daily_limit', 'over-quota'],
  ['push_click', 'unknown'],
  ['constructor', 'unknown'],
])('event %p is %p, and kept', (eventType, kind) => {
  expect(read([{ ...POSTED, eventType }])).toMatchObject([{ kind, vendorType: eventType }]);
});

test('a time to come is now, or a token registered since would be forgotten', () => {
  expect(read([{ ...POSTED, eventTime: RECEIVED + 1 }])).toMatchObject([{ at: RECEIVED }]);
  expect(read([{ ...POSTED, eventTime: RECEIVED - 1 }])).toMatchObject([{ at: RECEIVED - 1 }]);
});

test('an entry that makes no sense does not lose its neighbours', () => {
  const odd = [null, 7, {}, { ...POSTED, registrationIds: ',' }, { ...POSTED, eventType: {} }];

  expect(read([...odd, { ...POSTED, registrationIds: ['CN_a'] }])).toMatchObject([
    { tokens: ['CN_a'] },
  ]);
  expect(read([])).toEqual([]);
});

test.each(['', 'hello', '{}', 'null', '[', '"[]"'])('a body of %p is refused', (body) => {
  expect(() => read(body)).toThrow(Refusal);
});

test('any body is read or refused', () => {
  void fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.array(fc.jsonValue())), (posted) => {
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
