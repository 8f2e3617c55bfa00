import * as v from 'valibot';
import { anyJsonObject, jsonObject } from '../json-object';

/**
 * `messageJson` of a notification. The document has integers for what is on or off, the official Java SDK
 * (github.com/MEIZUPUSH/JavaSdk 1.2.13) sends truth values, and empty texts and zeros for what is not set.
 * Source: github.com/MEIZUPUSH/PushAPI, README, "pushId推送接口（通知栏消息）".
 */
const flag = v.optional(v.union([v.picklist([0, 1]), v.boolean()]));
const time = v.optional(v.pipe(v.string(), v.regex(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?$/)));
const integer = v.pipe(v.number(), v.integer());
const text = v.optional(v.string());
/** Lengths count UTF-16 units, as Java does; the document says "characters". */
const upTo = (units: number) => v.optional(v.pipe(v.string(), v.maxLength(units)));
const off = v.optional(v.union([v.literal(0), v.literal(false)]));
const webAddress = v.pipe(v.string(), v.regex(/^(https?:\/\/\S+)?$/));

const noticeBarInfo = jsonObject({
  noticeMsgType: v.optional(v.picklist([0, 1])),
  noticeBarType: v.optional(v.picklist([0, 2])),
  // required, but a missing one has a code of its own
  title: upTo(32),
  content: upTo(100),
  noticeBarImgUrl: v.optional(v.literal('')),
});

const noticeExpandInfo = jsonObject({
  noticeExpandType: v.optional(v.picklist([0, 1, 2])),
  noticeExpandContent: text,
  noticeExpandImgUrl: v.optional(webAddress),
});

const clickTypeInfo = jsonObject({
  // 3 is not to be used since Android 12 ("停用clickType=3说明")
  clickType: v.optional(v.picklist([0, 1, 2])),
  url: v.optional(v.pipe(v.string(), v.regex(/^([A-Za-z][A-Za-z0-9+.-]*:\S+)?$/))),
  activity: v.optional(v.pipe(v.string(), v.regex(/^([A-Za-z]\w*(\.[A-Za-z_$][\w$]*)+)?$/))),
  parameters: v.optional(anyJsonObject),
  customAttribute: v.optional(v.literal('')),
});

const pushTimeInfo = jsonObject({
  offLine: flag,
  /** Hours. */
  validTime: v.optional(v.pipe(integer, v.minValue(1), v.maxValue(72))),
  // pushes at a time are for all users and tags only
  pushTimeType: v.optional(v.literal(0)),
  startTime: v.optional(v.literal('')),
});

const advanceInfo = jsonObject({
  suspend: flag,
  clearNoticeBar: flag,
  fixDisplay: flag,
  fixStartDisplayTime: time,
  fixEndDisplayTime: time,
  // pushes at a fixed speed are for all users and tags only
  fixSpeed: off,
  fixSpeedRate: v.optional(v.literal(0)),
  notificationType: v.optional(jsonObject({ vibrate: flag, lights: flag, sound: flag })),
  notifyKey: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{0,8}$/))),
});

const vipInfo = jsonObject({
  subtitle: upTo(16),
  pullDownTop: flag,
  /** Seconds; 0: not set. */
  timeTop: v.optional(
    v.union([v.literal(0), v.pipe(integer, v.minValue(1_800), v.maxValue(7_200))]),
  ),
  notGroup: flag,
  titleColor: v.optional(v.picklist(['', '#206CFF', '#E42D22'])),
  backgroundImgUrl: v.optional(webAddress),
  smallIconUrl: v.optional(webAddress),
  bigIconUrl: v.optional(webAddress),
});

const bytes = (most: number) => v.check((value: string) => Buffer.byteLength(value) <= most);

const extra = jsonObject({
  callback: v.optional(v.pipe(webAddress, bytes(128))),
  'callback.param': v.optional(v.pipe(v.string(), bytes(64))),
  // the document says int, its example and the Java SDK have a text
  'callback.type': v.optional(v.picklist([1, 2, 3, '1', '2', '3'])),
});

export const meizuMessage = jsonObject({
  noticeBarInfo: v.optional(noticeBarInfo),
  noticeExpandInfo: v.optional(noticeExpandInfo),
  clickTypeInfo: v.optional(clickTypeInfo),
  pushTimeInfo: v.optional(pushTimeInfo),
  advanceInfo: v.optional(advanceInfo),
  vipInfo: v.optional(vipInfo),
  extra: v.optional(extra),
});

export type MeizuMessage = v.InferOutput<typeof meizuMessage>;
