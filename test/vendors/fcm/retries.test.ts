import type { FlowGate } from '../../../lib/model/vendor-ports';
import { createSenderWithin } from '../../../lib/vendors/fcm/sender';
import { createSlots } from '../../../lib/vendors/slots';
import {
  type Answer,
  aGate,
  anFcmCertificate,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';

let server: VendorServer;

beforeAll(async () => {
  server = await startVendorServer();
});

beforeEach(() => {
  server.requests.length = 0;
});

afterAll(() => server.close());

const TOKEN_ANSWER = { status: 200, body: '{"access_token":"ya29.a","expires_in":3599}' };
const ACCEPTED = { status: 200, body: '{"name":"m"}' };
const BUSY = { status: 503, body: '{"error":{"code":503,"status":"UNAVAILABLE"}}' };

/** Answers the n-th message request, counted from 0. */
function answerMessages(answer: (turn: number) => Answer | 'silence' | undefined): void {
  let turn = 0;
  server.answer = ({ path }) => (path === '/token' ? TOKEN_ANSWER : answer(turn++));
}

const messages = () => server.requests.filter(({ path }) => path !== '/token').length;
const senderWithin = (deadlineMs: number, gate: FlowGate) =>
  createSenderWithin(
    deadlineMs,
    anFcmCertificate({ endpoint: server.url, authEndpoint: server.url }),
    somePorts(gate),
  );

// first, so that the SDK has given up as well before the last test ends
test('a 503 that asks for more time than there is ends the send at once', async () => {
  answerMessages(() => ({ ...BUSY, headers: { 'Retry-After': '2' } }));
  const began = Date.now();

  const outcomes = await senderWithin(1_500, aGate()).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'unavailable', retryAfterMs: 2_000 }]);
  expect(Date.now() - began).toBeLessThan(1_450);
  expect(messages()).toBe(1);
});

test("the SDK's hidden repeat of a 503 takes a pass of its own", async () => {
  answerMessages((turn) => (turn === 0 ? BUSY : ACCEPTED));
  const gate = aGate();

  const outcomes = await senderWithin(2_000, gate).send(aSendRequest());

  expect(outcomes).toEqual([{ kind: 'accepted', receiptId: 'm' }]);
  expect(messages()).toBe(2);
  expect(gate).toMatchObject({ entered: 2, left: 2 });
});

test('so does its repeat after a broken connection', async () => {
  answerMessages((turn) => (turn === 0 ? undefined : ACCEPTED));
  const gate = aGate();

  const outcomes = await senderWithin(2_000, gate).send(aSendRequest());

  expect(outcomes).toEqual([{ kind: 'accepted', receiptId: 'm' }]);
  expect(gate).toMatchObject({ entered: 2, left: 2 });
});

test('a repeat that gets no pass does not go out', async () => {
  answerMessages(() => BUSY);
  const gate = aGate(1);

  const outcomes = await senderWithin(2_000, gate).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'unavailable', reason: { code: 'http-503' } }]);
  expect(messages()).toBe(1);
  expect(gate).toMatchObject({ entered: 1, left: 1 });
});

test('after the deadline no repeat goes out any more', async () => {
  answerMessages(() => BUSY);
  const gate = aGate();

  // tries at 0, 0 and 1 s; the next would be at 3 s
  const outcomes = await senderWithin(500, gate).send(aSendRequest());
  const sent = messages();
  await new Promise((resolve) => setTimeout(resolve, 1_200));

  expect(outcomes).toMatchObject([{ kind: 'unavailable', reason: { code: 'http-503' } }]);
  expect(sent).toBe(2);
  expect(messages()).toBe(2);
  expect(gate).toMatchObject({ entered: 2, left: 2 });
});

test('silence ends at the deadline, and gives its pass back', async () => {
  answerMessages(() => 'silence');
  const gate = aGate();

  const outcomes = await senderWithin(300, gate).send(aSendRequest());
  await new Promise((resolve) => setTimeout(resolve, 100));

  expect(outcomes).toEqual([
    { kind: 'unavailable', reason: { code: 'deadline', text: 'no answer in time' } },
  ]);
  expect(gate).toMatchObject({ entered: 1, left: 1 });
});

test('without a pass nothing is sent, and the others of the call do not wait for one either', async () => {
  answerMessages(() => ACCEPTED);
  let asked = 0;
  const closed: FlowGate = {
    awaitRoom: () => Promise.resolve({ kind: 'full' } as const),
    refuse: () => undefined,
    rest: () => Promise.resolve(),
    async enter(_weight, maxWaitMs) {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, Math.min(maxWaitMs, 50)));
      return undefined;
    },
  };
  const tokens: [string, ...string[]] = ['t', ...Array.from({ length: 299 }, (_, n) => `t${n}`)];

  const outcomes = await senderWithin(2_000, closed).send(aSendRequest({ tokens }));

  expect(outcomes).toHaveLength(300);
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toEqual(
    new Set([
      '{"kind":"throttled","scope":"second","reason":{"code":"flow-control","text":"our own flow limit has no room now"}}',
    ]),
  );
  expect(asked).toBeLessThanOrEqual(100);
  expect(messages()).toBe(0);
});

test('a limiter out of order sends nothing, and loses nothing', async () => {
  answerMessages(() => ACCEPTED);
  const broken: FlowGate = {
    awaitRoom: () => Promise.resolve({ kind: 'ready' } as const),
    refuse: () => undefined,
    rest: () => Promise.resolve(),
    enter: () => Promise.reject(new Error('table not found')),
  };

  const outcomes = await senderWithin(2_000, broken).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'throttled', reason: { code: 'flow-control' } }]);
  expect(messages()).toBe(0);
});

test('what had no time to go out is a wait, not a failure', async () => {
  answerMessages(() => ACCEPTED);
  const slow: FlowGate = {
    awaitRoom: () => Promise.resolve({ kind: 'ready' } as const),
    refuse: () => undefined,
    rest: () => Promise.resolve(),
    async enter(_weight, maxWaitMs) {
      await new Promise((resolve) => setTimeout(resolve, maxWaitMs + 20));
      return { leave: () => undefined };
    },
  };

  const outcomes = await senderWithin(100, slow).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'throttled', reason: { code: 'flow-control' } }]);
  expect(messages()).toBe(0);
});

test('two lanes of one certificate each use their own gate', async () => {
  answerMessages(() => ACCEPTED);
  const [direct, bulk] = [aGate(), aGate()];

  await senderWithin(2_000, direct).send(aSendRequest({ tokens: ['t1'] }));
  await senderWithin(2_000, bulk).send(aSendRequest({ tokens: ['t2', 't3'] }));

  expect(direct.entered).toBe(1);
  expect(bulk.entered).toBe(2);
});

test('slots run so many tasks at a time, in order, and survive a failing one', async () => {
  const inSlot = createSlots(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const task = (n: number) =>
    inSlot(async () => {
      started.push(n);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      if (n === 1) {
        throw new Error('one');
      }
      return n;
    });

  const ended = await Promise.allSettled([0, 1, 2, 3, 4].map(task));

  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
});
