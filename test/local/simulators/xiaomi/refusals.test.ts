import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { postXiaomi, postXiaomiBody, XIAOMI_MESSAGE } from '../calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20, ratePerSecond: { xiaomi: Infinity } });
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.xiaomi.reset();
  simulators.phones.clear();
});

const long = (length: number) => 'x'.repeat(length);
const ids = (count: number) => Array.from({ length: count }, (_, i) => `r${i}`).join(',');
const custom = (count: number, valueLength = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`extra.k${i}`, long(valueLength)]));

const REFUSALS: readonly [string, number, Readonly<Record<string, string | undefined>>][] = [
  ['no registration_id', 10016, { registration_id: undefined }],
  ['a blank registration_id', 100, { registration_id: '' }],
  ['an empty registration_id in the list', 10017, { registration_id: 'a,,b' }],
  ['1001 targets', 10018, { registration_id: ids(1_001) }],
  ['no package', 10016, { restricted_package_name: undefined }],
  ['a package that is not the app’s', 22022, { restricted_package_name: 'com.example.other' }],
  ['no pass_through', 10016, { pass_through: undefined }],
  ['pass_through of 2', 10017, { pass_through: '2' }],
  ['a pass-through message without payload', 10016, { pass_through: '1', payload: undefined }],
  ['no title', 10016, { title: undefined }],
  ['a title of blanks', 100, { title: ' 　' }],
  ['a title of 50 characters', 10017, { title: long(50) }],
  ['a title of 25 emoji, which are 50 UTF-16 units', 10017, { title: '😀'.repeat(25) }],
  ['no description', 10016, { description: undefined }],
  ['a description of blanks', 100, { description: '  ' }],
  ['a description of 128 characters', 10017, { description: long(128) }],
  ['a payload of 4096 characters', 65009, { payload: long(4_096) }],
  ['notify_type of 8', 10017, { notify_type: '8' }],
  ['a negative notify_id', 22103, { notify_id: '-1' }],
  ['a notify_id that is no integer', 22103, { notify_id: '1.5' }],
  ['a notify_id over 2^31 - 1', 22103, { notify_id: '2147483648' }],
  ['time_to_live of 0', 10017, { time_to_live: '0' }],
  ['time_to_live over two weeks', 10017, { time_to_live: '1209600001' }],
  ['time_to_live in another notation', 10017, { time_to_live: '1e6' }],
  ['a scheduled message', 10017, { time_to_send: '1760000000000' }],
  ['no notify_effect', 22100, { 'extra.notify_effect': undefined }],
  ['an unknown notify_effect', 22100, { 'extra.notify_effect': '4' }],
  ['notify_effect 2 without intent_uri', 22100, { 'extra.notify_effect': '2' }],
  ['notify_effect 3 without web_uri', 22100, { 'extra.notify_effect': '3' }],
  ['notify_foreground of yes', 10017, { 'extra.notify_foreground': 'yes' }],
  ['only_send_once of yes', 10017, { 'extra.only_send_once': 'yes' }],
  ['connpt of lte', 10017, { 'extra.connpt': 'lte' }],
  ['an unknown style', 10017, { 'extra.notification_style_type': '3' }],
  ['an extra of 1025 characters', 65015, { 'extra.ticker': long(1_025) }],
  ['an extra without a name', 65015, { 'extra.': 'x' }],
  ['a jobkey of 13 characters', 10017, { 'extra.jobkey': long(13) }],
  ['a jobkey that begins with _', 10017, { 'extra.jobkey': '_a' }],
  ['a jobkey with a dot', 10017, { 'extra.jobkey': 'a.b' }],
  ['an empty jobkey', 10017, { 'extra.jobkey': '' }],
  ['a callback of 129 bytes', 65037, { 'extra.callback': `https://a.example/${long(111)}` }],
  ['a callback that is no web address', 65038, { 'extra.callback': 'ftp://a.example/' }],
  ['a callback.param of 65 bytes', 65036, { 'extra.callback.param': `${'é'.repeat(32)}x` }],
  ['callback.type 246: 3 added to 1 and 2', 10017, { 'extra.callback.type': '246' }],
  ['callback.type 4: 3 added to 1', 10017, { 'extra.callback.type': '4' }],
  ['callback.type 0', 10017, { 'extra.callback.type': '0' }],
  ['11 custom extras', 65014, custom(11)],
  ['custom extras of 1025 characters', 65015, { 'extra.key': long(1_022) }],
  ['a parameter that does not exist', 10008, { notifyId: '1' }],
];

