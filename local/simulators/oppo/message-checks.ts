import * as v from 'valibot';
import { parseJson } from '../json-body';
import { checkCategory, checkChannel, isPrivate, type OppoChannels } from './channels';
import { type Refusal, refuse } from './codes';
import {
  MAX_SHOW_SECONDS,
  type OppoMessage,
  type OppoNotification,
  oppoMessage,
} from './notification';
import { type Region, regionOf } from './registration-id';

/** What messages are checked against. */
export interface MessageRules {
  readonly region: Region;
  /** Undefined: channels are not looked at. */
  readonly channels?: OppoChannels | undefined;
  /** The right to `notify_level` 16. */
  readonly strongReminder: boolean;
  /** Longest `content` of style 1. */
  readonly contentCharacters: number;
  /** What an id nobody has is answered with: 10000, or 41 as one gateway saw it. */
  readonly invalidIdCode: number;
  isDead(registrationId: string): boolean;
}

/** A message that is right, or what is wrong with it. */
export type CheckedMessage =
  | { readonly message: OppoMessage; readonly refusal?: never }
  | { readonly message?: never; readonly refusal: Refusal };

/** Reads one message and says what is wrong with it, if anything. */
export function checkMessage(value: unknown, rules: MessageRules): CheckedMessage {
  const parsed = v.safeParse(oppoMessage, value, { abortEarly: true });
  if (!parsed.success) return { refusal: describeIssue(parsed.issues[0]) };
  const message = parsed.output;
  const refusal = findRefusal(message, rules);
  return refusal === undefined ? { message } : { refusal };
}

function describeIssue(issue: v.BaseIssue<unknown>): Refusal {
  const path = v.getDotPath(issue) ?? 'message';
  if (issue.received === 'undefined') return refuse(40, `${path} is missing`);
  if (issue.expected === 'never') return refuse(41, `${path}: no such field`);
  return refuse(41, `${path} is invalid: ${issue.message}`);
}

function findRefusal({ target_value: id, notification }: OppoMessage, rules: MessageRules) {
  return (
    checkTexts(notification, rules.contentCharacters) ??
    checkClickAction(notification) ??
    checkTimes(notification, isPrivate(notification, rules.channels)) ??
    checkCallback(notification) ??
    checkCategory(notification, rules.strongReminder) ??
    (rules.channels && checkChannel(notification, rules.channels)) ??
    (rules.isDead(id) || regionOf(id) !== rules.region
      ? refuse(rules.invalidIdCode, 'Invalid RegistrationId')
      : undefined)
  );
}

/** Style 1 takes 50 characters, or 200 by another edition of doc 11236; style 2 takes 128. */
function checkTexts(
  { title, content, style }: OppoNotification,
  contentCharacters: number,
): Refusal | undefined {
  if (title.trim() === '') return refuse(41, 'title is blank');
  if (content.trim() === '') return refuse(41, 'content is blank');
  const max = style === 2 ? 128 : contentCharacters;
  return content.length > max ? refuse(41, `content is over ${max} characters`) : undefined;
}

function checkClickAction({
  click_action_type: type = 0,
  click_action_activity: activity,
  click_action_url: url,
  action_parameters: parameters,
}: OppoNotification): Refusal | undefined {
  if ((type === 1 || type === 4) && activity === undefined) {
    return refuse(40, `click_action_activity is missing for type ${type}`);
  }
  if ((type === 2 || type === 5) && url === undefined) {
    return refuse(40, `click_action_url is missing for type ${type}`);
  }
  if (type === 2 && url !== undefined && !isWebAddress(url)) {
    return refuse(41, 'click_action_url must be an http or https URL');
  }
  const value = parseJson(parameters ?? '{}');
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : refuse(41, 'action_parameters must be a JSON object');
}

function checkTimes(
  {
    show_time_type: type = 0,
    show_start_time: start,
    show_end_time: end,
    show_ttl: ttl = 0,
  }: OppoNotification,
  isPrivateMessage: boolean,
): Refusal | undefined {
  if (!isPrivateMessage && ttl > MAX_SHOW_SECONDS / 2) {
    return refuse(41, 'show_ttl of a public message is at most 43200');
  }
  if (type === 0) return undefined;
  if (start === undefined || end === undefined) {
    return refuse(40, 'show_start_time and show_end_time are missing');
  }
  return start < end ? undefined : refuse(41, 'show_end_time is not after show_start_time');
}

function checkCallback({
  call_back_url: url,
  call_back_parameter: parameter,
}: OppoNotification): Refusal | undefined {
  if (url !== undefined && !isWebAddress(url)) {
    return refuse(41, 'call_back_url must be an http or https URL');
  }
  return url === undefined && parameter !== undefined
    ? refuse(40, 'call_back_url is missing')
    : undefined;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
}
