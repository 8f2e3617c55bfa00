import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call } from '../calls';
import { aMessage, fetchOppoToken, postOppo, unicast } from './oppo-calls';

let simulators: Simulators;
let authToken: string;

beforeAll(async () => {
  simulators = await startSimulators();
  authToken = await fetchOppoToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.oppo.reset();
  simulators.phones.clear();
});

const long = (length: number) => 'x'.repeat(length);
const target = (target_value: string) => aMessage({}, { target_value });

const REFUSALS: readonly [string, number, unknown][] = [
  ['no target type', 40, aMessage({}, { target_type: undefined })],
  ['a target type as text', 41, aMessage({}, { target_type: '2' })],
  ['all users', 41, aMessage({}, { target_type: 1 })],
  ['an alias', 41, aMessage({}, { target_type: 5 })],
  ['no target', 40, aMessage({}, { target_value: undefined })],
  ['an empty target', 41, target('')],
  ['two targets', 41, target('CN_a;CN_b')],
  ['an overseas id', 10_000, target('US_0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b')],
  ['an overseas id with a brand', 10_000, target('OPPO_US_0f3c5a7e')],
  ['an id of four parts', 10_000, target('OPPO_CN_a_b')],
  ['a dead phone’s id', 10_000, target('dead-1')],
  ['no notification', 40, aMessage({}, { notification: undefined })],
  ['a notification as text', 41, aMessage({}, { notification: '{}' })],
  ['a field that does not exist', 41, aMessage({}, { registration_id: 'x' })],
  ['verify_registration_id as text', 41, aMessage({}, { verify_registration_id: 'true' })],
  ['a notification field in camel case', 41, aMessage({ channelId: 'chat' })],
  ['no title', 40, aMessage({ title: undefined })],
  ['a blank title', 41, aMessage({ title: ' 　' })],
  ['a title of 51 characters', 41, aMessage({ title: long(51) })],
  ['a title of 26 emoji', 41, aMessage({ title: '😀'.repeat(26) })],
  ['a sub_title of 11 characters', 41, aMessage({ sub_title: long(11) })],
  ['no content', 40, aMessage({ content: undefined })],
  ['a blank content', 41, aMessage({ content: ' ' })],
  ['a content of 51 characters', 41, aMessage({ content: long(51) })],
  ['a long content of 129 characters', 41, aMessage({ style: 2, content: long(129) })],
  ['a big picture, which is for broadcasts', 41, aMessage({ style: 3, big_picture_id: 'x' })],
  ['click action 3', 41, aMessage({ click_action_type: 3 })],
  ['click action 1 without its page', 40, aMessage({ click_action_type: 1 })],
  ['click action 4 without its page', 40, aMessage({ click_action_type: 4 })],
  ['click action 2 without its URL', 40, aMessage({ click_action_type: 2 })],
  ['click action 5 without its URL', 40, aMessage({ click_action_type: 5 })],
  ['a web page that is none', 41, aMessage({ click_action_type: 2, click_action_url: 'app://x' })],
  ['a page of 501', 41, aMessage({ click_action_type: 4, click_action_activity: long(501) })],
  ['a URL of 501', 41, aMessage({ click_action_type: 5, click_action_url: long(501) })],
  ['parameters that are no JSON', 41, aMessage({ action_parameters: 'id=42' })],
  ['parameters as an object', 41, aMessage({ action_parameters: { id: '42' } })],
  ['parameters of 4001', 41, aMessage({ action_parameters: `{"k":"${long(3_993)}"}` })],
  ['a timed display without times', 40, aMessage({ show_time_type: 1 })],
  [
    'a timed display that ends before it begins',
    41,
    aMessage({
      show_time_type: 1,
      show_start_time: 1_760_000_000_001,
      show_end_time: 1_760_000_000_000,
    }),
  ],
  ['off_line as text', 41, aMessage({ off_line: 'true' })],
  ['off_line_ttl of 0', 41, aMessage({ off_line_ttl: 0 })],
  ['off_line_ttl as text', 41, aMessage({ off_line_ttl: '86400' })],
  ['a timed push', 41, aMessage({ push_time_type: 1 })],
  ['a fixed speed', 41, aMessage({ fix_speed: true })],
  ['network_type 2', 41, aMessage({ network_type: 2 })],
  ['a receipt URL of 201', 41, aMessage({ call_back_url: `https://a.example/${long(183)}` })],
  ['a receipt URL that is none', 41, aMessage({ call_back_url: 'a.example' })],
  [
    'a receipt parameter of 51',
    41,
    aMessage({ call_back_url: 'https://a.example/', call_back_parameter: long(51) }),
  ],
  ['a receipt parameter without URL', 40, aMessage({ call_back_parameter: 'm' })],
  ['a public message shown for 12 hours and a second', 41, aMessage({ show_ttl: 43_201 })],
  ['a private one shown for over a day', 41, aMessage({ category: 'IM', show_ttl: 86_401 })],
  ['notify_id as text', 41, aMessage({ notify_id: '7' })],
  ['an unknown category', 67, aMessage({ category: 'CHAT' })],
  ['a category in lower case', 67, aMessage({ category: 'im' })],
  ['notify_level without category', 67, aMessage({ notify_level: 1 })],
  ['notify_level 3', 41, aMessage({ category: 'IM', notify_level: 3 })],
  ['notify_level 16 without the right to it', 67, aMessage({ category: 'IM', notify_level: 16 })],
  ['notify_level 2 for marketing', 67, aMessage({ category: 'NEWS', notify_level: 2 })],
  ['template variables that are no texts', 41, aMessage({ private_title_parameters: { a: 1 } })],
];

