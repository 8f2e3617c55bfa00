import { check, exactOptional, type InferOutput, pipe, record, string } from 'valibot';
import type { JsonObject } from '../../model/json-of';
import {
  anyObject,
  type FieldProblem,
  objectOrItsText,
  oneOf,
  oneOfNumbers,
  openObject,
  rule,
  shownText,
  text,
  truth,
  wholeNumber,
} from '../field-schemas';
import { givenFields, readFields } from '../given-fields';
import { readLimits, type VendorPayload } from '../vendor';
import { COMMUNICATION_AND_SERVICE, CONTENT_AND_MARKETING, isRestricted } from './categories';
import limitsJson from './limits.json' with { type: 'json' };

const { payloadBytes: PARAMETERS_CHARACTERS } = readLimits(limitsJson);
/** Seconds a private message may stay in the tray; a public one half of it. */
export const SHOW_SECONDS = 86_400;

const anyText = exactOptional(text());
const milliseconds = exactOptional(wholeNumber(1_000_000_000_000, 9_999_999_999_999));
const int32 = exactOptional(wholeNumber(-(2 ** 31), 2 ** 31 - 1));
const parameters = exactOptional(
  pipe(anyObject, record(string(), shownText, 'must be an object of strings')),
);

/**
 * The notification of a unicast: https://open.oppomobile.com/new/developmentDoc/info?id=11236; where lengths differ, those of the
 * official Java SDK. The names of the badge's members are in that SDK (opush-server-sdk 1.1.0), what they mean in Jiguang's
 * documents, as quoted by github.com/cavlabs/jiguang-sdk-go (2025-07). Numbers may come as texts, as in NIM's own sample.
 */
const notification = openObject({
  title: exactOptional(shownText),
  content: exactOptional(shownText),
  sub_title: exactOptional(text(10)),
  // 3, a big picture, is for broadcasts
  style: exactOptional(oneOfNumbers(1, 2)),
  big_picture_id: anyText,
  small_picture_id: anyText,
  click_action_type: exactOptional(oneOfNumbers(0, 1, 2, 4, 5)),
  click_action_activity: exactOptional(text(500)),
  click_action_url: exactOptional(text(500)),
  action_parameters: exactOptional(
    pipe(
      objectOrItsText,
      check(
        (value) => JSON.stringify(value).length <= PARAMETERS_CHARACTERS,
        `must have at most ${PARAMETERS_CHARACTERS} characters`,
      ),
    ),
  ),
  show_time_type: exactOptional(oneOfNumbers(0, 1)),
  show_start_time: milliseconds,
  show_end_time: milliseconds,
  show_ttl: exactOptional(wholeNumber(0, SHOW_SECONDS)),
  off_line: exactOptional(truth),
  off_line_ttl: exactOptional(wholeNumber(1, 2 ** 31 - 1)),
  push_time_type: exactOptional(oneOfNumbers(0)),
  network_type: exactOptional(oneOfNumbers(0, 1)),
  channel_id: anyText,
  category: exactOptional(oneOf(...COMMUNICATION_AND_SERVICE, ...CONTENT_AND_MARKETING)),
  notify_level: exactOptional(oneOfNumbers(1, 2, 16)),
  notify_id: int32,
  private_msg_template_id: anyText,
  private_title_parameters: parameters,
  private_content_parameters: parameters,
  badge_operation_type: exactOptional(oneOfNumbers(0, 1)),
  badge_message_count: exactOptional(wholeNumber(0, 2 ** 31 - 1)),
});

const schema = givenFields({ oppoField: exactOptional(pipe(notification, rule(problemOf))) });

/** What of NIM's `pushPayload` is OPPO's (doc.yunxin.163.com, "推送 payload 配置"): `oppoField`, its notification. */
export const payload: VendorPayload = { members: ['oppoField'], schema };

/** A message's own wishes in OPPO's terms. */
export type OppoFields = InferOutput<typeof notification>;

/** What a notification's fields say; nothing if they are not as they should be. */
export function fieldsOf(fields: JsonObject | undefined): OppoFields {
  return readFields(schema, fields).oppoField ?? {};
}

/** What only several members together show. */
function problemOf(fields: OppoFields): FieldProblem | undefined {
  return clickProblem(fields) ?? timeProblem(fields) ?? levelProblem(fields);
}

function clickProblem(fields: OppoFields): FieldProblem | undefined {
  const { click_action_type: type, click_action_activity, click_action_url: url } = fields;
  const path = ['click_action_type'] as const;
  if ((type === 1 || type === 4) && !click_action_activity) {
    return { path, message: 'needs click_action_activity' };
  }
  if ((type === 2 || type === 5) && !url) return { path, message: 'needs click_action_url' };
  const isWebAddress = /^https?:\/\/\S+$/.test(url ?? '') && URL.canParse(url ?? '');
  return type === 2 && !isWebAddress
    ? { path: ['click_action_url'], message: 'must be an http or https URL' }
    : undefined;
}

function timeProblem(fields: OppoFields): FieldProblem | undefined {
  const { show_time_type, show_start_time: start, show_end_time: end } = fields;
  if (show_time_type !== 1) return undefined;
  if (start === undefined || end === undefined) {
    return { path: ['show_time_type'], message: 'needs show_start_time and show_end_time' };
  }
  return start < end
    ? undefined
    : { path: ['show_end_time'], message: 'must be after show_start_time' };
}

/** 67: https://open.oppomobile.com/new/developmentDoc/info?id=13189. */
function levelProblem({ category, notify_level }: OppoFields): FieldProblem | undefined {
  const isLoud = notify_level === 2 || notify_level === 16;
  return isLoud && category !== undefined && isRestricted(category)
    ? { path: ['notify_level'], message: 'must be 1 with a category of content and marketing' }
    : undefined;
}
