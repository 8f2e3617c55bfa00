import { DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import type { UnreadMember } from '../../lib/model/unread';
import type { VendorId } from '../../lib/model/vendor-id';
import { mayRemember, withdrawalsAfter } from '../../lib/rules/withdrawal';
import { NOW } from '../support/builders';

function aMember(message: number, notifyId = message, counts = true): UnreadMember {
  const conversation = 'team__';
  return { conversation, message: `msg--${message}`, sentAt: NOW + message, notifyId, counts };
}

function able(vendor: VendorId) {
  const badge = vendor === 'apns' || vendor === 'fcm' ? ('absolute' as const) : ('none' as const);
  return { vendor, members: [], badge, withdraws: vendor === 'xiaomi' };
}

const BOTH = { ...DEFAULT_APP_SETTINGS, withdrawRead: true };

/** What is sent through a vendor when message 1 and 2 are read and others are not: notify id and badge. */
function sent(
  vendor: VendorId,
  settings = BOTH,
  { gone = [aMember(1), aMember(2)], left = [aMember(3)] } = {},
) {
  const read = { gone, left: { members: left, folded: {} } };
  return withdrawalsAfter(read, 10, able(vendor), settings).map(({ notifyId, badge }) => ({
    notifyId,
    badge,
  }));
}

test('each notification that was read is taken back where the vendor can', () => {
  expect(sent('xiaomi')).toEqual([
    { notifyId: 1, badge: undefined },
    { notifyId: 2, badge: undefined },
  ]);
});

test('one notification of a whole conversation is taken back once', () => {
  const stacked = { gone: [aMember(1, 7), aMember(2, 7)], left: [] };

  expect(sent('xiaomi', BOTH, stacked)).toEqual([{ notifyId: 7, badge: undefined }]);
});

test('it stays while it stands for something unread', () => {
  const stacked = { gone: [aMember(1, 7)], left: [aMember(2, 7)] };

  expect(sent('xiaomi', BOTH, stacked)).toEqual([]);
});

test('an iPhone is told the number that is left, once', () => {
  expect(sent('apns')).toEqual([{ notifyId: 1, badge: { set: 11 } }]);
});

test('an iPhone is told nothing where the number stays', () => {
  expect(sent('apns', BOTH, { gone: [aMember(1, 1, false)], left: [] })).toEqual([]);
});

test.each<[string, VendorId, Partial<typeof BOTH>]>([
  ['FCM, which can do neither', 'fcm', {}],
  ['a vendor that cannot take back', 'meizu', {}],
  ['an app that does not want it', 'xiaomi', { withdrawRead: false }],
  ['an app that counts nothing', 'apns', { badge: false }],
])('nothing is sent for %s', (_name, vendor, settings) => {
  expect(sent(vendor, { ...BOTH, ...settings })).toEqual([]);
});

test('nothing is to be seen or heard of a withdrawal', () => {
  const read = { gone: [aMember(5)], left: { members: [], folded: {} } };

  expect(withdrawalsAfter(read, 0, able('xiaomi'), BOTH)).toMatchObject([
    { title: '', body: '', data: {}, parts: { nick: '', content: '', conversation: '' } },
  ]);
});

test.each<[boolean, VendorId, Partial<typeof BOTH>]>([
  [true, 'apns', {}],
  [false, 'apns', { badge: false }],
  [true, 'xiaomi', {}],
  [false, 'xiaomi', { withdrawRead: false }],
  [false, 'meizu', {}],
  [true, 'meizu', { classes: { im: { collapse: 'conversation' } } }],
  [false, 'meizu', { classes: { im: { collapse: 'message' } } }],
])(
  'it is %s that a phone of %s has something remembered under %j',
  (expected, vendor, settings) => {
    expect(mayRemember(able(vendor), { ...BOTH, ...settings })).toBe(expected);
  },
);
