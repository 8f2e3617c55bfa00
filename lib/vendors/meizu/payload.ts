import { custom, exactOptional, pipe, union } from 'valibot';
import type { JsonObject } from '../../model/json-of';
import {
  anyObject,
  type FieldProblem,
  oneOf,
  openObject,
  rule,
  shownText,
  text,
  textLike,
  truth,
  webAddress,
} from '../field-schemas';
import { givenFields, integer, readFields } from '../given-fields';
import type { VendorPayload } from '../vendor';

/**
 * The members of Meizu's `messageJson`: https://github.com/MEIZUPUSH/PushAPI (2025-04-09), "pushId推送接口（通知栏消息）". What is on or
 * off is an integer there and a truth value in https://github.com/MEIZUPUSH/JavaSdk 1.2.13.
 */
const flag = exactOptional(union([truth, oneOf(0, 1)], 'must be 0 or 1'));
const off = exactOptional(
  custom<0 | false>((value) => value === 0 || value === false, 'must be 0: only tasks have it'),
);
const address = exactOptional(webAddress);
const time = exactOptional(
  textLike(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'a time as in 2026-01-31 08:00:00'),
);

const noticeBarInfo = openObject({
  noticeMsgType: exactOptional(oneOf(0, 1)),
  noticeBarType: exactOptional(oneOf(0, 2)),
  title: exactOptional(shownText),
  content: exactOptional(shownText),
});

const noticeExpandInfo = pipe(
  openObject({
    noticeExpandType: exactOptional(oneOf(0, 1, 2)),
    noticeExpandContent: exactOptional(text()),
    noticeExpandImgUrl: address,
  }),
  rule(({ noticeExpandType, noticeExpandContent, noticeExpandImgUrl }) => {
    const needs = needing('noticeExpandType');
    if (noticeExpandType === 1) return needs('noticeExpandContent', noticeExpandContent);
    return noticeExpandType === 2 ? needs('noticeExpandImgUrl', noticeExpandImgUrl) : undefined;
  }),
);

const clickTypeInfo = pipe(
  openObject({
    // 3 is out of use since Android 12 ("停用clickType=3说明")
    clickType: exactOptional(oneOf(0, 1, 2)),
    activity: exactOptional(
      textLike(/^[A-Za-z]\w*(\.[A-Za-z_$][\w$]*)+$/, 'the full name of a class'),
    ),
    url: exactOptional(textLike(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, 'a URI')),
    parameters: exactOptional(anyObject),
  }),
  rule(({ clickType, activity, url }) => {
    const needs = needing('clickType');
    if (clickType === 1) return needs('activity', activity);
    return clickType === 2 ? needs('url', url) : undefined;
  }),
);

const advanceInfo = openObject({
  suspend: flag,
  clearNoticeBar: flag,
  fixDisplay: flag,
  fixStartDisplayTime: time,
  fixEndDisplayTime: time,
  fixSpeed: off,
  fixSpeedRate: off,
  notificationType: exactOptional(openObject({ vibrate: flag, lights: flag, sound: flag })),
  notifyKey: exactOptional(textLike(/^[0-9A-Za-z_-]{1,8}$/, '1 to 8 of 0-9A-Za-z_-')),
});

/** For apps that Meizu made VIP; which those are, only Meizu knows. */
const vipInfo = pipe(
  openObject({
    subtitle: exactOptional(text(16)),
    pullDownTop: flag,
    timeTop: exactOptional(integer(1_800, 7_200)),
    notGroup: flag,
    titleColor: exactOptional(oneOf('#206CFF', '#E42D22')),
    backgroundImgUrl: address,
    smallIconUrl: address,
    bigIconUrl: address,
  }),
  rule(({ pullDownTop, timeTop, backgroundImgUrl, titleColor, bigIconUrl }) => {
    if (pullDownTop && timeTop) return excludes('pullDownTop', 'timeTop');
    if (backgroundImgUrl === undefined) return undefined;
    if (titleColor) return excludes('backgroundImgUrl', 'titleColor');
    return bigIconUrl ? excludes('backgroundImgUrl', 'bigIconUrl') : undefined;
  }),
);

const schema = pipe(
  givenFields({
    meizuField: exactOptional(
      openObject({
        noticeBarInfo: exactOptional(noticeBarInfo),
        noticeExpandInfo: exactOptional(noticeExpandInfo),
        clickTypeInfo: exactOptional(clickTypeInfo),
        // not used: how long a message is kept is not for its fields, nor where its receipts go
        pushTimeInfo: exactOptional(anyObject),
        extra: exactOptional(anyObject),
        advanceInfo: exactOptional(advanceInfo),
        vipInfo: exactOptional(vipInfo),
      }),
    ),
  }),
  rule(({ meizuField: { vipInfo: vip, noticeExpandInfo: expanded } = {} }) =>
    vip?.backgroundImgUrl && expanded?.noticeExpandType === 2
      ? {
          path: ['meizuField', 'vipInfo', 'backgroundImgUrl'],
          message: 'excludes a big picture (noticeExpandType 2)',
        }
      : undefined,
  ),
);

/** What of NIM's `pushPayload` is Meizu's; all other keys at its top level are parameters of the click. */
export const payload: VendorPayload = { members: ['meizuField'], schema };

/** What a notification's fields say; nothing if they are not as they should be. */
export function fieldsOf(fields: JsonObject | undefined) {
  return readFields(schema, fields).meizuField ?? {};
}

/** What `meizuField` says. */
export type MeizuFields = ReturnType<typeof fieldsOf>;

function needing(member: string) {
  return (needed: string, value: unknown): FieldProblem | undefined =>
    value === undefined ? { path: [member], message: `needs ${needed}` } : undefined;
}

function excludes(member: string, other: string): FieldProblem {
  return { path: [member], message: `excludes ${other}` };
}
