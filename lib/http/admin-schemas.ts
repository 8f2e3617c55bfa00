import * as v from 'valibot';
import { timeOfDayField } from './account-schemas';
import { filledField, timeZoneField, vendorField } from './fields';

const url = v.pipe(
  v.string(),
  v.maxLength(512, 'must have at most 512 characters'),
  v.url('must be a URL'),
);
const endpoint = v.union([url, v.record(filledField(64), url)], 'must be a URL or URLs by region');

/** Template variable → text in which `{nick}`, `{content}` and `{conversation}` stand for parts of the message. */
const templateParameters = v.pipe(
  v.record(filledField(64), filledField(256)),
  v.maxEntries(9, 'must have at most 9 variables'),
);

function wholeNumber(least: number, most: number) {
  return v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
}

/** The names are the vendor's, which are checked with its other facts. */
function byQuotaClass<const Value extends v.GenericSchema>(value: Value, description: string) {
  return v.exactOptional(v.pipe(v.record(filledField(64), value), v.description(description)));
}

/** `PUT /v1/certificates/{name}`; the credentials themselves are checked by their vendor's schema. */
export const certificateBody = v.strictObject({
  vendor: vendorField,
  credentials: v.record(v.string(), v.unknown()),
  package: v.exactOptional(filledField(256)),
  endpoint: v.exactOptional(endpoint),
  authEndpoint: v.exactOptional(endpoint),
  limits: v.exactOptional(
    v.strictObject({
      ratePerSecond: v.exactOptional(wholeNumber(1, 100_000)),
      dailyTotals: byQuotaClass(
        wholeNumber(0, 1_000_000_000),
        'Messages a day, by the vendor’s class of messages',
      ),
      perDeviceDaily: byQuotaClass(
        wholeNumber(0, 100_000),
        'Messages a day for one device, by the vendor’s class of messages',
      ),
      quietHours: byQuotaClass(
        v.strictObject({
          from: timeOfDayField,
          to: timeOfDayField,
          timeZone: v.exactOptional(timeZoneField),
        }),
        'When the vendor takes none, by its class of messages; 00:00 to 00:00 is never',
      ),
    }),
  ),
  classes: v.exactOptional(
    v.record(
      filledField(64),
      v.strictObject({
        channelId: v.exactOptional(filledField(128)),
        templateId: v.exactOptional(filledField(128)),
        category: v.exactOptional(filledField(64)),
        templateParameters: v.exactOptional(templateParameters),
        titleParameters: v.exactOptional(templateParameters),
        notifyLevel: v.exactOptional(v.pipe(v.number(), v.integer('must be a whole number'))),
        importance: v.exactOptional(v.picklist(['low', 'normal'])),
        launcherActivity: v.exactOptional(filledField(256)),
        instantMessaging: v.exactOptional(v.boolean()),
      }),
    ),
  ),
  receipts: v.exactOptional(
    v.strictObject({ secret: filledField(256), user: v.exactOptional(filledField(128)) }),
  ),
});

/** `PUT /v1/certificates/{name}?verify=`: `true` asks the vendor before anything is stored. */
export const verifyQuery = v.optional(v.picklist(['true', 'false']));
