import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { type AppRegistry, createAppRegistry } from '../../lib/aws/app-registry';
import { createEnvelope } from '../../lib/aws/envelope';
import { createNonceStore } from '../../lib/aws/nonce-store';
import { createSecretStore } from '../../lib/aws/secret-store';
import type { Scope } from '../../lib/http/authenticate';
import { type DoorPorts, httpFunction } from '../../lib/http/http-function';
import { signToken } from '../../local/one-machine';
import { type Aws, holdClock, startAws } from '../support/aws';

const APP = { key: 'app-1', secret: 'a secret of at least thirty-two characters' };
const SECOND = 'the second secret of thirty-two characters';
/** When the signatures below were made. */
const AT = 1_800_000_000;

const MALFORMED = 'AppKey, Nonce, CurTime or CheckSum is missing or malformed';
const WRONG_TIME = 'CurTime is more than 5 minutes from the time here';
const WRONG_SUM = 'the CheckSum is wrong';
const USED = 'the Nonce was used before';

const realNow = Date.now;
/** How long opened secrets have been kept. */
const keeping = holdClock();
let aws: Aws;
let registry: AppRegistry;
let door: DoorPorts;
let now = AT * 1000;
beforeAll(async () => {
  aws = await startAws();
  const envelope = createEnvelope(aws.kms, aws.keyId);
  registry = createAppRegistry(aws.dynamoDb, 'settings', envelope);
  await registry.create(APP.key, APP.secret);
  door = {
    secrets: createSecretStore(aws.dynamoDb, 'settings', envelope),
    nonces: createNonceStore(aws.dynamoDb, 'settings'),
    telemetry: { count: () => undefined, log: () => undefined },
  };
});
beforeEach(() => {
  now = AT * 1000;
  Date.now = () => now;
});
afterEach(() => {
  Date.now = realNow;
});
afterAll(() => {
  keeping.release();
  return aws.close();
});

/** Calls a route of this scope; answers who called, or why not. */
async function call(headers: Record<string, string>, scope: Scope = 'server', path = {}) {
  const handle = async ({ caller }: { caller: unknown }) =>
    ({ status: 200, body: { caller } }) as const;
  const answer = httpFunction({ 'GET /it': { scope, handle } }, () => door);
  // as much of a call as a function looks at
  const event = {
    ...{ routeKey: 'GET /it', headers, pathParameters: path },
    requestContext: { requestId: 'r-1' },
  } as unknown as APIGatewayProxyEventV2;
  const { statusCode, body } = await answer(event, {} as Context);
  const { caller, detail } = JSON.parse(body ?? '{}');
  return statusCode === 200 ? caller : `${statusCode} ${detail}`;
}

let count = 0;
/** Headers of a call signed as NIM's SDK signs, with a new nonce unless one is named. */
function signed({
  secret = APP.secret,
  nonce = `nonce-${++count}`,
  curTime = String(Math.floor(now / 1000)),
  appKey = APP.key,
} = {}) {
  const checksum = createHash('sha1').update(`${secret}${nonce}${curTime}`).digest('hex');
  return { appkey: appKey, nonce, curtime: curTime, checksum };
}

const SERVER = { kind: 'token', appKey: APP.key, scope: 'server' };

test('a call signed elsewhere is a call of the server', async () => {
  const headers = {
    ...{ appkey: APP.key, nonce: '4tgggergigwow323t23t', curtime: '1800000000' },
    // printf %s "$secret$nonce$curtime" | sha1sum
    checksum: '2d57ae9046cf748d34016ca1a395117fcac46914',
  };

  expect(await call(headers)).toEqual(SERVER);
});

test('a signed call may what a server may: device routes of any account, not those of admins', async () => {
  expect(await call(signed(), 'device', { accountId: 'alice' })).toEqual(SERVER);
  expect(await call(signed(), 'admin')).toBe('403 this call needs the scope admin');
});

test('a nonce is good for one call, in any other second and whatever else is signed', async () => {
  const headers = signed({ nonce: 'again' });

  expect(await call(headers)).toEqual(SERVER);
  expect(await call(headers)).toBe(`401 ${USED}`);
  now += 60_000;
  expect(await call(headers)).toBe(`401 ${USED}`);
  expect(await call(signed({ nonce: 'again' }))).toBe(`401 ${USED}`);
});

test('a replayed call is refused for as long as its time would be taken', async () => {
  now = (AT - 300) * 1000;
  const headers = signed({ curTime: String(AT) });
  expect(await call(headers)).toEqual(SERVER);

  now = (AT + 300) * 1000;
  expect(await call(headers)).toBe(`401 ${USED}`);
  now += 1;
  expect(await call(headers)).toBe(`401 ${WRONG_TIME}`);
});

