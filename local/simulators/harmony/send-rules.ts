import * as v from 'valibot';
import { type Refusal, refuse } from '../huawei/codes';
import { checkSize, isObject, type JsonObject, MAX_TOKENS } from '../huawei/json-request';
import type { PushConsole } from '../huawei/push-console';
import { describeIssue } from '../huawei/schema-refusal';
import { type Envelope, envelope, type Notification, type PushType, payloads } from './payloads';

/** Sources: harmonyos-references/push-scenariozed-api-request-param and …-api-response, 2026. */
const MAX_TTL_SECONDS = 1_296_000;
const VOIP_TTL_SECONDS = { min: 30, max: 60 };
const MAX_TEST_TOKENS = 10;

/** A message that may be sent. */
export interface CheckedMessage extends Envelope {
  readonly pushType: PushType;
  /** Of the kinds that the system shows. */
  readonly notification?: Notification;
  /** Of a form update. */
  readonly formId?: number;
}

/** What may be sent, or why not. */
export type CheckedSend =
  | { readonly message: CheckedMessage; readonly refusal?: undefined }
  | { readonly message?: undefined; readonly refusal: Refusal };

/** The kind of message a header names; undefined if it names none. */
export function readPushType(header: string | readonly string[] | undefined): PushType | undefined {
  const known: readonly PushType[] = [0, 1, 2, 6, 7, 10];
  return known.find((type) => `${type}` === header);
}

/** The tokens of a body that need not be right. */
export function tokensOf({ target }: JsonObject): readonly unknown[] {
  return isObject(target) && Array.isArray(target['token']) ? target['token'] : [];
}

/** Everything that is checked without knowing any phone, in the order it is checked. */
export function checkSend(
  json: JsonObject,
  body: Buffer,
  pushType: PushType,
  pushConsole: PushConsole,
): CheckedSend {
  const early = checkTokenCount(json, pushType) ?? checkSize(body, tokensOf(json));
  if (early !== undefined) return { refusal: early };
  const request = v.safeParse(envelope, json);
  if (!request.success) {
    const [issue] = request.issues;
    const ofPayload = issue.path?.[0]?.key === 'payload';
    return { refusal: refuse(ofPayload ? 80100003 : 80100001, describeIssue(issue)) };
  }
  const refusal = checkOptions(request.output, pushType, pushConsole);
  return refusal === undefined ? checkPayload(request.output, pushType) : { refusal };
}

function checkTokenCount(json: JsonObject, pushType: PushType): Refusal | undefined {
  const count = tokensOf(json).length;
  const { pushOptions } = json;
  const isTest = isObject(pushOptions) && pushOptions['testMessage'] === true;
  if (count > (pushType === 1 ? 1 : MAX_TOKENS)) return refuse(80300010);
  return isTest && count > MAX_TEST_TOKENS ? refuse(80300030) : undefined;
}

function checkOptions(
  { pushOptions = {} }: Envelope,
  pushType: PushType,
  pushConsole: PushConsole,
): Refusal | undefined {
  const { ttl, receiptId, collapseKey, backgroundMode } = pushOptions;
  if (ttl !== undefined) {
    const { min, max } = pushType === 10 ? VOIP_TTL_SECONDS : { min: 1, max: MAX_TTL_SECONDS };
    if (ttl < min || ttl > max) return refuse(80100004, `ttl must be ${min} to ${max}`);
  }
  if (receiptId !== undefined && !pushConsole.knowsReceiptId(receiptId)) {
    return refuse(80100001, 'no such receiptId');
  }
  if (collapseKey !== undefined && pushType !== 0 && pushType !== 2) {
    return refuse(80100001, 'collapseKey is for push-type 0 and 2');
  }
  return backgroundMode !== undefined && pushType !== 6
    ? refuse(80100001, 'backgroundMode is for push-type 6')
    : undefined;
}

function checkPayload(request: Envelope, pushType: PushType): CheckedSend {
  const { payload } = request;
  const message = { ...request, pushType };
  if (pushType === 0 || pushType === 2) {
    const parsed = v.safeParse(payloads[pushType], payload);
    return parsed.success
      ? { message: { ...message, notification: parsed.output.notification } }
      : illegal(parsed.issues[0]);
  }
  if (pushType === 1) {
    const parsed = v.safeParse(payloads[pushType], payload);
    return parsed.success
      ? { message: { ...message, formId: parsed.output.formId } }
      : illegal(parsed.issues[0]);
  }
  const parsed = v.safeParse(payloads[pushType], payload);
  return parsed.success ? { message } : illegal(parsed.issues[0]);
}

function illegal(issue: v.BaseIssue<unknown>): CheckedSend {
  return { refusal: refuse(80100003, describeIssue(issue)) };
}