test.each(REFUSALS)('%s is refused with %i', async (_, code, change) => {
  const { status, json } = await postXiaomi(simulators, change);
  expect(status).toBe(200);
  expect(json).toEqual({
    result: 'error',
    reason: expect.any(String),
    trace_id: expect.any(String),
    code,
    description: expect.any(String),
  });
  expect(simulators.phones.totals().arrivals).toBe(0);
  expect(simulators.xiaomi.counters()).toMatchObject({
    requests: 1,
    accepted: 0,
    refused: 1,
    refusedByCode: { [code]: 1 },
  });
});

const ACCEPTED: readonly [string, Readonly<Record<string, string | undefined>>][] = [
  ['1000 targets', { registration_id: ids(1_000) }],
  ['a title of 49 characters', { title: '字'.repeat(49) }],
  ['a description of 127 characters', { description: long(127) }],
  ['a payload of 4095 characters', { payload: long(4_095) }],
  [
    'no notify_type, notify_id, time_to_live and payload',
    {
      notify_type: undefined,
      notify_id: undefined,
      time_to_live: undefined,
      payload: undefined,
    },
  ],
  ['two weeks to live', { time_to_live: '1209600000' }],
  [
    'notify_effect 2 with intent_uri',
    {
      'extra.notify_effect': '2',
      'extra.intent_uri': 'intent:#Intent;component=com.example.chat/.Main;end',
    },
  ],
  ['a jobkey of 12 characters', { 'extra.jobkey': 'aB3-_678901z' }],
  ['a callback of 128 bytes', { 'extra.callback': `https://a.example/${long(110)}` }],
  ['callback.type 1267', { 'extra.callback.type': '1267' }],
  ['callback.param of 64 bytes', { 'extra.callback.param': 'é'.repeat(32) }],
  ['10 custom extras of 1024 characters', custom(10, 100)],
  [
    'a pass-through message without texts',
    {
      pass_through: '1',
      title: undefined,
      description: undefined,
      'extra.notify_effect': undefined,
    },
  ],
];

test.each(ACCEPTED)('%s is accepted', async (_, change) => {
  expect((await postXiaomi(simulators, change)).json).toMatchObject({ result: 'ok', code: 0 });
});

const BODY = new URLSearchParams(XIAOMI_MESSAGE).toString();

const WIRE: readonly [string, number, Readonly<Record<string, string>>, string][] = [
  ['no key', 21301, { authorization: '' }, BODY],
  ['a wrong secret', 21301, { authorization: 'key=wrong' }, BODY],
  ['another media type', 10007, { 'content-type': 'application/json' }, BODY],
  [
    'another charset',
    10007,
    { 'content-type': 'application/x-www-form-urlencoded;charset=GBK' },
    BODY,
  ],
  ['a malformed percent sequence', 10008, {}, `${BODY}&extra.a=%4`],
  ['bytes that are not UTF-8', 10008, {}, `${BODY}&extra.a=%FF`],
  ['a raw non-ASCII character', 10008, {}, `${BODY}&extra.a=字`],
  ['a raw comma', 10008, {}, `${BODY}&extra.a=a,b`],
  ['a raw space', 10008, {}, `${BODY}&extra.a=a b`],
  ['a raw equals sign in a value', 10008, {}, `${BODY}&extra.a=a=b`],
  ['a pair without a value', 10008, {}, `${BODY}&extra.a`],
  ['a field given twice', 10008, {}, `${BODY}&title=again`],
];

test.each(WIRE)('%s is refused with %i', async (_, code, headers, body) => {
  const { status, json } = await postXiaomiBody(simulators, body, '/v3/message/regid', headers);
  expect(status).toBe(200);
  expect(json).toMatchObject({ result: 'error', code });
});
