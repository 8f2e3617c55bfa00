import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { fetchAccessToken, postFcm } from '../calls';

let simulators: Simulators;
let accessToken: string;

beforeAll(async () => {
  simulators = await startSimulators();
  accessToken = await fetchAccessToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.fcm.reset();
  simulators.phones.clear();
});

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const long = (length: number) => 'x'.repeat(length);

/** A message to one phone with some parts changed. */
function aMessage(change: Readonly<Record<string, unknown>> = {}) {
  return { message: { token: 'tok1', notification: { title: 'Hello', body: 'World' }, ...change } };
}
const send = (body: unknown) => postFcm(simulators, accessToken, body);
const android = (change: Readonly<Record<string, unknown>>) => aMessage({ android: change });

const PARSE_ERRORS: readonly [string, unknown, string, string][] = [
  ['an unknown field', aMessage({ ttl: '1s' }), 'message', 'Unknown name "ttl" at \'message\''],
  ['an unknown field beside the message', { ...aMessage(), dry: true }, '', 'Unknown name "dry":'],
  [
    'an unknown field deep inside',
    android({ notification: { colour: 'red' } }),
    'message.android.notification',
    'Unknown name "colour"',
  ],
  [
    'a data value that is no string',
    aMessage({ data: { a: 'x', k: 12 } }),
    'message.data[1].value',
    "Invalid value at 'message.data[1].value' (TYPE_STRING), 12",
  ],
  [
    'a title that is no string',
    aMessage({ notification: { title: 1 } }),
    'message.notification.title',
    '(TYPE_STRING), 1',
  ],
  ['a ttl that is a number', android({ ttl: 3_600 }), 'message.android.ttl', 'message.android.ttl'],
  ['a ttl without s', android({ ttl: '3600' }), 'message.android.ttl', 'protobuf.Duration'],
  ['a negative ttl', android({ ttl: '-1s' }), 'message.android.ttl', 'protobuf.Duration'],
  [
    'a ttl over four weeks',
    android({ ttl: '2419201s' }),
    'message.android.ttl',
    'protobuf.Duration',
  ],
  [
    'an unknown priority',
    android({ priority: 'urgent' }),
    'message.android.priority',
    '(TYPE_ENUM), "urgent"',
  ],
  [
    'an unknown notification priority',
    android({ notification: { notification_priority: 'high' } }),
    'message.android.notification.notification_priority',
    'TYPE_ENUM',
  ],
  [
    'a count that is no integer',
    android({ notification: { notification_count: 1.5 } }),
    'message.android.notification.notification_count',
    'TYPE_INT32',
  ],
  [
    'a bad vibration time',
    android({ notification: { vibrate_timings: ['1s', '2'] } }),
    'message.android.notification.vibrate_timings[1]',
    'protobuf.Duration',
  ],
  [
    'two targets',
    aMessage({ topic: 'news' }),
    'message',
    "oneof field 'target' is already set. Cannot set 'topic'",
  ],
];

test.each(PARSE_ERRORS)('%s is refused with a BadRequest', async (_, body, field, description) => {
  const { status, json } = await send(body);
  expect(status).toBe(400);
  expect(json).toMatchObject({
    error: {
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining(description),
      details: [
        {
          '@type': BAD_REQUEST,
          fieldViolations: [{ field, description: expect.stringContaining(description) }],
        },
      ],
    },
  });
  expect(simulators.phones.totals().arrivals).toBe(0);
});

test('all that is wrong with a body is told at once', async () => {
  const { json } = await send(aMessage({ data: { a: 1, b: 2 } }));
  expect(JSON.stringify(json).match(/"field"/g)).toHaveLength(2);
});

const RULE_ERRORS: readonly [string, unknown, string][] = [
  ['no target', { message: { notification: { title: 'Hello' } } }, 'message'],
  ['the reserved key from', aMessage({ data: { from: 'x' } }), 'message.data[0].key'],
  [
    'a key that begins with google',
    aMessage({ data: { a: '', 'google.x': '' } }),
    'message.data[1].key',
  ],
  ['a key that begins with gcm', android({ data: { gcm_id: 'x' } }), 'message.android.data[0].key'],
  [
    'another package',
    android({ restricted_package_name: 'com.other' }),
    'message.android.restricted_package_name',
  ],
  [
    'data over 4096 bytes',
    aMessage({ notification: null, data: { k: '字'.repeat(1_366) } }),
    'message',
  ],
  ['a notification over 4096 bytes', aMessage({ notification: { body: long(4_093) } }), 'message'],
  [
    'a topic message over 2048 bytes',
    { message: { topic: 'news', data: { k: long(2_048) } } },
    'message',
  ],
];

test.each(RULE_ERRORS)('%s is refused as INVALID_ARGUMENT', async (_, body, field) => {
  const { status, json } = await send(body);
  expect(status).toBe(400);
  expect(json).toMatchObject({
    error: {
      status: 'INVALID_ARGUMENT',
      details: [
        { '@type': FCM_ERROR, errorCode: 'INVALID_ARGUMENT' },
        { '@type': BAD_REQUEST, fieldViolations: [{ field }] },
      ],
    },
  });
});

test.each([
  ['data of 4096 bytes', aMessage({ notification: null, data: { k: long(4_095) } })],
  ['four weeks to live', android({ ttl: '2419200s' })],
  ['now or never', android({ ttl: '0s' })],
  ['fractions of a second', android({ ttl: '1.500000000s' })],
  ['priority in capitals', android({ priority: 'HIGH' })],
  ['the app’s package', android({ restricted_package_name: 'com.example.chat' })],
  ['nulls for absent fields', android({ ttl: null, notification: null })],
  ['a topic', { message: { topic: 'news', data: { k: 'v' } } }],
  [
    'parts for other platforms',
    aMessage({
      apns: { headers: { 'apns-priority': '10' }, payload: { aps: { badge: 1 } } },
      webpush: { notification: { title: 'x' }, fcm_options: { link: 'https://example.com' } },
    }),
  ],
])('%s is accepted', async (_, body) => {
  expect((await send(body)).status).toBe(200);
});
