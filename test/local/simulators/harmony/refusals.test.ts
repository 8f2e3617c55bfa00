import { constants } from 'node:crypto';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call } from '../calls';
import {
  harmonyMessage,
  type JwtChange,
  long,
  manyTokens,
  postHarmony,
  signJwt,
} from '../huawei/push-kit-calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators({ ratePerSecond: { harmony: Infinity } });
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.harmony.reset();
  simulators.phones.clear();
});

type Fields = Readonly<Record<string, unknown>>;

const shown = (notification: Fields) => harmonyMessage({ notification });
const options = (pushOptions: Fields) => harmonyMessage({ pushOptions });
const of = (pushType: number) => ({ 'push-type': `${pushType}` });

const FORM = {
  formId: 423434262,
  version: 123_456,
  moduleName: 'entry',
  formName: 'widget',
  abilityName: 'EntryFormAbility',
  formData: { title: 'Hello' },
};
const LIVE_VIEW = {
  activityId: 1,
  operation: 0,
  event: 'DELIVERY',
  status: 'DELIVERING',
  version: 1,
  activityData: { notificationData: {} },
};
const NOTIFICATION = {
  category: 'PLAY_VOICE',
  title: 'Paid',
  body: '10',
  clickAction: { actionType: 0 },
};

/** A message of another kind, with options of its own. */
function other(payload: Fields, pushOptions: Fields = {}) {
  return { payload, target: { token: ['tokA'] }, pushOptions };
}

