import * as v from 'valibot';

const text = v.pipe(v.string(), v.nonEmpty());
const upTo = (length: number) => v.pipe(text, v.maxLength(length));
const integer = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const milliseconds = integer(1_000_000_000_000, 9_999_999_999_999);
const variables = v.record(v.string(), v.string());

/** Longest `show_ttl` of a private message; a public one has half of it. */
export const MAX_SHOW_SECONDS = 86_400;

/**
 * A notification as unicast takes it, by its wire names. Lengths count UTF-16 units, as the official Java SDK
 * does. Source: OPPO open platform, doc 11236 (notification body) and 11239 (receipts); where the SDK's
 * limit is the lower one, that is taken.
 */
const notification = v.strictObject({
  app_message_id: v.optional(text),
  // big pictures (3) are for broadcasts
  style: v.optional(v.picklist([1, 2])),
  big_picture_id: v.optional(text),
  small_picture_id: v.optional(text),
  title: upTo(50),
  sub_title: v.optional(upTo(10)),
  content: text,
  click_action_type: v.optional(v.picklist([0, 1, 2, 4, 5])),
  click_action_activity: v.optional(upTo(500)),
  click_action_url: v.optional(upTo(500)),
  action_parameters: v.optional(upTo(4_000)),
  show_time_type: v.optional(v.picklist([0, 1])),
  show_start_time: v.optional(milliseconds),
  show_end_time: v.optional(milliseconds),
  off_line: v.optional(v.boolean()),
  // more than 10 days is cut to that
  off_line_ttl: v.optional(integer(1, 2_147_483_647)),
  // timed pushes and fixed speeds are for broadcasts
  push_time_type: v.optional(v.literal(0)),
  fix_speed: v.optional(v.literal(false)),
  network_type: v.optional(v.picklist([0, 1])),
  call_back_url: v.optional(upTo(200)),
  call_back_parameter: v.optional(upTo(50)),
  channel_id: v.optional(text),
  show_ttl: v.optional(integer(0, MAX_SHOW_SECONDS)),
  notify_id: v.optional(integer(-2_147_483_648, 2_147_483_647)),
  category: v.optional(v.string()),
  notify_level: v.optional(v.picklist([1, 2, 16])),
  private_msg_template_id: v.optional(v.string()),
  private_title_parameters: v.optional(variables),
  private_content_parameters: v.optional(variables),
  // in the SDK (1.1.0) alone: 0 puts the number in the old one's place, 1 adds
  badge_operation_type: v.optional(v.picklist([0, 1])),
  badge_message_count: v.optional(integer(0, 2_147_483_647)),
  auditResponse: v.optional(v.unknown()),
});

/** One message: a target and what it gets (doc 11238). */
export const oppoMessage = v.strictObject({
  // 5 is an alias, which no simulated phone has
  target_type: v.literal(2),
  target_value: v.pipe(v.string(), v.regex(/^[^\s;,]+$/)),
  notification,
  verify_registration_id: v.optional(v.boolean()),
});

/** A message whose fields are right. */
export type OppoMessage = v.InferOutput<typeof oppoMessage>;
/** What a message shows and does. */
export type OppoNotification = OppoMessage['notification'];
