import { type Refusal, refuse } from './codes';
import type { OppoNotification } from './notification';

/** Names of the variables of an approved template. */
export interface OppoTemplate {
  readonly title?: readonly string[] | undefined;
  readonly content?: readonly string[] | undefined;
}

/** A channel registered in the vendor's console. */
export interface OppoChannel {
  readonly kind: 'public' | 'private';
  /** Template id → its variables. A private message needs one of these. */
  readonly templates?: Readonly<Record<string, OppoTemplate>> | undefined;
}

/** Registered channels by id. */
export type OppoChannels = Readonly<Record<string, OppoChannel>>;

/** Communication and service: rights must be applied for (OPPO open platform, doc 13189). */
const SERVICE: ReadonlySet<string> = new Set([
  'IM',
  'ACCOUNT',
  'DEVICE_REMINDER',
  'ORDER',
  'TODO',
  'SUBSCRIPTION',
]);
/** Content and marketing: limited in number (doc 13189). */
const MARKETING: ReadonlySet<string> = new Set(['NEWS', 'CONTENT', 'MARKETING', 'SOCIAL']);

/** Whether a message is free of the limits of public ones. */
export function isPrivate(
  { category, channel_id: id }: OppoNotification,
  channels: OppoChannels | undefined,
): boolean {
  if (category !== undefined) return SERVICE.has(category);
  return id !== undefined && channels?.[id]?.kind === 'private';
}

/** Class and reminder level: both from their lists, and no level without a class (doc 13189). */
export function checkCategory(
  { category, notify_level: level }: OppoNotification,
  strongReminder: boolean,
): Refusal | undefined {
  if (category !== undefined && !SERVICE.has(category) && !MARKETING.has(category)) {
    return refuse(67, `category error: ${category}`);
  }
  if (level === undefined) return undefined;
  if (category === undefined) return refuse(67, 'notify_level needs a category');
  if (level !== 1 && MARKETING.has(category)) {
    return refuse(67, `notify_level ${level} is not allowed for ${category}`);
  }
  return level === 16 && !strongReminder
    ? refuse(67, 'notify_level 16 is not allowed for the private channel')
    : undefined;
}

/** A registered channel of the right kind, and for private messages an approved template with its variables. */
export function checkChannel(
  notification: OppoNotification,
  channels: OppoChannels,
): Refusal | undefined {
  const { channel_id: id, category } = notification;
  const channel = id === undefined ? undefined : channels[id];
  if (id !== undefined && channel === undefined) return refuse(41, `channel_id: no channel ${id}`);
  const kind = channel?.kind ?? 'public';
  if (category !== undefined && SERVICE.has(category) !== (kind === 'private')) {
    return refuse(67, `category error: ${category} in a ${kind} channel`);
  }
  return kind === 'private' ? checkTemplate(notification, channel?.templates ?? {}) : undefined;
}

function checkTemplate(
  {
    private_msg_template_id: id,
    private_title_parameters: title,
    private_content_parameters: content,
  }: OppoNotification,
  templates: Readonly<Record<string, OppoTemplate>>,
): Refusal | undefined {
  if (!id) return refuse(54);
  const template = templates[id];
  if (template === undefined) return refuse(41, `private_msg_template_id: no template ${id}`);
  if (!areVariables(title, template.title)) {
    return refuse(41, 'private_title_parameters: not the variables of the template');
  }
  return areVariables(content, template.content)
    ? undefined
    : refuse(41, 'private_content_parameters: not the variables of the template');
}

function areVariables(
  given: Readonly<Record<string, string>> = {},
  names: readonly string[] = [],
): boolean {
  return (
    Object.keys(given).length === names.length && names.every((name) => given[name]?.trim() ?? '')
  );
}
