import * as v from 'valibot';

const string = v.optional(v.string());
const boolean = v.optional(v.boolean());
const integer = v.pipe(v.number(), v.integer());
const text = v.pipe(v.string(), v.regex(/\S/));
const id = v.pipe(integer, v.minValue(0), v.maxValue(2_147_483_647));
const between = (min: number, max: number) =>
  v.optional(v.pipe(integer, v.minValue(min), v.maxValue(max)));
const openObject = v.record(v.string(), v.unknown());

/** Source: developer.huawei.com, harmonyos-references/push-scenariozed-api-request-param, 2026-02. */
const CATEGORIES = [
  'IM',
  'VOIP',
  'MISS_CALL',
  'SUBSCRIPTION',
  'TRAVEL',
  'HEALTH',
  'WORK',
  'ACCOUNT',
  'EXPRESS',
  'FINANCE',
  'DEVICE_REMINDER',
  'MAIL',
  'PLAY_VOICE',
  'MARKETING',
] as const;

const clickAction = v.pipe(
  v.strictObject({
    actionType: v.picklist([0, 1, 3, 5]),
    action: string,
    uri: string,
    data: v.optional(openObject),
  }),
  v.check(
    ({ actionType, action, uri }) => actionType !== 1 || Boolean(action || uri),
    'actionType 1 needs action or uri',
  ),
);

const notification = v.pipe(
  v.strictObject({
    category: v.picklist(CATEGORIES),
    title: text,
    body: text,
    clickAction,
    image: v.optional(v.pipe(v.string(), v.regex(/^https:\/\/\S+$/), v.url())),
    style: v.optional(v.picklist([0, 1, 3])),
    bigTitle: string,
    bigBody: string,
    inboxContent: v.optional(v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(3))),
    notifyId: between(-1, 2_147_483_647),
    appMessageId: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/=\-_\s]{1,64}$/))),
    profileId: v.optional(v.pipe(v.string(), v.maxLength(64))),
    badge: v.optional(v.strictObject({ addNum: between(1, 99), setNum: between(0, 99) })),
    sound: string,
    soundDuration: between(1, 60),
    foregroundShow: boolean,
  }),
  v.check(
    ({ style, bigTitle, bigBody }) => style !== 1 || Boolean(bigTitle && bigBody),
    'style 1 needs bigTitle and bigBody',
  ),
  v.check(
    ({ style, inboxContent }) => style !== 3 || inboxContent !== undefined,
    'style 3 needs inboxContent',
  ),
);

const alert = v.strictObject({
  notification: v.pipe(
    notification,
    v.check(({ category }) => category !== 'PLAY_VOICE', 'PLAY_VOICE is for push-type 2'),
  ),
});

const formUpdate = v.strictObject({
  formId: id,
  version: integer,
  images: v.optional(v.array(v.unknown())),
  moduleName: text,
  formName: text,
  abilityName: text,
  formData: openObject,
});

const extension = v.strictObject({ notification, extraData: v.string() });

const background = v.strictObject({
  extraData: v.string(),
  proxyData: v.optional(v.literal('ENABLE')),
});

// a live view has many more fields, which nothing here looks at
const liveView = v.looseObject({
  activityId: integer,
  operation: v.picklist([0, 1, 2]),
  event: text,
  status: string,
  version: v.optional(integer),
  activityData: v.optional(openObject),
});

const voipCall = v.strictObject({ extraData: v.string() });

/** What `payload` must be, by the header `push-type`. */
export const payloads = {
  0: alert,
  1: formUpdate,
  2: extension,
  6: background,
  7: liveView,
  10: voipCall,
} as const;

/** A kind of message; 11 (device management) is not among them. */
export type PushType = keyof typeof payloads;

/** The payload of a message that the system shows. */
export type Notification = v.InferOutput<typeof notification>;

const byteLength = (most: number) =>
  v.check((value: string) => Buffer.byteLength(value) <= most, `must have at most ${most} bytes`);

/**
 * All of a request but its payload.
 * Source: developer.huawei.com, harmonyos-references/push-scenariozed-api-request-param, 2026-02.
 */
export const envelope = v.strictObject({
  payload: openObject,
  target: v.strictObject({ token: v.pipe(v.array(v.string()), v.minLength(1)) }),
  pushOptions: v.optional(
    v.strictObject({
      testMessage: boolean,
      ttl: v.optional(integer),
      biTag: v.optional(v.pipe(v.string(), byteLength(64))),
      receiptId: string,
      collapseKey: between(-1, 100),
      backgroundMode: v.optional(v.picklist([0, 1])),
    }),
  ),
});

/** Everything but the payload, well-formed. */
export type Envelope = v.InferOutput<typeof envelope>;
