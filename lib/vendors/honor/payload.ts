import { check, exactOptional, type InferOutput, pipe } from 'valibot';
import type { JsonObject } from '../../model/json-of';
import {
  type FieldProblem,
  oneOf,
  openObject,
  rule,
  shownText,
  text,
  textLike,
} from '../field-schemas';
import {
  givenFields,
  integer,
  jsonText,
  listOf,
  readFields,
  secureAddress,
  utcTime,
} from '../given-fields';
import type { VendorPayload } from '../vendor';

const anyText = exactOptional(text());
const address = exactOptional(secureAddress);

/** Honor's level `android`, in a notification and in a message for the app alone. */
const config = {
  ttl: exactOptional(
    pipe(
      textLike(/^[1-9]\d{0,6}s$/, 'seconds like "86400s"'),
      check((ttl) => Number.parseInt(ttl, 10) <= 1_296_000, 'must be at most "1296000s"'),
    ),
  ),
  biTag: anyText,
  targetUserType: exactOptional(oneOf(0, 1)),
};

const button = openObject({
  name: exactOptional(text(40)),
  actionType: exactOptional(oneOf(0, 1, 2)),
  intentType: exactOptional(oneOf(0, 1)),
  intent: anyText,
  data: exactOptional(text(1_024)),
});

const notification = openObject({
  title: exactOptional(shownText),
  body: exactOptional(shownText),
  clickAction: exactOptional(
    openObject({
      type: exactOptional(oneOf(1, 2, 3)),
      intent: anyText,
      action: anyText,
      url: address,
    }),
  ),
  importance: exactOptional(oneOf('LOW', 'NORMAL')),
  image: address,
  style: exactOptional(oneOf(0, 1)),
  bigTitle: exactOptional(shownText),
  bigBody: exactOptional(shownText),
  when: exactOptional(utcTime),
  notifyId: exactOptional(integer(-1, 2 ** 31 - 1)),
  tag: anyText,
  group: anyText,
  badge: exactOptional(
    openObject({
      addNum: exactOptional(integer(0, 99)),
      setNum: exactOptional(integer(0, 99)),
      badgeClass: anyText,
    }),
  ),
  buttons: exactOptional(listOf(button, 3)),
});

/** The official parameter texts, as github.com/zandala88/honor-push repeats them (2024-10-17). */
const schema = givenFields({
  honorField: exactOptional(
    openObject({
      ...config,
      data: exactOptional(jsonText),
      notification: exactOptional(pipe(notification, rule(problemOf))),
    }),
  ),
  honorPassThroughField: exactOptional(
    openObject({
      data: anyText,
      android: exactOptional(openObject({ ...config, data: anyText })),
    }),
  ),
});

/**
 * What of NIM's `pushPayload` is Honor's (doc.yunxin.163.com, "推送 payload 配置"): `honorField`, its `android`, and
 * `honorPassThroughField`, a message for the app alone, which wins.
 */
export const payload: VendorPayload = { members: ['honorField', 'honorPassThroughField'], schema };

/** A message's own wishes in Honor's terms. */
export type HonorFields = InferOutput<typeof schema>;
export type NotificationFields = InferOutput<typeof notification>;

/** What a notification's fields say; nothing if they are not as they should be. */
export function fieldsOf(fields: JsonObject | undefined): HonorFields {
  return readFields(schema, fields);
}

/** What only several members together show. Texts of the big style are made equal to the others, as Honor wants them. */
function problemOf({ buttons = [], clickAction }: NotificationFields): FieldProblem | undefined {
  if (clickAction !== undefined) {
    const { type, intent, action, url } = clickAction;
    if (type === undefined) return { path: ['clickAction'], message: 'must have a type' };
    const path = ['clickAction', 'type'] as const;
    if (type === 1 && !(intent || action)) return { path, message: 'needs intent or action' };
    if (type === 2 && !url) return { path, message: 'needs url' };
  }
  const index = buttons.findIndex(
    ({ name, actionType, intent }) =>
      !name || actionType === undefined || (actionType !== 0 && !intent),
  );
  return index < 0
    ? undefined
    : {
        path: ['buttons', String(index)],
        message: 'must have name and actionType, to open a page also intent',
      };
}
