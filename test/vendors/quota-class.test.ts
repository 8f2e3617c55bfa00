import type { MessageClass } from '../../lib/model/app-settings';
import type { QuotaClassOf } from '../../lib/model/quota';
import { quotaClassOf as fcm } from '../../lib/vendors/fcm/quota-class';
import { quotaClassOf as harmony } from '../../lib/vendors/harmony/quota-class';
import { quotaClassOf as honor } from '../../lib/vendors/honor/quota-class';
import { quotaClassOf as huawei } from '../../lib/vendors/huawei/quota-class';
import { quotaClassOf as meizu } from '../../lib/vendors/meizu/quota-class';
import { quotaClassOf as oppo } from '../../lib/vendors/oppo/quota-class';
import { vendors } from '../../lib/vendors/registry';
import { readLimits } from '../../lib/vendors/vendor';
import { quotaClassOf as vivo } from '../../lib/vendors/vivo/quota-class';
import { quotaClassOf as xiaomi } from '../../lib/vendors/xiaomi/quota-class';
import { aPushJob } from '../support/builders';

const [{ notification }] = aPushJob().pushes;
const CLASSES = { xiaomi, huawei, harmony, honor, oppo, vivo, meizu, fcm };
type Counting = keyof typeof CLASSES;

const classOf = (vendor: Counting, fields: object = {}, messageClass?: MessageClass) => {
  const quotaClassOf: QuotaClassOf = CLASSES[vendor];
  return quotaClassOf({ ...notification, fields: { ...fields } }, messageClass);
};

const MARKETING = { instantMessaging: false };

test.each<[Counting, object, MessageClass | undefined, string | undefined]>([
  ['xiaomi', {}, undefined, 'default'],
  ['xiaomi', {}, { channelId: '1' }, 'private'],
  ['xiaomi', {}, { channelId: '1', ...MARKETING }, 'public'],
  ['xiaomi', {}, { channelId: '1', templateId: 't', ...MARKETING }, 'private'],
  ['xiaomi', { channel_id: '1' }, undefined, 'private'],
  ['huawei', {}, undefined, 'service'],
  ['huawei', {}, { category: 'FINANCE' }, 'service'],
  ['huawei', {}, MARKETING, 'marketing'],
  ['huawei', {}, { category: 'NEWS' }, 'marketing'],
  ['huawei', { hwField: { androidConfig: { category: 'MARKETING' } } }, undefined, 'marketing'],
  ['huawei', { hwField: { androidConfig: { target_user_type: 1 } } }, MARKETING, 'test'],
  ['huawei', { hwPassThroughField: { data: 'x' } }, MARKETING, undefined],
  ['harmony', {}, undefined, 'service'],
  ['harmony', {}, MARKETING, 'marketing'],
  ['harmony', { harmonyField: { pushOptions: { testMessage: true } } }, undefined, 'test'],
  ['honor', {}, undefined, 'service'],
  ['honor', {}, { importance: 'low' }, 'marketing'],
  ['honor', { honorField: { notification: { importance: 'NORMAL' } } }, MARKETING, 'service'],
  ['honor', { honorField: { targetUserType: 1 } }, MARKETING, 'test'],
  ['honor', { honorPassThroughField: { data: 'x' } }, MARKETING, undefined],
  ['oppo', {}, undefined, 'communication-and-service'],
  ['oppo', {}, MARKETING, 'content-and-marketing'],
  ['oppo', { oppoField: { category: 'NEWS' } }, undefined, 'content-and-marketing'],
  ['vivo', {}, undefined, 'system'],
  ['vivo', {}, MARKETING, 'operational'],
  ['vivo', { vivoField: { classification: 0 } }, undefined, 'operational'],
  ['vivo', { vivoField: { category: 'ORDER' } }, MARKETING, 'system'],
  ['vivo', { vivoField: { pushMode: 1 } }, MARKETING, undefined],
  ['vivo', {}, { category: 'SOMETHING_NEW' }, undefined],
  ['meizu', {}, undefined, 'private'],
  ['meizu', {}, MARKETING, 'public'],
  ['meizu', { meizuField: { noticeBarInfo: { noticeMsgType: 0 } } }, undefined, 'public'],
  ['fcm', {}, undefined, 'plain'],
  [
    'fcm',
    { fcmFieldV1: { message: { android: { collapse_key: 'k' } } } },
    undefined,
    'collapsible',
  ],
])(
  '%s counts a message with %j in a class with %j as %s',
  (vendor, fields, messageClass, expected) => {
    expect(classOf(vendor, fields, messageClass)).toBe(expected);
  },
);

test('every class that a vendor counts in is in its limits', () => {
  const named = {
    xiaomi: ['private', 'public', 'default'],
    huawei: ['service', 'marketing', 'test'],
    harmony: ['service', 'marketing', 'test'],
    honor: ['service', 'marketing', 'test'],
    oppo: ['communication-and-service', 'content-and-marketing'],
    vivo: ['system', 'operational'],
    meizu: ['private', 'public'],
    fcm: ['plain', 'collapsible'],
  };
  const published = Object.entries(vendors).flatMap(([id, { limits }]) =>
    limits.quotas === undefined ? [] : [[id, Object.keys(limits.quotas.classes).sort()]],
  );

  expect(Object.fromEntries(published)).toEqual(
    Object.fromEntries(Object.entries(named).map(([id, names]) => [id, names.sort()])),
  );
});

test('chat costs nothing to count: its classes have no limit of their own that is published as a number', () => {
  const chat = (Object.keys(CLASSES) as Counting[]).map((vendor) => {
    const quotas = vendors[vendor].limits.quotas;
    const { dailyTotal, perDeviceDaily, onlyIfStated, quietHours } =
      quotas?.classes[classOf(vendor) ?? ''] ?? {};
    return [vendor, typeof dailyTotal, onlyIfStated ? undefined : perDeviceDaily, quietHours];
  });

  for (const [, total, perDevice, hours] of chat) {
    expect(total).not.toBe('number');
    expect([perDevice, hours]).toEqual([undefined, undefined]);
  }
});

test.each([
  [
    'a limit without a source',
    { classes: { news: { perDeviceDaily: 2, checkedOn: '2026-11-24' } } },
  ],
  ['a limit that is none', { classes: { news: { ...sourced(), perDeviceDaily: 0 } } }],
  [
    'hours that are none',
    { classes: { news: { ...sourced(), quietHours: { from: '7', to: '8' } } } },
  ],
  ['a word that is not known', { classes: { news: { ...sourced(), perHour: 2 } } }],
  ['another way to count', { counts: 'guesses' }],
])('limits with %s are refused', (_what, change) => {
  const { limits } = vendors.vivo;

  expect(readLimits(limits)).toEqual(limits);
  expect(() => readLimits({ ...limits, quotas: { ...limits.quotas, ...change } })).toThrow();
});

function sourced() {
  return { source: 'https://dev.vivo.com.cn', checkedOn: '2026-11-24' };
}
