import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { ApnsClient, DEVICE, PAYLOAD } from './calls';

let simulators: Simulators;
let apns: ApnsClient;

beforeAll(async () => {
  simulators = await startSimulators();
  apns = new ApnsClient(simulators);
});
afterAll(async () => {
  await apns.close();
  await simulators.close();
});
beforeEach(() => {
  simulators.apns.reset();
  simulators.phones.clear();
});

const TOPIC = 'com.example.chat';
const BACKGROUND = { 'apns-push-type': 'background', 'apns-priority': '5' };
const WAKE = { aps: { 'content-available': 1 } };

/** A payload of exactly so many bytes. */
function sized(bytes: number): string {
  const empty = JSON.stringify({ aps: { alert: '' } });
  return JSON.stringify({ aps: { alert: 'x'.repeat(bytes - empty.length) } });
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const HEADERS: readonly [string, number, string, Headers][] = [
  ['another path', 404, 'BadPath', { ':path': `/2/device/${DEVICE}` }],
  ['a longer path', 404, 'BadPath', { ':path': `/3/device/${DEVICE}/x` }],
  ['a query', 404, 'BadPath', { ':path': `/3/device/${DEVICE}?x=1` }],
  ['another method', 405, 'MethodNotAllowed', { ':method': 'PUT' }],
  ['no device token', 400, 'MissingDeviceToken', { ':path': '/3/device/' }],
  ['no device token and no slash', 400, 'MissingDeviceToken', { ':path': '/3/device' }],
  ['a header given twice', 400, 'DuplicateHeaders', { 'apns-collapse-id': ['a', 'b'] }],
  ['an apns-id that is no UUID', 400, 'BadMessageId', { 'apns-id': '42' }],
  [
    'an apns-id in upper case',
    400,
    'BadMessageId',
    { 'apns-id': '5B1E9A34-0C77-4B52-9D1E-2F6A8C3D4E5F' },
  ],
  ['no topic', 400, 'MissingTopic', { 'apns-topic': undefined }],
  ['an empty topic', 400, 'MissingTopic', { 'apns-topic': '' }],
  ['a topic that is no bundle id', 400, 'BadTopic', { 'apns-topic': 'com example' }],
  ['another topic', 400, 'TopicDisallowed', { 'apns-topic': 'com.example.other' }],
  ['the VoIP topic for an alert', 400, 'BadTopic', { 'apns-topic': `${TOPIC}.voip` }],
  ['the alert topic for VoIP', 400, 'BadTopic', { 'apns-push-type': 'voip' }],
  ['no push type', 400, 'InvalidPushType', { 'apns-push-type': undefined }],
  ['an unknown push type', 400, 'InvalidPushType', { 'apns-push-type': 'Alert' }],
  ['a push type that needs a certificate', 400, 'TopicDisallowed', { 'apns-push-type': 'mdm' }],
  ['another priority', 400, 'BadPriority', { 'apns-priority': '7' }],
  ['a priority in words', 400, 'BadPriority', { 'apns-priority': 'high' }],
  ['an expiration in words', 400, 'BadExpirationDate', { 'apns-expiration': 'soon' }],
  [
    'an expiration in milliseconds',
    400,
    'BadExpirationDate',
    { 'apns-expiration': '1760003600000' },
  ],
  ['a fraction of a second', 400, 'BadExpirationDate', { 'apns-expiration': '1760003600.5' }],
  ['a negative expiration', 400, 'BadExpirationDate', { 'apns-expiration': '-1' }],
  ['a collapse id of 65 bytes', 400, 'BadCollapseId', { 'apns-collapse-id': 'x'.repeat(65) }],
  ['an empty collapse id', 400, 'BadCollapseId', { 'apns-collapse-id': '' }],
  ['a collapse id that is not ASCII', 400, 'BadCollapseId', { 'apns-collapse-id': 'é' }],
];

test.each(HEADERS)('%s is refused with %i %s', async (_, status, reason, change) => {
  const answer = await apns.push(change);
  expect(answer).toMatchObject({ status, json: { reason } });
  expect(answer.headers['apns-id']).toEqual(expect.any(String));
  expect(simulators.phones.totals().arrivals).toBe(0);
  expect(simulators.apns.counters()).toMatchObject({
    requests: 1,
    accepted: 0,
    refusedByCode: { [reason]: 1 },
  });
});

test.each<[string, string, Headers, unknown]>([
  [
    'a background message of priority 10',
    'BadPriority',
    { ...BACKGROUND, 'apns-priority': '10' },
    WAKE,
  ],
  [
    'a background message without priority, which means 10',
    'BadPriority',
    { ...BACKGROUND, 'apns-priority': undefined },
    WAKE,
  ],
  ['a background message with an alert', 'InvalidPushType', BACKGROUND, PAYLOAD],
  ['a background message that wakes nothing', 'InvalidPushType', BACKGROUND, { aps: {} }],
  ['an alert without alert, badge and sound', 'InvalidPushType', {}, WAKE],
])('%s is refused with %s', async (_, reason, change, body) => {
  expect(await apns.push(change, body)).toMatchObject({ status: 400, json: { reason } });
});

test.each<[string, unknown]>([
  ['no body', ''],
  ['no JSON', '{'],
  ['bytes that are not UTF-8', Buffer.from('{"aps":{"alert":"\xff"}}', 'latin1')],
  ['a list', '[]'],
  ['no aps', { alert: 'Hello' }],
  ['a list for aps', { aps: [] }],
  ['a list for the alert', { aps: { alert: [] } }],
  ['a key that aps does not have', { aps: { alert: 'Hello', title: 'x' } }],
  ['a key that alert does not have', { aps: { alert: { text: 'x' } } }],
  ['a badge in words', { aps: { badge: '3' } }],
  ['a negative badge', { aps: { badge: -1 } }],
  ['a sound without name', { aps: { sound: { critical: 1 } } }],
  ['a truth value for mutable-content', { aps: { alert: 'x', 'mutable-content': true } }],
  ['an unknown interruption level', { aps: { alert: 'x', 'interruption-level': 'high' } }],
])('%s is refused as if there were no payload, with a note', async (_, body) => {
  expect(await apns.push({}, body)).toMatchObject({
    status: 400,
    json: { reason: 'PayloadEmpty' },
  });
});

test('the note says what the reason does not', async () => {
  const { headers } = await apns.push({}, { aps: { badge: '3' } });
  expect(headers['simulator-note']).toContain('aps.badge');
});

test('4096 bytes are the most, for VoIP 5120', async () => {
  expect((await apns.push({}, sized(4_096))).status).toBe(200);
  const large = await apns.push({}, sized(4_097));
  expect(large).toMatchObject({ status: 413, json: { reason: 'PayloadTooLarge' } });
  const voip = { 'apns-push-type': 'voip', 'apns-topic': `${TOPIC}.voip` };
  expect((await apns.push(voip, sized(5_120))).status).toBe(200);
  expect((await apns.push(voip, sized(5_121))).status).toBe(413);
  expect((await apns.push({}, `{"aps":{"alert":"${'字'.repeat(1_360)}"}}`)).status).toBe(413);
});

test.each<[string, Headers, unknown]>([
  ['priority 5', { 'apns-priority': '5' }, PAYLOAD],
  ['priority 1', { 'apns-priority': '1' }, PAYLOAD],
  ['no priority', { 'apns-priority': undefined }, PAYLOAD],
  ['a collapse id of 64 bytes', { 'apns-collapse-id': 'x'.repeat(64) }, PAYLOAD],
  ['a background message', BACKGROUND, WAKE],
  [
    'a live activity',
    { 'apns-push-type': 'liveactivity', 'apns-topic': `${TOPIC}.push-type.liveactivity` },
    { aps: { timestamp: 1, event: 'update', 'content-state': { a: 1 } } },
  ],
  [
    'everything an alert may have',
    {},
    {
      custom: { deep: [1, null, 'x'] },
      aps: {
        alert: { title: 'a', subtitle: 'b', body: 'c', 'loc-key': 'k', 'loc-args': ['x'] },
        badge: 0,
        sound: { critical: 1, name: 'default', volume: 0.5 },
        'thread-id': 't',
        category: 'c',
        'content-available': 1,
        'mutable-content': 1,
        'interruption-level': 'time-sensitive',
        'relevance-score': 0.5,
        'filter-criteria': 'f',
      },
    },
  ],
])('%s is accepted', async (_, change, body) => {
  expect((await apns.push(change, body)).status).toBe(200);
});
