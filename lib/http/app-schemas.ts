import * as v from 'valibot';
import { PLATFORMS } from '../model/account';
import { TEXT_KEYS } from '../model/app-settings';
import { filledField, timeZoneField, ttlField, unackedField, vendorField } from './fields';

/** Body of `PATCH /v1/app`. */

const MAX_LANGUAGES = 50;
const MAX_TEXT_SETS = 100;
const MAX_CLASSES = 100;
/** As long as the `pushPayload` of a message may be. */
const MAX_PAYLOAD_CHARACTERS = 2_048;
const DAY_SECONDS = 86_400;

/** What texts must leave room for. */
const PLACEHOLDERS: Readonly<Record<string, readonly string[]>> = {
  mention: ['{text}'],
  'mention-all': ['{text}'],
  stack: ['{count}', '{text}'],
};

const languageField = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}$/, 'must be a language such as zh or zh-Hant'),
);

const textField = filledField(500);

const texts = v.pipe(
  v.record(v.picklist(TEXT_KEYS, 'is not the key of a text'), textField),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    for (const [key, value] of Object.entries(input)) {
      const missing = (PLACEHOLDERS[key] ?? []).filter((one) => !value.includes(one));
      if (missing.length === 0) continue;
      addIssue({
        message: `must contain ${missing.join(' and ')}`,
        path: [{ type: 'object', origin: 'value', input, key, value }],
      });
    }
  }),
);

function byLanguage<Value extends v.GenericSchema>(value: Value) {
  return v.pipe(
    v.record(languageField, value),
    v.maxEntries(MAX_LANGUAGES, `must have at most ${MAX_LANGUAGES} languages`),
  );
}

const classSettings = v.pipe(
  v.strictObject({
    sound: v.exactOptional(v.boolean()),
    vibration: v.exactOptional(v.boolean()),
    channelId: v.exactOptional(filledField(128)),
    collapse: v.exactOptional(v.picklist(['message', 'conversation'])),
    alertEverySeconds: v.exactOptional(wholeNumber(1, DAY_SECONDS)),
    payload: v.exactOptional(
      v.pipe(
        v.record(v.string(), v.unknown()),
        v.check(
          (payload) => JSON.stringify(payload).length <= MAX_PAYLOAD_CHARACTERS,
          `must have at most ${MAX_PAYLOAD_CHARACTERS} characters as JSON`,
        ),
        v.description('Members of pushPayload that are a vendor’s, used where a message has none'),
      ),
    ),
  }),
  v.forward(
    v.check(
      ({ collapse, alertEverySeconds }) =>
        alertEverySeconds === undefined || collapse === 'conversation',
      'is only for a class with collapse: conversation',
    ),
    ['alertEverySeconds'],
  ),
);

const hook = v.strictObject({
  url: v.pipe(
    v.string(),
    v.maxLength(512, 'must have at most 512 characters'),
    v.url('must be a URL'),
    v.description('https'),
  ),
  onFailure: v.optional(v.picklist(['send', 'drop']), 'send'),
});

const flag = v.exactOptional(v.boolean());

/** All settings but the webhook, which an app may be without. */
const settings = {
  fcmFirst: v.exactOptional(v.picklist(['never', 'outside-mainland', 'always'])),
  vendorPriority: v.exactOptional(
    v.pipe(v.array(vendorField), v.maxLength(20, 'must have at most 20 entries')),
  ),
  pushInBackground: v.exactOptional(
    v.strictObject({
      android: flag,
      ios: flag,
      harmony: flag,
      windows: flag,
      macos: flag,
      linux: flag,
      web: flag,
    }),
  ),
  multiDevice: v.exactOptional(v.picklist(['all', 'one-per-type', 'one'])),
  deviceInactiveDays: v.exactOptional(wholeNumber(1, 3_650)),
  traceLevel: v.exactOptional(v.picklist(['full', 'failures', 'off'])),
  ttlSeconds: v.exactOptional(ttlField),
  language: v.exactOptional(languageField),
  timeZone: v.exactOptional(timeZoneField),
  texts: v.exactOptional(byLanguage(texts)),
  textSets: v.exactOptional(
    v.pipe(
      v.record(filledField(64), byLanguage(textField)),
      v.maxEntries(MAX_TEXT_SETS, `must have at most ${MAX_TEXT_SETS} sets`),
    ),
  ),
  classes: v.exactOptional(
    v.pipe(
      v.record(filledField(64), classSettings),
      v.maxEntries(MAX_CLASSES, `must have at most ${MAX_CLASSES} classes`),
    ),
  ),
  invalidPayload: v.exactOptional(v.picklist(['refuse', 'strip'])),
  badge: flag,
  withdrawRead: flag,
  mergeWaiting: v.exactOptional(
    v.pipe(
      v.boolean(),
      v.description('Messages of a conversation that wait for one device become one notification'),
    ),
  ),
  quotaUsedUp: v.exactOptional(
    v.pipe(
      v.picklist(['other-channel', 'drop', 'hold']),
      v.description('What becomes of a push that a vendor has no quota left for'),
    ),
  ),
  pushIfUnackedMs: v.exactOptional(
    v.pipe(unackedField, v.description('For devices connected in the background; 0 never')),
  ),
  desktopPlatforms: v.exactOptional(
    v.pipe(
      v.array(v.picklist(PLATFORMS)),
      v.maxLength(PLATFORMS.length, `must have at most ${PLATFORMS.length} entries`),
    ),
  ),
  mode: v.exactOptional(v.picklist(['live', 'shadow', 'canary'])),
  canaryPercent: v.exactOptional(wholeNumber(0, 100)),
  nimLogoutCopy: v.exactOptional(v.picklist(['disconnect', 'logout'])),
};

/** `PATCH /v1/app`: each setting that is named is replaced whole; a `hook` of null is taken away. */
export const appSettingsBody = v.strictObject({
  ...settings,
  hook: v.exactOptional(v.nullable(hook)),
});

/** All settings of an app as they are shown. */
export const shownSettings = {
  ...v.required(v.strictObject(settings)).entries,
  hook: v.exactOptional(hook),
};

function wholeNumber(least: number, most: number) {
  return v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
}
