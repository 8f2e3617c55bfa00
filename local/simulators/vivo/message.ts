import * as v from 'valibot';

const text = v.pipe(v.string(), v.nonEmpty());
const upTo = (length: number) => v.pipe(text, v.maxLength(length));
const visible = (length: number) => v.pipe(upTo(length), v.regex(/\S/, 'must not be blank'));
const integer = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const appId = integer(1, Number.MAX_SAFE_INTEGER);
const requestId = upTo(64);
const none = v.optional(v.pipe(v.array(v.unknown()), v.maxLength(0)));

/** Where receipts go: an address, or the id of one in the console, and what comes back with them. */
const extra = v.pipe(
  v.strictObject({
    callback: v.optional(
      v.pipe(
        upTo(128),
        v.check((url) => /^https?:\/\/\S+$/.test(url) && URL.canParse(url), 'must be a URL'),
      ),
    ),
    'callback.id': v.optional(text),
    'callback.param': v.optional(upTo(64)),
  }),
  v.check(
    (fields) => (fields.callback ?? fields['callback.id']) !== undefined,
    'extra needs callback or callback.id',
  ),
);

const clientCustomMap = v.pipe(
  v.record(text, v.string()),
  v.check((map) => Object.keys(map).length <= 10, 'over 10 pairs'),
  v.check((map) => Object.entries(map).flat().join('').length <= 1_024, 'over 1024 characters'),
);

/**
 * What single pushes and saved bodies have in common. Lengths count UTF-16 units, all scripts alike.
 * Source: vivo open platform, doc 362, as quoted in modood/pushapi and sent by the official Java SDK 3.3.
 */
const common = {
  appId,
  notifyType: v.picklist([1, 2, 3, 4]),
  title: visible(40),
  content: visible(100),
  timeToLive: v.optional(integer(60, 86_400)),
  skipType: v.picklist([1, 2, 3, 4]),
  skipContent: v.optional(upTo(1_024)),
  networkType: v.optional(v.picklist([-1, 1])),
  classification: v.optional(v.picklist([0, 1])),
  category: v.optional(v.string()),
  clientCustomMap: v.optional(clientCustomMap),
  extra: v.optional(extra),
  requestId,
  pushMode: v.optional(v.picklist([0, 1])),
  notifyId: v.optional(integer(1, 2_147_483_647)),
  foregroundShow: v.optional(v.boolean()),
  sendOnline: v.optional(v.boolean()),
  addBadge: v.optional(v.boolean()),
  auditReview: v.optional(
    v.array(v.strictObject({ reviewer: v.unknown(), type: v.unknown(), result: v.unknown() })),
  ),
  timedDisplay: v.optional(
    v.strictObject({
      overtimeDisplay: v.optional(v.unknown()),
      showStartTime: v.optional(v.unknown()),
      showEndTime: v.optional(v.unknown()),
    }),
  ),
  marketing: v.optional(
    v.strictObject({
      creativeId: v.optional(v.unknown()),
      styleType: v.optional(v.unknown()),
      price: v.optional(v.unknown()),
      style: v.optional(v.unknown()),
      styleCustomMap: v.optional(v.unknown()),
    }),
  ),
  // the SDK sends empty lists with calls that are not by tag
  tagExpression: v.optional(v.strictObject({ orTags: none, andTags: none, notTags: none })),
};

/** Body of `/message/saveListPayload`. */
export const groupBody = v.strictObject(common);

/** Body of `/message/send`; no simulated phone has an alias. */
export const singlePush = v.strictObject({
  ...common,
  regId: text,
  alias: v.optional(upTo(70)),
  profileId: v.optional(upTo(64)),
});

/** Body of `/message/pushToList`, which takes at least two: one alone is a single push. */
export const listPush = v.strictObject({
  appId: v.optional(appId),
  taskId: text,
  regIds: v.pipe(v.array(text), v.minLength(2), v.maxLength(1_000)),
  requestId,
});

/** A body to be saved, with right fields. */
export type GroupBody = v.InferOutput<typeof groupBody>;
/** A message to one phone, with right fields. */
export type SinglePush = v.InferOutput<typeof singlePush>;
/** A saved body’s way to several phones, with right fields. */
export type ListPush = v.InferOutput<typeof listPush>;

/** What a phone shows, however it was pushed. */
export type VivoMessage = GroupBody | SinglePush;
