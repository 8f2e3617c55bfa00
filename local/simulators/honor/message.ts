import * as v from 'valibot';

/** 15 days (parameter texts in github.com/zandala88/honor-push). */
const MAX_TTL_SECONDS = 1_296_000;

const text = v.pipe(v.string(), v.nonEmpty());
const secureAddress = v.pipe(
  v.string(),
  v.regex(/^https:\/\/\S+$/, 'must be an https URL'),
  v.check((url) => URL.canParse(url), 'must be an https URL'),
);
const badgeNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99));

const clickAction = v.pipe(
  v.strictObject({
    type: v.picklist([1, 2, 3]),
    intent: v.optional(text),
    action: v.optional(text),
    url: v.optional(secureAddress),
  }),
  v.check(
    ({ type, intent, action }) => type !== 1 || (intent ?? action) !== undefined,
    'clickAction of type 1 needs intent or action',
  ),
  v.check(({ type, url }) => type !== 2 || url !== undefined, 'clickAction of type 2 needs url'),
);

const button = v.pipe(
  v.strictObject({
    name: v.pipe(text, v.maxLength(40)),
    actionType: v.picklist([0, 1, 2]),
    intentType: v.optional(v.picklist([0, 1])),
    intent: v.optional(text),
    data: v.optional(v.pipe(v.string(), v.maxLength(1_024))),
  }),
  v.check(
    ({ actionType, intent }) => actionType === 0 || intent !== undefined,
    'a button that opens something needs intent',
  ),
);

const androidNotification = v.strictObject({
  title: v.optional(text),
  body: v.optional(text),
  clickAction,
  importance: v.optional(v.picklist(['LOW', 'NORMAL'])),
  image: v.optional(secureAddress),
  style: v.optional(v.picklist([0, 1])),
  bigTitle: v.optional(text),
  bigBody: v.optional(text),
  when: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  notifyId: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(2_147_483_647))),
  tag: v.optional(text),
  group: v.optional(text),
  badge: v.optional(
    v.strictObject({
      addNum: v.optional(badgeNumber),
      setNum: v.optional(badgeNumber),
      badgeClass: text,
    }),
  ),
  buttons: v.optional(v.pipe(v.array(button), v.minLength(1), v.maxLength(3))),
});

const android = v.strictObject({
  ttl: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[1-9]\d{0,6}s$/, 'must be seconds, as in "86400s"'),
      v.check((ttl) => Number.parseInt(ttl, 10) <= MAX_TTL_SECONDS, 'must be at most 1296000s'),
    ),
  ),
  biTag: v.optional(text),
  data: v.optional(text),
  targetUserType: v.optional(v.picklist([0, 1])),
  notification: v.optional(androidNotification),
});

/**
 * The body of `sendMessage`: the fields of github.com/zandala88/honor-push, whose comments reproduce the
 * official parameter texts, and none of Huawei's besides.
 */
export const honorMessage = v.strictObject({
  token: v.pipe(v.array(text), v.minLength(1), v.maxLength(1_000)),
  data: v.optional(text),
  notification: v.optional(
    v.strictObject({
      title: v.optional(text),
      body: v.optional(text),
      image: v.optional(secureAddress),
    }),
  ),
  android: v.optional(android),
});

/** A message whose fields are right. */
export type HonorMessage = v.InferOutput<typeof honorMessage>;
