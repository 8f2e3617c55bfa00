import * as v from 'valibot';
import { MUTES } from '../model/account';
import { textField, timeField, timeZoneField } from './fields';

/** Bodies of calls about what users set. Null takes a setting back. Fields we do not know are ignored and listed. */
const YEAR_SECONDS = 31_536_000;

/** `HH:mm`. */
export const timeOfDayField = v.pipe(
  v.string(),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day from 00:00 to 23:59'),
);

const durationField = v.pipe(
  v.number(),
  v.integer('must be whole seconds'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(YEAR_SECONDS, `must be at most ${YEAR_SECONDS}`),
  v.description('Instead of until: for so long from now'),
);

const windowField = v.pipe(
  v.object({
    from: v.pipe(timeOfDayField, v.description('HH:mm, included')),
    to: v.pipe(timeOfDayField, v.description('HH:mm, not included; before from: the day after')),
    timeZone: v.nullish(
      v.pipe(timeZoneField, v.description('If absent that of the device, else of the app')),
    ),
  }),
  v.transform(({ timeZone, ...times }) => (timeZone ? { ...times, timeZone } : times)),
  v.description('Every day; all of it where from and to are the same, but none at 00:00'),
);

const doNotDisturbField = v.pipe(
  v.object({
    window: v.nullish(windowField),
    until: v.nullish(v.pipe(timeField, v.description('Once, until then'))),
    durationSeconds: v.nullish(durationField),
  }),
  v.forward(
    v.check(
      ({ until, durationSeconds }) => typeof until !== 'number' || durationSeconds == null,
      'cannot be given together with until',
    ),
    ['durationSeconds'],
  ),
);

const userSettings = {
  showDetail: v.nullish(v.pipe(v.boolean(), v.description('false hides who writes, and what'))),
  doNotDisturb: v.nullish(doNotDisturbField),
};

/** `PATCH /v1/accounts/{accountId}/devices/{deviceId}`; settings win over the account's, null gives way to them. */
export const changeDeviceBody = v.object({
  pushEnabled: v.optional(v.boolean()),
  ...userSettings,
  locale: v.nullish(textField(64)),
  timeZone: v.nullish(timeZoneField),
  textSet: v.nullish(textField(64)),
});

/**
 * `PATCH /v1/accounts/{accountId}`. Whether mobiles are pushed to while a desktop is online has two names in NIM: that
 * of V2's servers (`PATCH /im/v2/accounts/{id}/actions/push_config`) and, with the contrary meaning, that of V1's
 * (`/user/setDonnop.action`: https://github.com/netease-im/yunxin-server-sdk-java).
 */
export const changeAccountBody = v.pipe(
  v.object({
    pushEnabled: v.nullish(v.boolean()),
    ...userSettings,
    pushWhenDesktopOnline: v.nullish(v.boolean()),
    push_enabled_when_desktop_online: v.optional(
      v.pipe(v.boolean(), v.description('V2 for pushWhenDesktopOnline')),
    ),
    donnopOpen: v.optional(
      v.pipe(v.boolean(), v.description('V1 for the contrary of pushWhenDesktopOnline')),
    ),
    locale: v.nullish(textField(64)),
    blocked: v.optional(v.pipe(v.boolean(), v.description('By a server only'))),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value } = dataset;
    const given = DESKTOP_SPELLINGS.filter((key) => value[key] !== undefined);
    for (const key of given.slice(1)) {
      addIssue({
        message: `cannot be given together with ${given[0]}`,
        path: [{ type: 'object', origin: 'value', input: value, key, value: value[key] }],
      });
    }
  }),
  v.transform(({ push_enabled_when_desktop_online: inV2, donnopOpen, ...change }) => {
    const pushWhenDesktopOnline = inV2 ?? (donnopOpen === undefined ? undefined : !donnopOpen);
    return pushWhenDesktopOnline === undefined ? change : { ...change, pushWhenDesktopOnline };
  }),
);

const DESKTOP_SPELLINGS = [
  'pushWhenDesktopOnline',
  'push_enabled_when_desktop_online',
  'donnopOpen',
] as const;

/** NIM's numbers: off, on, on for messages of ordinary members only. */
const NIM_MUTES = { 0: null, 1: 'all', 2: 'except-managers' } as const;

/** `PUT /v1/accounts/{accountId}/mutes/{conversationId}`; null is no mute. */
export const muteBody = v.object({
  mute: v.optional(
    v.union(
      [
        v.picklist(MUTES),
        v.pipe(
          v.picklist([0, 1, 2]),
          v.transform((number) => NIM_MUTES[number]),
        ),
      ],
      `must be ${MUTES.join(', ')}, or NIM's 0, 1 or 2`,
    ),
    'all',
  ),
});
