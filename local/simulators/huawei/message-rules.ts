import * as v from 'valibot';
import { type Refusal, refuse } from './codes';
import { checkSize, isObject, type JsonObject, MAX_TOKENS } from './json-request';
import { type HuaweiMessage, sendRequest } from './message';
import type { PushConsole } from './push-console';
import { describeIssue, isAboutValue } from './schema-refusal';

const MAX_TTL_SECONDS = 1_296_000;

/** What decides over a message besides its own words. */
export interface MessageRules {
  readonly pushConsole: PushConsole;
  /** The app may send with high urgency. */
  readonly highPriority: boolean;
}

/** A request that may be carried out, or why not. */
export type CheckedRequest =
  | {
      readonly message: HuaweiMessage;
      readonly validateOnly: boolean;
      readonly refusal?: undefined;
    }
  | { readonly refusal: Refusal };

/** Everything that is checked without knowing any phone, in the order it is checked. */
export function checkRequest(json: JsonObject, body: Buffer, rules: MessageRules): CheckedRequest {
  const early = checkTokens(json) ?? checkSize(body, tokensOf(json));
  if (early !== undefined) return { refusal: early };
  const request = v.safeParse(sendRequest, json);
  if (!request.success) {
    const [issue] = request.issues;
    return { refusal: refuse(isAboutValue(issue) ? 80100001 : 80100003, describeIssue(issue)) };
  }
  const { message, validate_only = false } = request.output;
  const refusal = checkTargets(message) ?? checkAndroid(message, rules) ?? checkContent(message);
  return refusal === undefined ? { message, validateOnly: validate_only } : { refusal };
}

/** The tokens of a body that need not be right. */
export function tokensOf(json: JsonObject): readonly unknown[] {
  const { message } = json;
  return isObject(message) && Array.isArray(message['token']) ? message['token'] : [];
}

/** Too many of them, none, or a message without a place for them: all the same code (Huawei's blog on error codes). */
function checkTokens({ message }: JsonObject): Refusal | undefined {
  if (!isObject(message)) return refuse(80300010, 'message is missing');
  const { token, topic, condition } = message;
  if (token === undefined) {
    return topic === undefined && condition === undefined
      ? refuse(80300010, 'message.token is missing')
      : undefined;
  }
  if (!Array.isArray(token)) return refuse(80300010, 'message.token must be an array');
  return token.length >= 1 && token.length <= MAX_TOKENS ? undefined : refuse(80300010);
}

function checkTargets({ token, topic, condition }: HuaweiMessage): Refusal | undefined {
  const targets = [token, topic, condition].filter((target) => target !== undefined);
  if (targets.length > 1) return refuse(80100003, 'one of token, topic and condition, not several');
  const topics = condition?.match(/'[^']*' in topics/g) ?? [];
  return condition !== undefined && (topics.length < 1 || topics.length > 5)
    ? refuse(80100001, 'condition must name 1 to 5 topics')
    : undefined;
}

function checkAndroid(
  { android }: HuaweiMessage,
  { pushConsole, highPriority }: MessageRules,
): Refusal | undefined {
  if (android === undefined) return undefined;
  const { collapse_key = -1, ttl, urgency, receipt_id } = android;
  if (collapse_key < -1 || collapse_key > 100) return refuse(80100013);
  const refusal = ttl === undefined ? undefined : checkTtl(ttl);
  if (refusal !== undefined) return refusal;
  if (urgency === 'HIGH' && !highPriority) return refuse(80300011);
  return receipt_id !== undefined && !pushConsole.knowsReceiptId(receipt_id)
    ? refuse(80300013, 'no such receipt_id')
    : undefined;
}

function checkTtl(ttl: string): Refusal | undefined {
  if (!/^\d{1,9}s$/.test(ttl)) return refuse(80100001, 'ttl must be like "86400s"');
  const seconds = Number.parseInt(ttl, 10);
  if (seconds === 0) return refuse(80100004);
  return seconds > MAX_TTL_SECONDS ? refuse(80100001, 'ttl must be at most 15 days') : undefined;
}

/** Whether the system shows the message; without a notification on either level it goes to the app alone. */
export function isNotification({ notification, android }: HuaweiMessage): boolean {
  return notification !== undefined || android?.notification !== undefined;
}

function checkContent(message: HuaweiMessage): Refusal | undefined {
  const data = message.android?.data ?? message.data;
  if (!isNotification(message)) {
    return data === undefined ? refuse(80100003, 'neither notification nor data') : undefined;
  }
  if (data !== undefined && !isJson(data)) {
    return refuse(80100001, 'the data of a notification must be JSON');
  }
  if (message.android?.category === 'PLAY_VOICE') {
    return refuse(80100001, 'PLAY_VOICE is for pass-through messages');
  }
  return checkNotification(message);
}

function checkNotification({ notification, android }: HuaweiMessage): Refusal | undefined {
  const shown = android?.notification;
  const action = shown?.click_action;
  if (shown === undefined || action === undefined) {
    return refuse(80100003, 'android.notification.click_action is required');
  }
  if (!(shown.title ?? notification?.title)?.trim()) return refuse(80100003, 'title is missing');
  if (!(shown.body ?? notification?.body)?.trim()) return refuse(80100003, 'body is missing');
  if (action.type === 1 && !action.intent && !action.action) {
    return refuse(80100001, 'click_action 1 needs intent or action');
  }
  if (action.type === 2 && !action.url) return refuse(80100001, 'click_action 2 needs url');
  return checkStyle(shown);
}

type AndroidNotification = NonNullable<NonNullable<HuaweiMessage['android']>['notification']>;

function checkStyle(shown: AndroidNotification): Refusal | undefined {
  const { style, big_title, big_body, inbox_content, buttons = [] } = shown;
  if (style === 1 && !(big_title && big_body)) {
    return refuse(80100001, 'style 1 needs big_title and big_body');
  }
  if (style === 3 && inbox_content === undefined) {
    return refuse(80100001, 'style 3 needs inbox_content');
  }
  // the official Node.js demo refuses them together (github.com/HMS-Core/hms-push-serverdemo-nodejs)
  if (shown.group !== undefined && shown.notify_id !== undefined) {
    return refuse(80100001, 'group and notify_id exclude each other');
  }
  const openPage = buttons.find(
    ({ action_type, intent_type, intent }) =>
      action_type === 1 && (intent_type === undefined || !intent),
  );
  return openPage === undefined
    ? undefined
    : refuse(80100001, 'a button that opens a page needs intent_type and intent');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
