import { setTimeout as sleep } from 'node:timers/promises';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { TokenDesk } from '../../../../local/simulators/token-desk';
import { Auth, sign } from '../../../../local/simulators/vivo/auth';
import { call } from '../calls';
import { aPush, authBody, fetchVivoToken, postVivo } from './vivo-calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());
beforeEach(() => simulators.vivo.reset());

const auth = (body: unknown) => postVivo(simulators, 'auth', body);
const send = (authToken: string) => postVivo(simulators, 'send', aPush(simulators), { authToken });

test('the signature is the one of the official Java SDK', () => {
  const account = {
    appId: '10086',
    appKey: '5f0c2b7e-1d34-4a96-8b57-c2e1f9a06d38',
    appSecret: 'e7b1c9d2-84f6-4a03-9c5e-7d2b1f60a8e4',
  };
  expect(sign(account, 1_760_000_000_000)).toBe('e2da8533cd9c0f2c813a42140e9ed9dc');
});

test.each([
  ['a number', Number],
  ['a text', String],
])('the right signature gets a token, with %s as app id', async (_, convert) => {
  const body = authBody(simulators);
  const { status, json } = await auth({ ...body, appId: convert(body.appId) });
  expect(status).toBe(200);
  expect(json).toEqual({ result: 0, desc: expect.any(String), authToken: expect.any(String) });
});

test.each([
  ['another app', () => ({ ...authBody(simulators), appId: 1 })],
  ['another key', () => ({ ...authBody(simulators), appKey: 'other' })],
  ['another signature', () => ({ ...authBody(simulators), sign: 'a'.repeat(32) })],
  [
    'an upper-case signature',
    () => ({ ...authBody(simulators), sign: authBody(simulators).sign.toUpperCase() }),
  ],
  ['a timestamp as text', () => ({ ...authBody(simulators), timestamp: `${Date.now()}` })],
  ['seconds', () => authBody(simulators, Math.floor(Date.now() / 1_000))],
  ['a timestamp of 11 minutes ago', () => authBody(simulators, Date.now() - 660_000)],
  ['a timestamp in 11 minutes', () => authBody(simulators, Date.now() + 660_000)],
  ['no signature', () => ({ ...authBody(simulators), sign: undefined })],
  ['a field that does not exist', () => ({ ...authBody(simulators), appSecret: 'x' })],
  ['no JSON', () => '{'],
])('%s is refused with 10000', async (_, makeBody) => {
  const { status, json } = await auth(makeBody());
  expect(status).toBe(200);
  expect(json).toEqual({ result: 10_000, desc: expect.any(String) });
});

test('the timestamp may be minutes off, either way', async () => {
  for (const offset of [-540_000, 540_000]) {
    const { json } = await auth(authBody(simulators, Date.now() + offset));
    expect(json).toMatchObject({ result: 0 });
  }
});

test('a form is refused, and so is another method', async () => {
  const form = await postVivo(simulators, 'auth', 'appId=1', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(form.json).toMatchObject({ result: 10_000 });
  expect((await call(`${simulators.authEndpoint('vivo')}/message/auth`)).status).toBe(405);
});

test('an app gets ten tokens a second, and the eleventh when the second is over', () => {
  const { appId, appKey, appSecret } = simulators.credentials('vivo');
  const desk = new TokenDesk(86_400);
  const account = new Auth({ appId, appKey, appSecret }, desk);
  const resultAt = (arrivedMs: number): number => {
    const request = {
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(authBody(simulators))),
    };
    return Object(JSON.parse(account.answer(request, arrivedMs).body)).result;
  };
  const results = Array.from({ length: 11 }, () => resultAt(0));
  expect(results).toEqual([...Array.from({ length: 10 }, () => 0), 10_072]);
  expect([resultAt(999), resultAt(1_000)]).toEqual([10_072, 0]);
});

test('every auth call is counted, and none as a push', async () => {
  await auth(authBody(simulators));
  await auth('{');
  expect(simulators.vivo.counters()).toMatchObject({ authRequests: 2, requests: 0 });
});

test('auth fails on request with 500', async () => {
  simulators.vivo.control({ failNextAuth: 1 });
  const statuses = [await auth(authBody(simulators)), await auth(authBody(simulators))];
  expect(statuses.map(({ status }) => status)).toEqual([500, 200]);
});

test('an app may have several tokens, each good until it expires', async () => {
  const long = await fetchVivoToken(simulators);
  simulators.vivo.control({ accessTokenSeconds: 1 });
  const short = await fetchVivoToken(simulators);
  expect((await send(short)).json).toMatchObject({ result: 0 });
  await sleep(1_050);
  expect((await send(short)).json).toMatchObject({ result: 10_000 });
  expect((await send(long)).json).toMatchObject({ result: 0 });
});

test('all tokens can be expired at once', async () => {
  const token = await fetchVivoToken(simulators);
  simulators.vivo.control({ expireAccessTokens: true });
  expect((await send(token)).json).toMatchObject({ result: 10_000 });
  expect((await send(await fetchVivoToken(simulators))).json).toMatchObject({ result: 0 });
});

test('a signature is not told', async () => {
  await auth(authBody(simulators));
  const { json } = await call(`${simulators.endpoint('vivo')}/requests?last=1`);
  expect(JSON.parse(Object(json).requests[0].body)).toMatchObject({ sign: '[redacted]' });
});