const REFUSALS: readonly [string, string, unknown, Readonly<Record<string, string>>?][] = [
  ['no JSON', '80100003', '{'],
  ['JSON that is no object', '80100003', 'null'],
  ['no payload', '80100003', { target: { token: ['tokA'] } }],
  ['no target', '80100001', { payload: harmonyMessage().payload }],
  ['an empty list of tokens', '80100001', harmonyMessage({ token: [] })],
  ['a token that is no text', '80100001', harmonyMessage({ token: [1] })],
  ['1001 tokens', '80300010', harmonyMessage({ token: manyTokens(1_001) })],
  ['11 tokens of a test message', '80300030', testTo(11)],
  ['a body of over 4096 bytes without tokens', '80300008', shown({ body: long(4_096) })],
  ['a field that does not exist', '80100001', { ...harmonyMessage(), validate_only: true }],
  ['an unknown option', '80100001', options({ biTags: 'a' })],
  ['an unknown field of the notification', '80100003', shown({ tag: 't' })],
  ['a ttl of 0', '80100004', options({ ttl: 0 })],
  ['a ttl of over 15 days', '80100004', options({ ttl: 1_296_001 })],
  ['a ttl that is text', '80100001', options({ ttl: '86400s' })],
  ['a biTag of 66 bytes', '80100001', options({ biTag: '订'.repeat(22) })],
  ['an unknown receiptId', '80100001', options({ receiptId: 'RCP1' })],
  ['a collapseKey of 101', '80100001', options({ collapseKey: 101 })],
  ['a collapseKey of -2', '80100001', options({ collapseKey: -2 })],
  ['a testMessage that is text', '80100001', options({ testMessage: 'true' })],
  ['backgroundMode for a notification', '80100001', options({ backgroundMode: 0 })],
  ['no category', '80100003', shown({ category: undefined })],
  ['an unknown category', '80100003', shown({ category: 'NEWS' })],
  ['PLAY_VOICE as an alert', '80100003', shown({ category: 'PLAY_VOICE' })],
  ['no title', '80100003', shown({ title: undefined })],
  ['a title of blanks', '80100003', shown({ title: ' ' })],
  ['no body', '80100003', shown({ body: undefined })],
  ['no clickAction', '80100003', shown({ clickAction: undefined })],
  ['an actionType of 2', '80100003', shown({ clickAction: { actionType: 2 } })],
  ['a page without action and uri', '80100003', shown({ clickAction: { actionType: 1 } })],
  ['data that is text', '80100003', shown({ clickAction: { actionType: 0, data: '{}' } })],
  ['a picture without TLS', '80100003', shown({ image: 'http://a.example/a.png' })],
  ['style 2', '80100003', shown({ style: 2 })],
  ['style 1 without its texts', '80100003', shown({ style: 1 })],
  ['style 3 without its lines', '80100003', shown({ style: 3 })],
  ['four inbox lines', '80100003', shown({ style: 3, inboxContent: manyTokens(4) })],
  ['a notifyId below -1', '80100003', shown({ notifyId: -2 })],
  ['a notifyId that is text', '80100003', shown({ notifyId: '7' })],
  ['an appMessageId of 65', '80100003', shown({ appMessageId: long(65) })],
  ['an empty appMessageId', '80100003', shown({ appMessageId: '' })],
  ['an appMessageId with a dot', '80100003', shown({ appMessageId: 'a.b' })],
  ['a profileId of 65', '80100003', shown({ profileId: long(65) })],
  ['addNum of 0', '80100003', shown({ badge: { addNum: 0 } })],
  ['addNum of 100', '80100003', shown({ badge: { addNum: 100 } })],
  ['setNum of 100', '80100003', shown({ badge: { setNum: 100 } })],
  ['a soundDuration of 61', '80100003', shown({ soundDuration: 61 })],
  ['foregroundShow that is text', '80100003', shown({ foregroundShow: 'true' })],
  ['another kind’s payload', '80100003', harmonyMessage(), of(6)],
  ['a form update without form', '80100003', other({ ...FORM, formId: undefined }), of(1)],
  ['two tokens of a form update', '80300010', harmonyMessage({ payload: FORM }), of(1)],
  ['a collapseKey for a form', '80100001', other(FORM, { collapseKey: 1 }), of(1)],
  ['an extension without extraData', '80100003', other({ notification: NOTIFICATION }), of(2)],
  ['background data that is an object', '80100003', other({ extraData: {} }), of(6)],
  ['unknown proxyData', '80100003', other({ extraData: '', proxyData: 'NO' }), of(6)],
  ['a backgroundMode of 2', '80100001', other({ extraData: '' }, { backgroundMode: 2 }), of(6)],
  ['an operation of 3', '80100003', other({ ...LIVE_VIEW, operation: 3 }), of(7)],
  ['a call that waits 61 seconds', '80100004', other({ extraData: '' }, { ttl: 61 }), of(10)],
  ['a call that waits 29 seconds', '80100004', other({ extraData: '' }, { ttl: 29 }), of(10)],
  ['no push-type', '80100003', harmonyMessage(), { 'push-type': '' }],
  ['push-type 3', '80100003', harmonyMessage(), of(3)],
  ['push-type 11', '80100003', harmonyMessage(), of(11)],
  ['push-type 00', '80100003', harmonyMessage(), { 'push-type': '00' }],
  ['another content type', '80100003', harmonyMessage(), { 'content-type': 'text/plain' }],
];

function testTo(count: number) {
  return harmonyMessage({ token: manyTokens(count), pushOptions: { testMessage: true } });
}

test.each(REFUSALS)('%s is refused with %s', async (_, code, body, headers = {}) => {
  const { status, json } = await postHarmony(simulators, body, { headers });
  expect(json).toEqual({
    code,
    msg: expect.any(String),
    requestId: expect.stringMatching(/^\d{18}$/),
  });
  expect(status).toBe(400);
  expect(simulators.phones.totals().arrivals).toBe(0);
  expect(simulators.harmony.counters()).toMatchObject({
    requests: 1,
    accepted: 0,
    refusedByCode: { [code]: 1 },
  });
});

test('what is wrong with a payload is told in the vendor’s words', async () => {
  const { json } = await postHarmony(simulators, shown({ badge: { addNum: 100 } }));
  expect(json).toMatchObject({
    msg: expect.stringMatching(/^Illegal payload, notification\.badge\.addNum: /),
  });
  const withoutType = await postHarmony(simulators, harmonyMessage(), {
    headers: { 'push-type': 'alert' },
  });
  expect(withoutType.json).toMatchObject({
    msg: 'Illegal payload, The header does not contain valid push-type',
  });
});

