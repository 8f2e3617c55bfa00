import * as v from 'valibot';
import { MUTES } from '../model/account';

/** Answers about what users set, for the description of the API. */
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const warnings = v.optional(v.array(v.string()));
const mute = v.picklist(MUTES);

const doNotDisturb = v.strictObject({
  window: v.optional(
    v.strictObject({ from: v.string(), to: v.string(), timeZone: v.optional(v.string()) }),
  ),
  until: v.optional(count),
});

/** What differs from the account's settings. */
const deviceSettings = v.strictObject({
  showDetail: v.optional(v.boolean()),
  doNotDisturb: v.optional(doNotDisturb),
});

const accountSettings = v.strictObject({
  pushEnabled: v.boolean(),
  showDetail: v.boolean(),
  doNotDisturb: v.optional(doNotDisturb),
  pushWhenDesktopOnline: v.boolean(),
  locale: v.optional(v.string()),
});

/** What an account's view shows of a device's settings. */
export const shownOfDevice = {
  settings: deviceSettings,
  badge: v.optional(v.strictObject({ value: count, since: count })),
};

/** What an account's view shows of the account's own settings. */
export const shownOfAccount = {
  settings: accountSettings,
  blocked: v.boolean(),
  mutes: v.record(v.string(), mute),
  hasMoreMutes: v.pipe(v.boolean(), v.description('There are mutes that are not shown')),
};

export const changedDevice = v.strictObject({
  pushEnabled: v.boolean(),
  settings: deviceSettings,
  warnings,
});

export const changedAccount = v.strictObject({
  settings: accountSettings,
  blocked: v.boolean(),
  warnings,
});

export const mutedConversation = v.strictObject({
  conversationId: v.string(),
  mute: v.nullable(mute),
  warnings,
});
