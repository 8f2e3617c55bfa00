import * as v from 'valibot';
import { commonControl } from '../faults';
import { tokenControl } from '../token-desk';
import type { MessageClass } from './message-rules';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const limit = v.optional(v.nullable(count));
const tokens = v.optional(v.array(v.string()));

/** What may change between requests. */
export interface VivoSettings {
  invalidUsers: Readonly<Record<string, number>>;
  illegalTokens: ReadonlySet<string>;
  testTokens: ReadonlySet<string>;
  dailyQuota: Readonly<Record<MessageClass, number | undefined>>;
  perDeviceQuota: number | undefined;
  dailyPayloads: number | undefined;
  operationalHours: 'ignored' | 'clock' | 'closed';
  contentReview: boolean;
}

/** The settings at the start and after a reset. */
export const INITIAL_SETTINGS: VivoSettings = {
  invalidUsers: {},
  illegalTokens: new Set(),
  testTokens: new Set(),
  dailyQuota: { system: undefined, operational: undefined },
  perDeviceQuota: undefined,
  dailyPayloads: undefined,
  operationalHours: 'ignored',
  contentReview: false,
};

/** What `POST /vivo/control` takes. */
export const vivoControl = v.strictObject({
  ...commonControl,
  ...tokenControl,
  /** Result code of the failures asked for with `failNext`. */
  code: v.optional(v.pipe(v.number(), v.integer())),
  /** Token → the `status` it comes back with as an invalid user. */
  invalidUsers: v.optional(v.record(v.string(), v.picklist([1, 2, 4]))),
  /** Tokens that are no registration ids: 10302 from a single push, status 1 in a list. */
  illegalTokens: tokens,
  /** Devices registered for test messages (`pushMode` 1). */
  testTokens: tokens,
  /** Messages of one day (China time), by class; null: no limit. */
  dailyQuota: v.optional(v.strictObject({ system: limit, operational: limit })),
  /** Operational messages a phone shows in one day; null: no limit. */
  perDeviceQuota: limit,
  /** Bodies that may be saved in one day; null: no limit. */
  dailyPayloads: limit,
  /** Operational messages: at all times, from 7 to 23 in China, or not at all, as in the night. */
  operationalHours: v.optional(v.picklist(['ignored', 'clock', 'closed'])),
  /** Texts a production app may not send are refused. */
  contentReview: v.optional(v.boolean()),
});

/** An order to the simulator. */
export type VivoControl = v.InferOutput<typeof vivoControl>;

/** The settings after an order; what the order leaves out stays as it is. */
export function changeSettings(settings: VivoSettings, change: VivoControl): VivoSettings {
  const { dailyQuota } = settings;
  return {
    invalidUsers: change.invalidUsers ?? settings.invalidUsers,
    illegalTokens: change.illegalTokens ? new Set(change.illegalTokens) : settings.illegalTokens,
    testTokens: change.testTokens ? new Set(change.testTokens) : settings.testTokens,
    dailyQuota: {
      system: changeLimit(dailyQuota.system, change.dailyQuota?.system),
      operational: changeLimit(dailyQuota.operational, change.dailyQuota?.operational),
    },
    perDeviceQuota: changeLimit(settings.perDeviceQuota, change.perDeviceQuota),
    dailyPayloads: changeLimit(settings.dailyPayloads, change.dailyPayloads),
    operationalHours: change.operationalHours ?? settings.operationalHours,
    contentReview: change.contentReview ?? settings.contentReview,
  };
}

function changeLimit(
  current: number | undefined,
  change: number | null | undefined,
): number | undefined {
  return change === undefined ? current : (change ?? undefined);
}
