import { isJsonObject, type JsonObject, jsonOf } from '../model/json-of';
import type { VendorAbilities } from '../model/vendor-abilities';

/** A message's `pushPayload` by what its members are for. */
export interface PushPayload {
  readonly title?: string;
  /** A later push with the same one overwrites the earlier. */
  readonly notifyId?: number;
  /** All members, as they came. */
  readonly members: JsonObject;
}

/** What NIM says of all vendors alike; everything else at the top level is a vendor's, or the app's own. */
const COMMON_MEMBERS = ['pushTitle', 'notifyId', 'pushkitFirst'] as const;

/** The largest notification id every vendor takes. */
export const MAX_NOTIFY_ID = 2 ** 31 - 1;

/** Reads a payload that was checked when its message was accepted; one that is broken all the same says nothing. */
export function readPayload(text: string | undefined): PushPayload {
  const value = text === undefined ? undefined : jsonOf(text);
  if (!isJsonObject(value)) return { members: {} };
  const { pushTitle, notifyId } = value;
  return {
    members: value,
    ...(typeof pushTitle === 'string' && pushTitle !== '' ? { title: pushTitle } : {}),
    ...(isNotifyId(notifyId) ? { notifyId } : {}),
  };
}

/** Whether every vendor takes this notification id. */
export function isNotifyId(value: unknown): value is number {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_NOTIFY_ID
  );
}

/** The app's own keys, which reach it on a click; anything but text as JSON. */
export function customDataOf(
  { members }: PushPayload,
  vendors: Iterable<VendorAbilities>,
): Record<string, string> {
  const taken = new Set<string>(COMMON_MEMBERS);
  for (const vendor of vendors) {
    for (const member of vendor.members) taken.add(member);
  }
  return Object.fromEntries(
    Object.entries(members)
      .filter(([key, value]) => !taken.has(key) && value !== null)
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** What a message says to one vendor, over what the app says for the message's class; undefined when neither says anything. */
export function vendorFieldsOf(
  message: JsonObject,
  classDefault: JsonObject,
  { members }: VendorAbilities,
): JsonObject | undefined {
  const own = pick(message, members);
  const fields = merge(pick(classDefault, members), own);
  return Object.keys(fields).length === 0 ? undefined : fields;
}

function pick(object: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(
    members.flatMap((name) => (Object.hasOwn(object, name) ? [[name, object[name]]] : [])),
  );
}

/** `over` wins; objects are merged member by member, anything else is taken whole. */
function merge(under: JsonObject, over: JsonObject): JsonObject {
  const merged = new Map<string, unknown>(Object.entries(under));
  for (const [name, value] of Object.entries(over)) {
    const below = merged.get(name);
    merged.set(name, isJsonObject(below) && isJsonObject(value) ? merge(below, value) : value);
  }
  return Object.fromEntries(merged);
}

/**
 * Members by which the vendors name what is shown, and what is of no use without it: a style wants its own text, a template
 * its values. Sources: the payload schemas of the vendors.
 */
const SHOWN =
  /^(title|subtitle|sub_title|body|content|description|ticker|alert|image|style|buttons|(title|body)_loc_(key|args)|multi_lang_key|notify_summary|big_?(title|body)|inbox_?content|(big|small)_picture_id|noticeExpandInfo|template_(id|param)|private_(msg_template_id|(title|content)_parameters)|notification_(style_\w+|bigPic_uri|large_icon_uri)|(background|big)(Img|Icon)Url)$/i;

/** A vendor's fields without what they show, for those who are not to see what a message says. */
export function withoutTexts(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !SHOWN.test(name))
      .map(([name, value]) => [name, isJsonObject(value) ? withoutTexts(value) : value]),
  );
}
