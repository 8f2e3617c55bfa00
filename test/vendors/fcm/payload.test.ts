import * as fc from 'fast-check';
import { fcm } from '../../../lib/vendors/fcm';
import { createFcmSender } from '../../../lib/vendors/fcm/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { problemsOf } from '../problems-of';
import { aNotification, anFcmCertificate, aSendRequest, somePorts } from '../support';

const A_STRING = 'must be a string';
const A_TRUTH = 'must be true or false';
const A_URL = 'must be an http or https URL';
const A_TIME = 'must be a time as in 2026-01-31T08:00:00Z';
const A_LABEL = 'must be 1 to 50 of A-Za-z0-9 and -_.~%';
const LIGHTS = {
  color: { red: 1, green: 0.5, blue: 0, alpha: 1 },
  light_on_duration: '1s',
  light_off_duration: '0.5s',
};

/** Each member of an Android notification with a value FCM takes, one it does not, and why. */
const SHOWN: readonly (readonly [string, unknown, unknown, string])[] = [
  ['title', '新订单', ' ', 'must not be blank'],
  ['body', '已发货', 7, A_STRING],
  ['icon', 'ic_push', 7, A_STRING],
  ['color', '#336699', 'red', 'must be a color as in #336699'],
  ['sound', 'ding', true, A_STRING],
  ['tag', 'alice', 4, A_STRING],
  ['click_action', 'OPEN', ['OPEN'], A_STRING],
  ['body_loc_key', 'new_message', 1, A_STRING],
  ['title_loc_key', 'new_order', 1, A_STRING],
  ['channel_id', 'chat', 1, A_STRING],
  ['ticker', 'x', 1, A_STRING],
  ['sticky', true, 'true', A_TRUTH],
  ['event_time', '2026-01-31T08:00:00.123Z', '31.1.', A_TIME],
  ['event_time', '2026-01-31T08:00:00+08:00', '2026-13-01T00:00:00Z', A_TIME],
  ['local_only', false, 0, A_TRUTH],
  [
    'notification_priority',
    'PRIORITY_HIGH',
    'urgent',
    'must be one of PRIORITY_MIN, PRIORITY_LOW, PRIORITY_DEFAULT, PRIORITY_HIGH, PRIORITY_MAX',
  ],
  ['default_sound', true, 1, A_TRUTH],
  ['default_vibrate_timings', true, 1, A_TRUTH],
  ['default_light_settings', true, 1, A_TRUTH],
  ['vibrate_timings', ['0s', '0.25s'], '1s', 'must be a list'],
  ['visibility', 'PUBLIC', 'all', 'must be one of PRIVATE, PUBLIC, SECRET'],
  ['notification_count', '3', -1, 'must be a whole number of 0 to 2147483647'],
  ['light_settings', LIGHTS, 'on', 'must be an object'],
  ['image', 'https://example.com/a.png', 'a.png', A_URL],
  ['image', 'http://example.com/a%20b?c=d', 'https://example.com/图.png', A_URL],
  ['proxy', 'DENY', 'never', 'must be one of ALLOW, DENY, IF_PRIORITY_LOWERED'],
];

const inV1 = (shown: object) => ({ fcmFieldV1: { message: { android: { notification: shown } } } });

test.each(SHOWN)('%s in fcmField and in fcmFieldV1', (name, right, wrong, words) => {
  expect(problemsOf(fcm, { fcmField: { [name]: right }, ...inV1({ [name]: right }) })).toEqual([]);
  expect(problemsOf(fcm, { fcmField: { [name]: wrong } })).toEqual([`fcmField.${name} ${words}`]);
  expect(problemsOf(fcm, inV1({ [name]: wrong }))).toEqual([
    `fcmFieldV1.message.android.notification.${name} ${words}`,
  ]);
});

/** Each other member of `fcmFieldV1`, by its path. */
test.each([
  ['validate_only', true, 'yes', A_TRUTH],
  ['message.needNotification', false, 0, A_TRUTH],
  ['message.notification.title', 'x', ' ', 'must not be blank'],
  ['message.notification.body', 'x', 1, A_STRING],
  ['message.notification.image', 'https://example.com/', 'x', A_URL],
  ['message.data.k', 'v', 1, A_STRING],
  ['message.android.priority', 'HIGH', 'max', 'must be high, normal, HIGH or NORMAL'],
  ['message.android.collapse_key', 'a', 1, A_STRING],
  ['message.android.direct_boot_ok', true, 1, A_TRUTH],
  ['message.android.bandwidth_constrained_ok', true, 1, A_TRUTH],
  ['message.android.restricted_satellite_ok', true, 1, A_TRUTH],
  ['message.android.fcm_options.analytics_label', 'a-1', 'a b', A_LABEL],
  ['message.fcm_options.analytics_label', 'a'.repeat(50), 'a'.repeat(51), A_LABEL],
])('%s', (path, right, wrong, words) => {
  const field = (value: unknown) => {
    const names = path.split('.');
    return names.reduceRight((inner: unknown, name) => ({ [name]: inner }), value);
  };

  expect(problemsOf(fcm, { fcmFieldV1: field(right) })).toEqual([]);
  expect(problemsOf(fcm, { fcmFieldV1: field(wrong) })).toEqual([`fcmFieldV1.${path} ${words}`]);
});

