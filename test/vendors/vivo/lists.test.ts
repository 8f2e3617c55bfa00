import { aGate, aNotification, aSendRequest, somePorts } from '../support';
import { AUTH, LIST, SAVE, SEND, startVivo } from './vivo-server';

let vivo: Awaited<ReturnType<typeof startVivo>>;

beforeAll(async () => {
  vivo = await startVivo();
});

afterAll(() => vivo.server.close());

test('lists of the same content share a saved body, side by side and after a wait', async () => {
  vivo.answer();
  const gate = aGate();
  const sender = vivo.sender({}, somePorts(gate));
  const list = (tokens: [string, ...string[]], ttlSeconds = 600) =>
    sender.send(aSendRequest({ tokens, ttlSeconds }));

  await Promise.all([list(['a', 'b']), list(['c', 'd'])]);
  await list(['e', 'f'], 599);
  await sender.send(
    aSendRequest({ tokens: ['a', 'b'], notification: aNotification({ notifyId: 8 }) }),
  );

  expect(vivo.bodies(SAVE)).toHaveLength(2);
  expect(vivo.bodies(LIST).map(({ taskId }) => taskId)).toEqual([
    'body-1',
    'body-1',
    'body-1',
    'body-2',
  ]);
});

test('a list that found no room is sent with the body saved for it', async () => {
  vivo.answer();
  const gate = aGate(1);
  const sender = vivo.sender({}, somePorts(gate));

  const held = await sender.send(aSendRequest({ tokens: ['a', 'b'] }));
  gate.entered = 0;
  const sent = await sender.send(aSendRequest({ tokens: ['a', 'b'] }));

  expect(held).toMatchObject(Array(2).fill({ reason: { code: 'flow-control' } }));
  expect(sent).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  expect(vivo.paths()).toEqual([AUTH, SAVE, LIST]);
});

test('a saved body that vivo knows no more is saved anew the next time', async () => {
  let isKnown = false;
  vivo.answer(({ path }) => (path === LIST && !isKnown ? { result: 10_203 } : undefined));
  const sender = vivo.sender();
  const list = () => sender.send(aSendRequest({ tokens: ['a', 'b'] }));

  expect(await list()).toMatchObject(Array(2).fill({ kind: 'misconfigured' }));
  isKnown = true;
  expect(await list()).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  expect(vivo.bodies(SAVE)).toHaveLength(2);
});

test('a body that could not be saved is no body for the next list', async () => {
  let saves = 0;
  vivo.answer(({ path }) => (path === SAVE && ++saves === 1 ? { result: 10_072 } : undefined));
  const sender = vivo.sender();
  const list = () => sender.send(aSendRequest({ tokens: ['a', 'b'] }));

  expect(await list()).toMatchObject(Array(2).fill({ kind: 'throttled', scope: 'second' }));
  expect(await list()).toMatchObject(Array(2).fill({ kind: 'accepted' }));
});

test('a body saved nobody knows where is none', async () => {
  vivo.answer(({ path }) => (path === SAVE ? { result: 0 } : undefined));

  expect(await vivo.sender().send(aSendRequest({ tokens: ['a', 'b'] }))).toMatchObject(
    Array(2).fill({ kind: 'unavailable', reason: { code: 'no-task-id', unmapped: true } }),
  );
  expect(vivo.paths()).toEqual([AUTH, SAVE]);
});

describe('when no more bodies can be saved today', () => {
  const NOON = Date.parse('2026-11-24T04:00:00Z');

  test('lists go one by one, until the day ends in China', async () => {
    vivo.answer(({ path }) => (path === SAVE ? { result: 10_252 } : undefined));
    const clock = { at: NOON, now: () => clock.at };
    const sender = vivo.sender({}, { ...somePorts(), clock });
    const list = () => sender.send(aSendRequest({ tokens: ['a', 'b', 'c'] }));

    expect(await list()).toEqual(Array(3).fill({ kind: 'accepted', receiptId: 'one' }));
    clock.at = NOON + 11 * 3_600_000;
    await list();
    expect(vivo.bodies(SAVE)).toHaveLength(1);
    expect(vivo.bodies(SEND)).toHaveLength(6);
    expect(new Set(vivo.bodies(SEND).map(({ requestId }) => requestId)).size).toBe(3);

    clock.at = NOON + 12 * 3_600_000;
    await list();
    expect(vivo.bodies(SAVE)).toHaveLength(2);
  });

  test('those without room or time wait', async () => {
    vivo.answer(({ path }) => (path === SAVE ? { result: 10_252 } : undefined));
    const tokens: [string, ...string[]] = ['t', ...Array.from({ length: 199 }, (_, n) => `t${n}`)];

    const outcomes = await vivo.sender({}, somePorts(aGate(11))).send(aSendRequest({ tokens }));

    const kinds = Map.groupBy(outcomes, ({ kind }) => kind);
    expect(kinds.get('accepted')).toHaveLength(10);
    expect(kinds.get('throttled')).toHaveLength(190);
    expect(vivo.bodies(SEND)).toHaveLength(10);
  });
});
