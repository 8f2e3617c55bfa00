import { exactOptional, type InferOutput, pipe, record, string } from 'valibot';
import type { JsonObject } from '../../model/json-of';
import { anyObject, knownObject, oneOf, rule, shownText, textLike, truth } from '../field-schemas';
import { givenFields, readFields } from '../given-fields';
import type { VendorPayload } from '../vendor';
import { androidNotification, imageAddress } from './android-notification';

/** https://firebase.google.com/docs/cloud-messaging/concept-options: keys of FCM's own refuse the whole message. */
export const RESERVED_KEY = /^(from$|message_type$|gcm|google)/;

const data = exactOptional(
  pipe(
    anyObject,
    record(string(), string('must be a string')),
    rule((entries) => {
      const key = Object.keys(entries).find((name) => RESERVED_KEY.test(name));
      return key === undefined ? undefined : { path: [key], message: 'is a key of FCM itself' };
    }),
  ),
);

/** https://firebase.google.com/docs/cloud-messaging/understand-delivery (checked 2026-11-24). */
const label = exactOptional(textLike(/^[A-Za-z0-9-_.~%]{1,50}$/, '1 to 50 of A-Za-z0-9 and -_.~%'));
const fcm_options = exactOptional(knownObject({ analytics_label: label }));

/** https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages (checked 2026-11-24), AndroidConfig. */
const android = knownObject({
  priority: exactOptional(oneOf('high', 'normal', 'HIGH', 'NORMAL')),
  collapse_key: exactOptional(string('must be a string')),
  data,
  notification: exactOptional(knownObject(androidNotification)),
  fcm_options,
  direct_boot_ok: exactOptional(truth),
  bandwidth_constrained_ok: exactOptional(truth),
  restricted_satellite_ok: exactOptional(truth),
});

const message = knownObject({
  // NIM's own: a message that only the app sees
  needNotification: exactOptional(truth),
  notification: exactOptional(
    knownObject({
      title: exactOptional(shownText),
      body: exactOptional(shownText),
      image: exactOptional(imageAddress),
    }),
  ),
  data,
  android: exactOptional(android),
  fcm_options,
});

/** NIM has the legacy API's fields in the v1 API's names; two have names of their own there. */
const legacy = {
  ...androidNotification,
  android_channel_id: exactOptional(string('must be a string')),
  analytics_label: label,
};

const schema = pipe(
  givenFields({
    fcmField: exactOptional(knownObject(legacy)),
    fcmFieldV1: exactOptional(
      knownObject({ validate_only: exactOptional(truth), message: exactOptional(message) }),
    ),
  }),
  rule(({ fcmField = {}, fcmFieldV1 }) => {
    const places = [
      [['fcmField'], fcmField],
      [
        ['fcmFieldV1', 'message', 'android', 'notification'],
        fcmFieldV1?.message?.android?.notification,
      ],
    ] as const;
    for (const [[first, ...rest], shown] of places) {
      const part = (['title', 'body'] as const).find(
        (name) => shown?.[`${name}_loc_args`] && !shown[`${name}_loc_key`],
      );
      if (part !== undefined) {
        return {
          path: [first, ...rest, `${part}_loc_args`],
          message: `needs ${part}_loc_key`,
        };
      }
    }
    return undefined;
  }),
);

/** What of NIM's `pushPayload` is FCM's: `fcmFieldV1`, and `fcmField` under it. */
export const payload: VendorPayload = { members: ['fcmField', 'fcmFieldV1'], schema };

/** What a notification's fields say; nothing if they are not as they should be. */
export function fieldsOf(fields: JsonObject | undefined): FcmFields {
  const { fcmField, fcmFieldV1 } = readFields(schema, fields);
  return { fcmField: fcmField ?? {}, message: fcmFieldV1?.message ?? {} };
}

/** What a message says to FCM; of the request around the v1 message nothing is used. */
export interface FcmFields {
  readonly fcmField: NonNullable<Given['fcmField']>;
  readonly message: InferOutput<typeof message>;
}

type Given = InferOutput<typeof schema>;
