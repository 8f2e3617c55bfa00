import { safeParse } from 'valibot';
import type { App } from '../model/app-settings';
import { type FieldError, Refusal } from '../model/errors';
import { isJsonObject, type JsonObject } from '../model/json-of';
import type { MessageEvent } from '../model/message-event';
import type { AbilitiesByVendor } from '../model/vendor-abilities';
import { entryOf } from '../rules/entry-of';
import { isNotifyId, readPayload, vendorFieldsOf } from '../rules/push-payload';
import { classSettingsOf, messageClassOf } from '../rules/render-notification';
import { payloads, type VendorMessages } from '../vendors/payloads';

const VENDORS: readonly VendorMessages[] = Object.values(payloads);

/** What deciding and rendering have to know of each vendor in the registry. */
export const ABILITIES: AbilitiesByVendor = new Map(
  VENDORS.map(({ id, payload, badge, withdraws }) => [
    id,
    { members: payload.members, badge, withdraws },
  ]),
);

/** A message as it goes on, and what was left out of it. */
export interface CheckedMessage {
  /** As it was sent; a repeat is known by it. */
  readonly sent: MessageEvent;
  readonly event: MessageEvent;
  readonly warnings: readonly string[];
}

/** NIM's number for wrong parameters. */
const PARAMETER_ERROR = 414;
const PAYLOAD_PATH = 'pushConfig.pushPayload';

/**
 * Finds what some vendor would refuse before anything is stored. Throws `Refusal` 400 with each field's path, or, where
 * the app says `strip`, goes on without those fields and with a warning for each.
 */
export function checkPayloads(events: readonly MessageEvent[], app: App): CheckedMessage[] {
  const refused: FieldError[] = [];
  const checked = events.map((sent, index): CheckedMessage => {
    const prefix = events.length > 1 ? `messages[${index}].` : '';
    const name = sent.pushConfig.messageClass;
    if (name !== undefined && !isClassOf(name, app)) {
      const path = `${prefix}pushConfig.messageClass`;
      refused.push({ path, message: 'is not a class of this app', code: PARAMETER_ERROR });
    }
    const problems = problemsOf(sent, app);
    if (problems.length === 0) return { sent, event: sent, warnings: [] };
    if (app.settings.invalidPayload === 'refuse') {
      refused.push(
        ...problems.map(({ path, message }) => ({
          path: [`${prefix}${PAYLOAD_PATH}`, ...path].join('.'),
          message,
          code: PARAMETER_ERROR,
        })),
      );
    }
    return stripped(sent, problems, app);
  });
  if (refused.length > 0) {
    throw new Refusal(400, 'the request has invalid fields', refused);
  }
  return checked;
}

/**
 * What is wrong with an app's own payload for a class: what some vendor would refuse, and what is no vendor's, for that
 * would be used nowhere. Paths begin with the member.
 */
export function problemsOfPayload(payload: JsonObject): readonly PayloadProblem[] {
  const known = new Set([...ABILITIES.values()].flatMap(({ members }) => members));
  const others = Object.keys(payload)
    .filter((name) => !known.has(name))
    .map((name) => ({ path: [name], message: 'is not a field of any vendor' }));
  const ofVendors = VENDORS.flatMap((vendor) => {
    const fields = vendorFieldsOf(payload, {}, vendor.payload);
    return fields === undefined ? [] : issuesOf(vendor, fields);
  });
  return [...others, ...ofVendors];
}

/** Where in a payload something is wrong, and what. */
export interface PayloadProblem {
  readonly path: readonly string[];
  readonly message: string;
}

function problemsOf(event: MessageEvent, app: App): readonly PayloadProblem[] {
  const { members } = readPayload(event.pushConfig.pushPayload);
  if (Object.keys(members).length === 0) return [];
  const { payload: ofClass = {} } = classSettingsOf(messageClassOf(event), app.settings);
  const ofVendors = VENDORS.flatMap((vendor) => {
    const says = vendor.payload.members.some((name) => Object.hasOwn(members, name));
    const ability = ABILITIES.get(vendor.id);
    // what the app says of the class alone was checked when it was set
    const fields = says && ability ? vendorFieldsOf(members, ofClass, ability) : undefined;
    return fields === undefined ? [] : issuesOf(vendor, fields);
  });
  return [...commonProblems(members), ...ofVendors];
}

function commonProblems({ pushTitle, notifyId, pushkitFirst }: JsonObject): PayloadProblem[] {
  const problems: PayloadProblem[] = [];
  if (pushTitle !== undefined && typeof pushTitle !== 'string') {
    problems.push({ path: ['pushTitle'], message: 'must be a string' });
  }
  if (notifyId !== undefined && !isNotifyId(notifyId)) {
    problems.push({ path: ['notifyId'], message: 'must be a whole number of 1 to 2147483647' });
  }
  if (pushkitFirst !== undefined && typeof pushkitFirst !== 'boolean') {
    problems.push({ path: ['pushkitFirst'], message: 'must be true or false' });
  }
  return problems;
}

function issuesOf({ payload: { schema } }: VendorMessages, fields: JsonObject): PayloadProblem[] {
  const result = safeParse(schema, fields);
  if (result.success) return [];
  return result.issues.map((issue) => ({
    path: (issue.path ?? []).map(({ key }) => String(key)),
    // the library's own words repeat the value
    message: issue.message.startsWith('Invalid ')
      ? `must be ${issue.expected ?? issue.type}`
      : issue.message,
  }));
}

/** The message without what is wrong; a member that is wrong all the same goes whole. */
function stripped(
  sent: MessageEvent,
  problems: readonly PayloadProblem[],
  app: App,
): CheckedMessage {
  const { members } = readPayload(sent.pushConfig.pushPayload);
  const cut = problems.reduce((object, { path }) => without(object, path), members);
  const once = withPayload(sent, cut);
  const left = problemsOf(once, app).map(({ path }) => path.slice(0, 1));
  const event = withPayload(
    sent,
    left.reduce((object, path) => without(object, path), cut),
  );
  const warnings = problems.map(
    ({ path, message }) => `${[PAYLOAD_PATH, ...path].join('.')} ${message}; it was left out`,
  );
  return { sent, event, warnings };
}

function withPayload(event: MessageEvent, members: JsonObject): MessageEvent {
  return {
    ...event,
    pushConfig: { ...event.pushConfig, pushPayload: JSON.stringify(members) },
  };
}

function without(object: JsonObject, [first, ...rest]: readonly string[]): JsonObject {
  if (first === undefined || !Object.hasOwn(object, first)) return object;
  const below = object[first];
  if (rest.length > 0 && isJsonObject(below)) {
    return { ...object, [first]: without(below, rest) };
  }
  const { [first]: _leaves, ...others } = object;
  return others;
}

/** A class is known where the app or one of its certificates says something of it, or we do. */
function isClassOf(name: string, { settings, certificates }: App): boolean {
  return (
    ['im', 'call'].includes(name) ||
    Object.keys(classSettingsOf(name, settings)).length > 0 ||
    entryOf(settings.classes, name) !== undefined ||
    Object.values(certificates).some(({ classes = {} }) => entryOf(classes, name) !== undefined)
  );
}