const EDGES: readonly [string, unknown, number?][] = [
  ['1000 tokens', harmonyMessage({ token: manyTokens(1_000) })],
  ['10 tokens of a test message', testTo(10)],
  ['no options', { payload: harmonyMessage().payload, target: { token: ['tokA'] } }],
  ['a ttl of 15 days', options({ ttl: 1_296_000 })],
  ['a biTag of 64 bytes', options({ biTag: long(64) })],
  ['a collapseKey of 0', options({ collapseKey: 0 })],
  ['a page by its uri', shown({ clickAction: { actionType: 1, uri: 'https://a.example' } })],
  ['inbox lines', shown({ style: 3, inboxContent: ['a', 'b', 'c'] })],
  ['a big text', shown({ style: 1, bigTitle: 'Big', bigBody: 'Text' })],
  ['a form update', other(FORM), 1],
  ['a spoken text', other({ notification: NOTIFICATION, extraData: '{}' }), 2],
  ['background data', other({ extraData: 'x', proxyData: 'ENABLE' }, { backgroundMode: 1 }), 6],
  ['a live view', other(LIVE_VIEW), 7],
  ['a call', other({ extraData: 'x' }, { ttl: 30 }), 10],
];

test.each(EDGES)('%s is accepted', async (_, body, pushType = 0) => {
  const { status, json } = await postHarmony(simulators, body, { headers: of(pushType) });
  expect(json).toMatchObject({ code: '80000000', msg: 'Success' });
  expect(status).toBe(200);
});

const now = Math.floor(Date.now() / 1_000);

const JWTS: readonly [string, string, number, JwtChange][] = [
  ['an RS256 signature', '80200001', 401, rs256()],
  ['another audience', '80200001', 401, { claims: { aud: 'https://push-api.cloud.huawei.com' } }],
  ['another issuer', '80200001', 401, { claims: { iss: 'someone' } }],
  ['an unknown key', '80200001', 401, { header: { kid: 'other' } }],
  ['a JWT that expired', '80200005', 401, { claims: { iat: now - 3_600, exp: now } }],
  ['a life of over a day', '80300036', 400, { claims: { iat: now, exp: now + 86_401 } }],
];

function rs256(): JwtChange {
  return { header: { alg: 'RS256' }, padding: constants.RSA_PKCS1_PADDING };
}

test.each(JWTS)('%s is refused with %s', async (_, code, status, change) => {
  const bearer = signJwt(simulators.credentials('harmony').serviceAccount, change);
  const answer = await postHarmony(simulators, harmonyMessage(), { bearer });
  expect(answer.json).toMatchObject({ code });
  expect(answer.status).toBe(status);
});

test('an access token, another account’s JWT or none at all is refused', async () => {
  const { serviceAccount } = simulators.huawei.serviceAccountCredentials;
  for (const bearer of ['CgB6e3x9/abc', signJwt(serviceAccount), '']) {
    const { status, json } = await postHarmony(simulators, harmonyMessage(), { bearer });
    expect(status).toBe(401);
    expect(json).toMatchObject({ code: '80200001' });
  }
});

test('sending goes by the project, not by the client', async () => {
  const { clientId } = simulators.credentials('harmony');
  const path = `/v3/${clientId}/messages:send`;
  const { status, json } = await postHarmony(simulators, harmonyMessage(), { path });
  expect(status).toBe(401);
  expect(json).toMatchObject({ code: '80200001' });
});

test.each(['/v1/1/messages:send', '/v2/1/messages:send', '/v3/1/messages:revoke', '/v3'])(
  '%s is not found',
  async (path) => {
    expect((await postHarmony(simulators, harmonyMessage(), { path })).status).toBe(404);
  },
);

test('only POST is served', async () => {
  const { projectId } = simulators.credentials('harmony');
  const url = `${simulators.endpoint('harmony')}/v3/${projectId}/messages:send`;
  expect((await call(url)).status).toBe(404);
});
