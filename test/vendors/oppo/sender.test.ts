import type { Certificate } from '../../../lib/model/certificate';
import { createOppoSender } from '../../../lib/vendors/oppo/sender';
import {
  type Answer,
  aGate,
  anAccessTokenStore,
  aSendRequest,
  type Captured,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';
import { anOppoCertificate } from './support';

let server: VendorServer;
let issued = 0;

beforeAll(async () => {
  server = await startVendorServer();
});

beforeEach(() => {
  server.requests.length = 0;
  issued = 0;
});

afterAll(() => server.close());

const AUTH = '/server/v1/auth';
const UNICAST = '/server/v1/message/notification/unicast';
const BATCH = '/server/v1/message/notification/unicast_batch';

/** Answers messages; auth tokens `a1`, `a2`, … are to be had. */
function answerMessages(answer: (request: Captured, form: URLSearchParams) => object): void {
  server.answer = (request): Answer => {
    const isAuth = request.path.endsWith(AUTH);
    const body = isAuth
      ? { code: 0, data: { auth_token: `a${++issued}` } }
      : answer(request, new URLSearchParams(request.body));
    return { status: 200, body: JSON.stringify(body) };
  };
}

const ACCEPTED = { code: 0, data: { messageId: 'APP-1-1-x' } };

/** Accepts every message of a batch. */
function acceptAll(_request: Captured, form: URLSearchParams): object {
  const messages: { target_value: string }[] = JSON.parse(form.get('messages') ?? '[]');
  const data = messages.map(({ target_value: registrationId }) => ({
    registrationId,
    messageId: `APP-1-1-${registrationId}x`,
  }));
  return form.has('message') ? ACCEPTED : { code: 0, data };
}

const aSender = (change: Partial<Certificate> = {}, ports = somePorts()) =>
  createOppoSender(anOppoCertificate({ endpoint: server.url, ...change }), ports);
const paths = () => server.requests.map(({ path }) => path);

test('one auth token serves a unicast and a batch, and messages count one each', async () => {
  answerMessages(acceptAll);
  const gate = aGate();
  const weights: number[] = [];
  const enter = gate.enter;
  gate.enter = (weight, wait) => {
    weights.push(weight);
    return enter(weight, wait);
  };
  const sender = aSender({}, somePorts(gate));

  const one = await sender.send(aSendRequest({ tokens: ['regA'] }));
  const three = await sender.send(aSendRequest({ tokens: ['regA', 'regB', 'regC'] }));

  expect(one).toEqual([{ kind: 'accepted', receiptId: 'APP-1-1-x' }]);
  expect(three.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
  expect(paths()).toEqual([AUTH, UNICAST, BATCH]);
  expect(weights).toEqual([1, 3]);
  const [, unicast] = server.requests;
  expect(new URLSearchParams(unicast?.body).get('auth_token')).toBe('a1');
  expect(unicast?.headers).not.toHaveProperty('auth_token');
});

test('a token named twice gets the message once, and its outcome twice', async () => {
  answerMessages(acceptAll);

  const outcomes = await aSender().send(aSendRequest({ tokens: ['regA', 'regB', 'regA'] }));
  await aSender().send(aSendRequest({ tokens: ['regA', 'regA'] }));

  expect(outcomes).toHaveLength(3);
  expect(outcomes[2]).toEqual(outcomes[0]);
  const [, batch, , unicast] = server.requests;
  expect(JSON.parse(new URLSearchParams(batch?.body).get('messages') ?? '')).toHaveLength(2);
  expect(unicast?.path).toBe(UNICAST);
});

test('a thousand phones are one request', async () => {
  answerMessages(acceptAll);
  const others = Array.from({ length: 999 }, (_, n) => `reg${n}`);

  const outcomes = await aSender().send(aSendRequest({ tokens: ['reg', ...others] }));

  expect(outcomes).toHaveLength(1_000);
  expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
  expect(paths()).toEqual([AUTH, BATCH]);
});

test('an auth token that is refused is replaced, and the message sent again', async () => {
  answerMessages((_request, form) => (form.get('auth_token') === 'a1' ? { code: 11 } : ACCEPTED));

  const outcomes = await aSender().send(aSendRequest());

  expect(outcomes).toEqual([{ kind: 'accepted', receiptId: 'APP-1-1-x' }]);
  expect(paths()).toEqual([AUTH, UNICAST, AUTH, UNICAST]);
  const [first, second] = [1, 3].map((at) =>
    new URLSearchParams(server.requests[at]?.body).get('message'),
  );
  expect(second).toBe(first);
});

test('when the new one is refused too, that is the end of it', async () => {
  answerMessages(() => ({ code: 11, message: 'Invalid AuthToken' }));

  const outcomes = await aSender().send(aSendRequest({ tokens: ['regA', 'regB'] }));

  expect(outcomes).toMatchObject(Array(2).fill({ kind: 'unauthorized', reason: { code: '11' } }));
  expect(paths()).toEqual([AUTH, BATCH, AUTH, BATCH]);
});

test('without an auth token every phone is told why', async () => {
  server.answer = () => ({ status: 200, body: '{"code":16,"message":"Invalid Signature"}' });

  const outcomes = await aSender().send(aSendRequest({ tokens: ['regA', 'regB'] }));

  expect(outcomes).toMatchObject(Array(2).fill({ kind: 'unauthorized', reason: { code: '16' } }));
  expect(paths()).toEqual([AUTH]);
});

test('each region has its own address and its own auth token', async () => {
  answerMessages(() => ACCEPTED);
  const store = anAccessTokenStore();
  const endpoint = { mainland: `${server.url}/cn`, overseas: `${server.url}/intl/` };
  const sender = aSender({ endpoint }, somePorts(aGate(), store));

  await sender.send(aSendRequest({ tokens: ['CN_a'], region: 'mainland' }));
  await sender.send(aSendRequest({ tokens: ['IN_a'], region: 'overseas' }));
  await sender.send(aSendRequest({ tokens: ['IN_b'], region: 'overseas' }));
  await sender.send(aSendRequest({ tokens: ['CN_b'] }));

  expect(paths()).toEqual([
    `/cn${AUTH}`,
    `/cn${UNICAST}`,
    `/intl${AUTH}`,
    `/intl${UNICAST}`,
    `/intl${UNICAST}`,
    `/cn${UNICAST}`,
  ]);
});

test('auth tokens come from an address of their own where there is one', async () => {
  answerMessages(() => ACCEPTED);

  await aSender({ endpoint: `${server.url}/push`, authEndpoint: `${server.url}/auth` }).send(
    aSendRequest(),
  );

  expect(paths()).toEqual([`/auth${AUTH}`, `/push${UNICAST}`]);
});

test('without a pass nothing is sent, and nobody has failed', async () => {
  answerMessages(() => ACCEPTED);

  const outcomes = await aSender({}, somePorts(aGate(0))).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'throttled', reason: { code: 'flow-control' } }]);
  expect(paths()).toEqual([AUTH]);
});

test('when the time is over, the message waits', async () => {
  answerMessages(() => ACCEPTED);
  // the auth token takes nearly all of the time
  const clock = { now: () => 1_760_000_000_000 + paths().length * 5_800 };

  const outcomes = await aSender({}, { ...somePorts(), clock }).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'throttled', reason: { code: 'flow-control' } }]);
  expect(paths()).toEqual([AUTH]);
});

test('when the time is over after a refusal, that is what is told', async () => {
  const clock = { at: 1_760_000_000_000, now: () => clock.at };
  answerMessages(() => {
    clock.at += 5_000;
    return { code: 11 };
  });

  const outcomes = await aSender({}, { ...somePorts(), clock }).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'unauthorized', reason: { code: '11' } }]);
  expect(paths()).toEqual([AUTH, UNICAST, AUTH]);
});

test('broken credentials are misconfigured', async () => {
  const outcomes = await aSender({ credentials: { appKey: 'x' } }).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'misconfigured', reason: { code: 'certificate' } }]);
  expect(paths()).toEqual([]);
});
