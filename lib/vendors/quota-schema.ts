import {
  array,
  exactOptional,
  integer,
  isoDate,
  literal,
  minValue,
  nonEmpty,
  number,
  picklist,
  pipe,
  record,
  regex,
  strictObject,
  string,
  union,
  url,
} from 'valibot';

const count = pipe(number(), integer(), minValue(1));
const timeOfDay = pipe(string(), regex(/^([01]\d|2[0-3]):[0-5]\d$/));

const perRegisteredDevice = strictObject({
  perRegisteredDevice: count,
  atLeast: exactOptional(count),
});

const deviceRate = union([
  strictObject({ limit: count, seconds: count }),
  strictObject({ burst: count, refillSeconds: count }),
]);

const classQuota = strictObject({
  dailyTotal: exactOptional(union([count, perRegisteredDevice])),
  perDeviceDaily: exactOptional(count),
  onlyIfStated: exactOptional(literal(true)),
  quietHours: exactOptional(strictObject({ from: timeOfDay, to: timeOfDay })),
  deviceRates: exactOptional(pipe(array(deviceRate), nonEmpty())),
  source: pipe(string(), url()),
  checkedOn: pipe(string(), isoDate()),
});

/** `quotas` of a vendor's `limits.json`; quiet hours are in its time zone. */
export const quotasSchema = strictObject({
  timeZone: pipe(string(), nonEmpty()),
  counts: picklist(['accepted', 'requests']),
  classes: record(pipe(string(), regex(/^[a-z-]+$/)), classQuota),
});