test.each(REFUSALS)('%s is refused with %i', async (_, code, message) => {
  const { status, json } = await unicast(simulators, authToken, message);
  expect(status).toBe(200);
  expect(json).toEqual({ code, message: expect.any(String) });
  expect(simulators.phones.totals().arrivals).toBe(0);
  expect(simulators.oppo.counters()).toMatchObject({ refusedByCode: { [code]: 1 } });
});

const ACCEPTED: readonly [string, unknown][] = [
  ['an id without parts', target('0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b')],
  ['an id with a brand', target('OPPO_CN_0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b')],
  ['texts of 50 characters', aMessage({ title: long(50), content: '字'.repeat(50) })],
  ['a long content of 128 characters', aMessage({ style: 2, content: long(128) })],
  ['more than 10 days offline, which is cut', aMessage({ off_line: true, off_line_ttl: 864_001 })],
  [
    'a timed display',
    aMessage({
      show_time_type: 1,
      show_start_time: 1_760_000_000_000,
      show_end_time: 1_760_000_000_001,
    }),
  ],
  ['a private message shown for a day', aMessage({ category: 'ORDER', show_ttl: 86_400 })],
  ['a web page', aMessage({ click_action_type: 2, click_action_url: 'https://a.example/' })],
  ['a scheme', aMessage({ click_action_type: 5, click_action_url: 'demo://order/42' })],
  ['marketing at level 1', aMessage({ category: 'NEWS', notify_level: 1 })],
  ['an audit result', aMessage({ auditResponse: { any: [1] } })],
];

test.each(ACCEPTED)('%s is accepted', async (_, message) => {
  expect((await unicast(simulators, authToken, message)).json).toMatchObject({ code: 0 });
});

test('with the right to it notify_level 16 is accepted', async () => {
  simulators.oppo.control({ strongReminder: true });
  const message = aMessage({ category: 'IM', notify_level: 16 });
  expect((await unicast(simulators, authToken, message)).json).toMatchObject({ code: 0 });
});

test('the limit of the content can be the other edition’s', async () => {
  simulators.oppo.control({ contentCharacters: 200 });
  const [right, long201] = [aMessage({ content: long(200) }), aMessage({ content: long(201) })];
  expect((await unicast(simulators, authToken, right)).json).toMatchObject({ code: 0 });
  expect((await unicast(simulators, authToken, long201)).json).toMatchObject({ code: 41 });
});

test('an overseas host takes overseas ids only', async () => {
  simulators.oppo.control({ region: 'overseas' });
  const overseas = await unicast(simulators, authToken, target('US_0f3c5a7e'));
  expect(overseas.json).toMatchObject({ code: 0 });
  const mainland = await unicast(simulators, authToken, aMessage());
  expect(mainland.json).toEqual({ code: 10_000, message: 'Invalid RegistrationId' });
});

test('an invalid id can be told with 41', async () => {
  simulators.oppo.control({ invalidIdCode: 41 });
  const { json } = await unicast(simulators, authToken, target('dead-1'));
  expect(json).toEqual({ code: 41, message: 'Invalid RegistrationId' });
});

const message = encodeURIComponent(JSON.stringify(aMessage()));

const WIRE: readonly [string, number, string, Readonly<Record<string, string>>][] = [
  ['no token', 29, `message=${message}`, {}],
  ['a token in a header', 29, `message=${message}`, { auth_token: 'TOKEN' }],
  ['no message', 40, 'auth_token=TOKEN', {}],
  ['a message that is no JSON', 41, 'auth_token=TOKEN&message=x', {}],
  ['a field that does not exist', 41, `auth_token=TOKEN&message=${message}&target_type=2`, {}],
  ['a field given twice', 41, `auth_token=TOKEN&message=${message}&message=${message}`, {}],
  ['a raw character', 25, 'auth_token=TOKEN&message={"a":"字"}', {}],
  ['a bad percent sequence', 25, 'auth_token=TOKEN&message=%4', {}],
  ['bytes that are not UTF-8', 25, 'auth_token=TOKEN&message=%FF', {}],
  ['JSON', 25, '{}', { 'content-type': 'application/json' }],
];

test.each(WIRE)('%s is refused with %i', async (_, code, body, headers) => {
  const { json } = await postOppo(
    simulators,
    body.replaceAll('TOKEN', encodeURIComponent(authToken)),
    undefined,
    headers,
  );
  expect(json).toMatchObject({ code });
});

test.each([
  ['/server/v1/message/notification/unicasts', 21],
  ['/server/v1/message/notification/broadcast', 21],
  ['/unicast', 21],
  ['/server/v1', 20],
  ['/server', 22],
  ['/server/one/auth', 23],
  ['/server/v2/message/notification/unicast', 24],
])('the path %s is refused with %i', async (path, code) => {
  expect((await postOppo(simulators, '', path)).json).toMatchObject({ code });
});

test('other methods are refused with 12', async () => {
  const url = `${simulators.endpoint('oppo')}/server/v1/message/notification/unicast`;
  expect((await call(url)).json).toMatchObject({ code: 12 });
});
