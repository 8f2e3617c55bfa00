import { check, exactOptional, type InferOutput, pipe, string } from 'valibot';
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
} from '../field-schemas';
import { givenFields, integer, listOf, readFields, secureAddress } from '../given-fields';
import type { VendorPayload } from '../vendor';
import { SERVICE_CATEGORIES } from './categories';

const anyText = exactOptional(text());

const notification = openObject({
  category: exactOptional(oneOf(...SERVICE_CATEGORIES, 'MARKETING')),
  title: exactOptional(shownText),
  body: exactOptional(shownText),
  image: exactOptional(secureAddress),
  style: exactOptional(oneOf(0, 1, 3)),
  bigTitle: anyText,
  bigBody: anyText,
  inboxContent: exactOptional(listOf(text(), 3)),
  notifyId: exactOptional(integer(-1, 2 ** 31 - 1)),
  appMessageId: exactOptional(textLike(/^[A-Za-z0-9+/=\-_\s]{1,64}$/, '1 to 64 of 0-9A-Za-z+/=-_')),
  profileId: exactOptional(text(64)),
  clickAction: exactOptional(
    openObject({
      actionType: exactOptional(oneOf(0, 1, 3, 5)),
      action: anyText,
      uri: anyText,
      data: exactOptional(anyObject),
    }),
  ),
  badge: exactOptional(
    openObject({
      addNum: exactOptional(integer(1, 99)),
      setNum: exactOptional(integer(0, 99)),
    }),
  ),
  sound: anyText,
  soundDuration: exactOptional(integer(1, 60)),
  foregroundShow: exactOptional(truth),
});

const pushOptions = openObject({
  testMessage: exactOptional(truth),
  ttl: exactOptional(integer(1, 1_296_000)),
  biTag: exactOptional(
    pipe(
      string('must be a string'),
      check((tag) => Buffer.byteLength(tag) <= 64, 'must have at most 64 bytes'),
    ),
  ),
  receiptId: anyText,
  collapseKey: exactOptional(integer(-1, 100)),
});

/** developer.huawei.com, harmonyos-references/push-scenariozed-api-* (2026-04). */
const schema = givenFields({
  harmonyField: exactOptional(
    openObject({
      payload: exactOptional(
        openObject({ notification: exactOptional(pipe(notification, rule(problemOf))) }),
      ),
      pushOptions: exactOptional(pushOptions),
    }),
  ),
});

/**
 * What of NIM's `pushPayload` is HarmonyOS's (doc.yunxin.163.com, "推送 payload 配置"): `harmonyField`, the body of a v3 request; of
 * it `payload.notification` and `pushOptions` are used.
 */
export const payload: VendorPayload = { members: ['harmonyField'], schema };

export type NotificationFields = InferOutput<typeof notification>;

/** A message's own wishes in HarmonyOS's terms. */
export interface HarmonyFields {
  readonly notification?: NotificationFields | undefined;
  readonly pushOptions?: InferOutput<typeof pushOptions> | undefined;
}

/** What a notification's fields say; nothing if they are not as they should be. */
export function fieldsOf(fields: JsonObject | undefined): HarmonyFields {
  const { harmonyField = {} } = readFields(schema, fields);
  const { payload: ofPayload, pushOptions: options } = harmonyField;
  return { notification: ofPayload?.notification, pushOptions: options };
}

/** What only several members together show. */
function problemOf(fields: NotificationFields): FieldProblem | undefined {
  const { bigBody, bigTitle, clickAction, inboxContent, style } = fields;
  if (clickAction !== undefined) {
    const { action, actionType, uri } = clickAction;
    if (actionType === undefined) {
      return { path: ['clickAction'], message: 'must have an actionType' };
    }
    if (actionType === 1 && !(action || uri)) {
      return { path: ['clickAction', 'actionType'], message: 'needs action or uri' };
    }
  }
  if (style === 1 && !(bigTitle && bigBody)) {
    return { path: ['style'], message: 'needs bigTitle and bigBody' };
  }
  return style === 3 && inboxContent === undefined
    ? { path: ['style'], message: 'needs inboxContent' }
    : undefined;
}
