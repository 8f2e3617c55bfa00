import { isJsonObject, type JsonObject, jsonOf } from '../model/json-of';
import type { AbilitiesByVendor, VendorAbilities } from '../model/vendor-abilities';
import type { VendorId } from '../model/vendor-id';

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

/**
 * The app's own keys, which reach it on a click; anything but text as JSON. A name that means something to one vendor alone, such
 * as Xiaomi's `sound`, is the app's own to all others.
 */
export function customDataOf(
  { members }: PushPayload,
  vendor: VendorId,
  abilities: AbilitiesByVendor,
): Record<string, string> {
  const entries = Object.entries(members);
  if (entries.length === 0) return {};
  const wrappers = [...abilities.values()].flatMap((one) => one.members.filter(isWrapper));
  const own = abilities.get(vendor)?.members ?? [];
  const taken = new Set<string>([...COMMON_MEMBERS, ...wrappers, ...own]);
  return Object.fromEntries(
    entries
      .filter(([key, value]) => !taken.has(key) && value !== null)
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** `hwField` and its like hold a vendor's fields; Xiaomi's lie at the top level as well. */
function isWrapper(member: string): boolean {
  return /Field(V1)?$/.test(member);
}

/**
 * What a message says to one vendor, over what the app says for the message's class; undefined when neither says anything. Of
 * two ways to say something, the class's must not win because its way does: where the message has a wrapper of the vendor's,
 * the class's others do not count, and neither does inside them what the message says at the top level.
 */
export function vendorFieldsOf(
  message: JsonObject,
  classDefault: JsonObject,
  { members }: Pick<VendorAbilities, 'members'>,
): JsonObject | undefined {
  // most messages say nothing, and a vendor has up to forty members
  if (isEmpty(message) && isEmpty(classDefault)) return undefined;
  const own = pick(message, members);
  const names = Object.keys(own);
  const wraps = names.some(isWrapper);
  const under = Object.entries(pick(classDefault, members)).flatMap(([name, value]) => {
    if (!isWrapper(name)) return [[name, value] as const];
    if (wraps && !names.includes(name)) return [];
    return [[name, isJsonObject(value) ? leaveOut(value, names) : value] as const];
  });
  const fields = merge(Object.fromEntries(under), own);
  return isEmpty(fields) ? undefined : fields;
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}

function leaveOut(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function pick(object: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(
    members.filter((name) => Object.hasOwn(object, name)).map((name) => [name, object[name]]),
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

/** What makes a message one that its app shows by itself: with it, nobody knows what is shown. */
const SHOWN_BY_THE_APP = /PassThroughField$|^needNotification$/;

/** The app's own, which shows nothing and which a click needs. */
const APPS_OWN = new Set(['data', 'action_parameters', 'clientCustomMap']);

/**
 * A whole payload without what it shows, at whatever vendor: the title it gives all of them, and the texts of their fields.
 * The app's own keys stay.
 */
export function payloadWithoutTexts(members: JsonObject, abilities: AbilitiesByVendor): JsonObject {
  const { pushTitle: _shown, ...others } = members;
  const fields = pick(
    others,
    [...abilities.values()].flatMap((one) => one.members),
  );
  const left = withoutTexts(fields);
  return Object.fromEntries(
    Object.entries(others).flatMap(([name, value]) => {
      if (!Object.hasOwn(fields, name)) return [[name, value]];
      return Object.hasOwn(left, name) ? [[name, left[name]]] : [];
    }),
  );
}

/** A vendor's fields without what they show, for those who are not to see what a message says. */
export function withoutTexts(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !SHOWN.test(name) && !SHOWN_BY_THE_APP.test(name))
      .map(([name, value]) => {
        const isOpen = isJsonObject(value) && !APPS_OWN.has(name);
        return [name, isOpen ? withoutTexts(value) : value];
      }),
  );
}
