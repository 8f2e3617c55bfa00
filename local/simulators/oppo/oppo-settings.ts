import * as v from 'valibot';
import { commonControl } from '../faults';
import { tokenControl } from '../token-desk';
import type { OppoChannels } from './channels';
import type { Region } from './registration-id';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const names = v.optional(v.array(v.string()));

/** What may change between requests. */
export interface OppoSettings {
  ipNotAllowed: boolean;
  region: Region;
  channels: OppoChannels | undefined;
  strongReminder: boolean;
  contentCharacters: number;
  dailyQuota: number | undefined;
  perDeviceQuota: number | undefined;
  uninstalledTokens: ReadonlySet<string>;
  rateCode: number;
  invalidIdCode: number;
  refuseDuplicates: boolean;
  authDataAsText: boolean;
}

/** The settings at the start and after a reset. */
export const INITIAL_SETTINGS: OppoSettings = {
  ipNotAllowed: false,
  region: 'mainland',
  channels: undefined,
  strongReminder: false,
  contentCharacters: 50,
  dailyQuota: undefined,
  perDeviceQuota: undefined,
  uninstalledTokens: new Set(),
  rateCode: 13,
  invalidIdCode: 10_000,
  refuseDuplicates: false,
  authDataAsText: false,
};

/** What `POST /oppo/control` takes. */
export const oppoControl = v.strictObject({
  ...commonControl,
  ...tokenControl,
  /** Vendor code of the failures asked for with `failNext`. */
  code: v.optional(v.pipe(v.number(), v.integer())),
  /** Everything is answered with 26. */
  ipNotAllowed: v.optional(v.boolean()),
  /** Which devices this host serves: ids of the other region are invalid. */
  region: v.optional(v.picklist(['mainland', 'overseas'])),
  /** Registered channels by id; null: channels are not looked at. */
  channels: v.optional(
    v.nullable(
      v.record(
        v.string(),
        v.strictObject({
          kind: v.picklist(['public', 'private']),
          templates: v.optional(
            v.record(v.string(), v.strictObject({ title: names, content: names })),
          ),
        }),
      ),
    ),
  ),
  /** Whether the app has the right to `notify_level` 16. */
  strongReminder: v.optional(v.boolean()),
  /** Longest `content` of style 1: 50, or 200 by another edition of the documents. */
  contentCharacters: v.optional(count),
  /** Public messages of one day (China time); null: no limit. */
  dailyQuota: v.optional(v.nullable(count)),
  /** Public messages a phone gets in one day; null: no limit. */
  perDeviceQuota: v.optional(v.nullable(count)),
  /** Ids that are taken, and turn out to be invalid on delivery, besides those that start with `gone-`. */
  uninstalledTokens: names,
  /** The code over the rate limit. */
  rateCode: v.optional(v.picklist([-2, 13, 55])),
  /** The code of an id that nobody has. */
  invalidIdCode: v.optional(v.picklist([41, 10_000])),
  /** Repeated `app_message_id`s are answered with 32 from now on. */
  refuseDuplicates: v.optional(v.boolean()),
  /** `data` of the auth call is a JSON text. */
  authDataAsText: v.optional(v.boolean()),
});

/** An order to the simulator. */
export type OppoControl = v.InferOutput<typeof oppoControl>;

/** The settings after an order; what the order leaves out stays as it is. */
export function changeSettings(settings: OppoSettings, change: OppoControl): OppoSettings {
  const { channels, dailyQuota, perDeviceQuota, uninstalledTokens } = change;
  return {
    ipNotAllowed: change.ipNotAllowed ?? settings.ipNotAllowed,
    region: change.region ?? settings.region,
    channels: channels === undefined ? settings.channels : (channels ?? undefined),
    strongReminder: change.strongReminder ?? settings.strongReminder,
    contentCharacters: change.contentCharacters ?? settings.contentCharacters,
    dailyQuota: dailyQuota === undefined ? settings.dailyQuota : (dailyQuota ?? undefined),
    perDeviceQuota:
      perDeviceQuota === undefined ? settings.perDeviceQuota : (perDeviceQuota ?? undefined),
    uninstalledTokens:
      uninstalledTokens === undefined ? settings.uninstalledTokens : new Set(uninstalledTokens),
    rateCode: change.rateCode ?? settings.rateCode,
    invalidIdCode: change.invalidIdCode ?? settings.invalidIdCode,
    refuseDuplicates: change.refuseDuplicates ?? settings.refuseDuplicates,
    authDataAsText: change.authDataAsText ?? settings.authDataAsText,
  };
}
