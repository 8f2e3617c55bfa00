import {
  bodyOf,
  listBodyOf,
  messageOf,
  receiptExtra,
  requestIdOf,
  savingIdOf,
} from '../../../lib/vendors/vivo/message';
import { aNotification, aSendRequest } from '../support';

const WORDS = { title: 'Order shipped', content: 'A-1001 is on its way' };

const message = (change: Parameters<typeof aSendRequest>[0] = {}) =>
  messageOf(aSendRequest(change), WORDS);

/** The documented example, but for what opens a page instead of the app, and for receipts by an address. */
const ORDER = aSendRequest({
  jobId: 'n-1001',
  notification: aNotification({
    notifyId: 1001,
    data: { orderId: 'A-1001' },
    badge: { add: 1 },
  }),
  ttlSeconds: 86_400,
  messageClass: { category: 'ORDER' },
  receiptUrl: 'https://push.example.com/cb/vivo',
});

test('a message to one phone, byte for byte', () => {
  const body = bodyOf(messageOf(ORDER, WORDS), {
    appId: 10086,
    regId: 'v2-CRlDrQ0example',
    ...receiptExtra(ORDER),
    requestId: 'n-1001-0001',
  });

  expect(body).toBe(
    '{"appId":10086,"regId":"v2-CRlDrQ0example","notifyType":4,"title":"Order shipped","content":"A-1001 is on its way",' +
      '"timeToLive":86400,"skipType":1,' +
      '"networkType":-1,"classification":1,"category":"ORDER","clientCustomMap":{"orderId":"A-1001"},' +
      '"extra":{"callback":"https://push.example.com/cb/vivo","callback.param":"n-1001"},"requestId":"n-1001-0001","pushMode":0,' +
      '"notifyId":1001,"foregroundShow":false,"addBadge":true}',
  );
});

test('a body to be saved names no phone and asks for no receipts, which lists have none of', () => {
  const saved = JSON.parse(bodyOf(messageOf(ORDER, WORDS), { appId: 10086, requestId: 'r' }));

  expect(Object.keys(saved)).toEqual([
    'appId',
    'notifyType',
    'title',
    'content',
    'timeToLive',
    'skipType',
    'networkType',
    'classification',
    'category',
    'clientCustomMap',
    'requestId',
    'pushMode',
    'notifyId',
    'foregroundShow',
    'addBadge',
  ]);
});

test('the documented list', () => {
  expect(listBodyOf('1180337456', ['v2-a', 'v2-b'], 'n-1002-0001')).toBe(
    '{"taskId":"1180337456","regIds":["v2-a","v2-b"],"requestId":"n-1002-0001"}',
  );
});

test('a badge can be added to, and nothing else', () => {
  const adds = (badge?: { add: number } | { set: number }) =>
    message({ notification: aNotification(badge === undefined ? {} : { badge }) }).addsBadge;

  expect([adds(), adds({ set: 3 }), adds({ add: 1 })]).toEqual([false, false, true]);
});

test('a message is kept a minute at least and a day at most', () => {
  const ttl = (ttlSeconds: number) => message({ ttlSeconds }).timeToLiveSeconds;

  expect([ttl(1), ttl(60), ttl(86_400), ttl(864_000)]).toEqual([60, 60, 86_400, 86_400]);
});

test('no data, and more than vivo takes, are no pairs', () => {
  const pairs = (data: Record<string, string>) =>
    message({ notification: aNotification({ data }) }).clientCustomMap;
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']));

  expect(pairs({})).toBeUndefined();
  expect(pairs({ k: 'x'.repeat(1_023) })).toEqual({ k: 'x'.repeat(1_023) });
  expect(pairs({ k: 'x'.repeat(1_024) })).toBeUndefined();
  expect(pairs(many(10))).toEqual(many(10));
  expect(pairs(many(11))).toBeUndefined();
  expect(
    bodyOf(message({ notification: aNotification({ data: {} }) }), { appId: 1, requestId: '' }),
  ).not.toContain('clientCustomMap');
});

test('a receipt address or parameter over its limit is left out, the message is not', () => {
  const receiptUrl = `https://push.example.com/${'r'.repeat(103)}`;
  const extra = (change: object) => receiptExtra(aSendRequest(change)).extra;

  expect(extra({ receiptUrl })).toEqual({ callback: receiptUrl, 'callback.param': 'job-42' });
  expect(extra({ receiptUrl: `${receiptUrl}r` })).toBeUndefined();
  expect(extra({ receiptUrl, jobId: 'j'.repeat(64) })).toHaveProperty(['callback.param']);
  expect(extra({ receiptUrl, jobId: 'j'.repeat(65) })).toEqual({ callback: receiptUrl });
  expect(extra({})).toBeUndefined();
});

test('a repeat has the same request id: the same message, words and phones, in any order', () => {
  const id = (key = 'k1', words = WORDS, tokens = ['a', 'b']) => requestIdOf(key, words, tokens);

  expect(id()).toBe(id('k1', { ...WORDS }, ['b', 'a']));
  expect(
    new Set([id(), id('k2'), id('k1', { ...WORDS, title: 'x' }), id('k1', WORDS, ['a'])]).size,
  ).toBe(4);
  expect(id('k'.repeat(12))).toMatch(/^[0-9A-Za-z-]{1,64}$/);
  expect(savingIdOf('k'.repeat(12))).toMatch(/^[0-9A-Za-z-]{1,64}$/);
});