test.each([
  ['body_loc_args needs body_loc_key', { body_loc_args: ['a'] }],
  ['title_loc_args needs title_loc_key', { title_loc_args: '["a"]' }],
  ['title_loc_args must be a list of strings', { title_loc_args: 'a', title_loc_key: 'k' }],
  ['title_loc_args.1 must be a string', { title_loc_args: ['a', 1], title_loc_key: 'k' }],
  ['vibrate_timings.1 must be a duration as in 3.5s', { vibrate_timings: ['1s', '100'] }],
  [
    'light_settings.color needs all of color, light_on_duration and light_off_duration',
    { light_settings: { color: { red: 1 } } },
  ],
  [
    'light_settings.color.red must be 0 to 1',
    { light_settings: { ...LIGHTS, color: { red: 255 } } },
  ],
])('%s', (problem, shown) => {
  expect(problemsOf(fcm, { fcmField: shown })).toEqual([`fcmField.${problem}`]);
  expect(problemsOf(fcm, inV1(shown))).toEqual([
    `fcmFieldV1.message.android.notification.${problem}`,
  ]);
});

test.each(['from', 'message_type', 'gcm', 'google_x'])("data with FCM's own key %s", (key) => {
  const data = { [key]: 'x', fromUser: 'y' };

  expect(problemsOf(fcm, { fcmFieldV1: { message: { data, android: { data } } } })).toEqual([
    `fcmFieldV1.message.data.${key} is a key of FCM itself`,
    `fcmFieldV1.message.android.data.${key} is a key of FCM itself`,
  ]);
});

test('blank and unknown members pass, and so do those that are not used', () => {
  const message = { token: 1, topic: 'x', android: { ttl: 'long', restricted_package_name: 1 } };

  expect(problemsOf(fcm, { fcmField: { icon: '', brandNew: 1 }, fcmFieldV1: { message } })).toEqual(
    [],
  );
  expect(problemsOf(fcm, { fcmField: {}, fcmFieldV1: null })).toEqual([]);
  expect(problemsOf(fcm, { fcmField: 'x' })).toEqual(['fcmField must be an object']);
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators({ ratePerSecond: { fcm: Number.POSITIVE_INFINITY } });
  });

  afterAll(() => simulators.close());

  test('any fields the schema takes come out as a request that is accepted', async () => {
    const certificate = anFcmCertificate({
      endpoint: simulators.endpoint('fcm'),
      authEndpoint: simulators.authEndpoint('fcm') ?? '',
      credentials: { ...simulators.credentials('fcm') },
      package: simulators.packageName,
    });
    const sender = createFcmSender(certificate, somePorts());
    const texts = fc.string({ unit: 'grapheme', maxLength: 600 });
    const shown = fc
      .record(
        Object.fromEntries(
          SHOWN.map(([name, right]) => [name, fc.oneof(fc.constant(right), texts, fc.nat(9))]),
        ),
        { requiredKeys: [] },
      )
      .map((members) =>
        Object.fromEntries(
          Object.entries(members).filter(
            ([name, value]) => problemsOf(fcm, { fcmField: { [name]: value } }).length === 0,
          ),
        ),
      );
    const vibrating = fc.record(
      { vibrate_timings: fc.array(fc.constant('0.123s'), { minLength: 1, maxLength: 120 }) },
      { requiredKeys: [] },
    );
    const data = fc.dictionary(texts, texts, { maxKeys: 4 });
    const fields = fc
      .tuple(shown, shown, vibrating, data, fc.boolean())
      .map(([legacy, notification, timings, own, needNotification]) => ({
        fcmField: { ...legacy, ...timings, analytics_label: 'a' },
        fcmFieldV1: { message: { needNotification, data: own, android: { notification } } },
      }))
      .filter((given) => problemsOf(fcm, given).length === 0);

    await fc.assert(
      fc.asyncProperty(fields, data, texts, async (given, custom, body) => {
        const notification = aNotification({ fields: given, data: custom, body });
        const outcomes = await sender.send(aSendRequest({ notification, tokens: ['phone-1'] }));
        expect(outcomes).toMatchObject([{ kind: 'accepted' }]);
      }),
      { numRuns: 100 },
    );
  });
});