test.each([
  [-300, SERVER],
  [300, SERVER],
  [-301, `401 ${WRONG_TIME}`],
  [301, `401 ${WRONG_TIME}`],
])('a time %i s from ours is judged by the window of five minutes', async (seconds, answer) => {
  expect(await call(signed({ curTime: String(AT + seconds) }))).toEqual(answer);
});

test('milliseconds are no seconds', async () => {
  expect(await call(signed({ curTime: String(now) }))).toMatch(/^401/);
});

test.each<[string, Record<string, string>, string]>([
  ['another secret', signed({ secret: SECOND }), WRONG_SUM],
  ['another app', signed({ appKey: 'app-2' }), WRONG_SUM],
  ['another nonce', { ...signed(), nonce: 'another' }, WRONG_SUM],
  ['another time', { ...signed(), curtime: String(AT - 1) }, WRONG_SUM],
  ['no nonce', { ...signed(), nonce: '' }, MALFORMED],
  ['a nonce of 129 characters', signed({ nonce: 'n'.repeat(129) }), MALFORMED],
  ['a time that is no number', signed({ curTime: '1e9' }), MALFORMED],
  ['an app key that is none', signed({ appKey: 'app/1' }), MALFORMED],
  ['a checksum in upper case', upper(signed()), MALFORMED],
  ['a checksum that is too short', { ...signed(), checksum: 'abc' }, MALFORMED],
  ['an empty checksum', { ...signed(), checksum: '' }, MALFORMED],
  ['a checksum alone', { checksum: signed().checksum }, MALFORMED],
])('%s is refused, with one fixed text per cause', async (_case, headers, text) => {
  expect(await call(headers)).toBe(`401 ${text}`);
});

function upper(headers: ReturnType<typeof signed>) {
  return { ...headers, checksum: headers.checksum.toUpperCase() };
}

test('the end of a nonce cannot be moved into the time to use it again', async () => {
  const headers = signed({ nonce: 'moved0' });
  const moved = { ...headers, nonce: 'moved', curtime: `0${headers.curtime}` };

  expect(await call(headers)).toEqual(SERVER);
  expect(await call(moved)).toBe(`401 ${MALFORMED}`);
});

test('a nonce of 128 characters is taken', async () => {
  expect(await call(signed({ nonce: 'n'.repeat(128) }))).toEqual(SERVER);
});

test('a refused call does not use its nonce up', async () => {
  const headers = signed({ nonce: 'kept' });

  await call({ ...headers, checksum: headers.checksum.replace(/./g, '0') });
  await call(headers, 'admin');

  expect(await call(headers)).toEqual(SERVER);
});

test('a bearer token wins over a checksum, and costs no nonce', async () => {
  // tokens are signed by the true clock
  Date.now = realNow;
  const authorization = `Bearer ${await signToken(APP, 'admin')}`;
  const headers = { ...signed({ nonce: 'beside' }), authorization };

  const calls = await aws.wire.watch(async () => {
    expect(await call(headers)).toMatchObject({ scope: 'admin' });
    expect(await call({ ...headers, authorization: 'Bearer nonsense' })).toBe(
      '401 the token is invalid or expired',
    );
  });

  expect(calls.map(({ operation }) => operation)).not.toContain('PutItem');
});

test('without either a bearer token is asked for', async () => {
  expect(await call({})).toBe('401 a bearer token is required');
});

test('while a secret is rotated both are good, the new one at once; a minute after it the old one is not', async () => {
  expect(await call(signed())).toEqual(SERVER);
  keeping.pass(1_000);

  await registry.rotate(APP.key, SECOND);
  expect(await call(signed({ secret: SECOND }))).toEqual(SERVER);
  expect(await call(signed())).toEqual(SERVER);
  await registry.revoke(APP.key, APP.key);
  keeping.pass(60_000);
  expect(await call(signed({ secret: SECOND }))).toEqual(SERVER);
  expect(await call(signed())).toBe(`401 ${WRONG_SUM}`);
});

test('a wrong checksum makes the store look for new secrets no more than once a second', async () => {
  const guess = async (times: number) => {
    const guesses = Array.from({ length: times }, () => call(signed({ secret: 'guessed' })));
    expect(new Set(await Promise.all(guesses))).toEqual(new Set([`401 ${WRONG_SUM}`]));
  };
  const looks = async (times: number) => {
    const calls = await aws.wire.watch(() => guess(times));
    return calls.filter(({ operation }) => operation === 'GetItem').length;
  };
  await guess(1);

  const soon = await looks(5);
  keeping.pass(1_000);
  const later = await looks(5);

  expect([soon, later]).toEqual([0, 1]);
});
