import { aGate, aSendRequest, somePorts } from '../support';
import { AUTH, aWeighingGate, type Body, LIST, SAVE, SEND, startVivo } from './vivo-server';

let vivo: Awaited<ReturnType<typeof startVivo>>;

beforeAll(async () => {
  vivo = await startVivo();
});

afterAll(() => vivo.server.close());

test('one phone gets a request of its own, with the auth token in a header', async () => {
  vivo.answer();
  const { gate, weights } = aWeighingGate();

  const outcomes = await vivo
    .sender({}, somePorts(gate))
    .send(aSendRequest({ tokens: ['v2-a'], receiptUrl: 'https://push.example.com/r/abc' }));

  expect(outcomes).toEqual([{ kind: 'accepted', receiptId: 'one' }]);
  expect(vivo.paths()).toEqual([AUTH, SEND]);
  expect(weights).toEqual([1]);
  const [, request] = vivo.server.requests;
  expect(request?.headers['authtoken']).toBe('a1');
  expect(vivo.bodies(SEND)).toEqual([
    {
      appId: 10086,
      regId: 'v2-a',
      notifyType: 4,
      title: '订单 已发货',
      content: '包裹 A&B 100%',
      timeToLive: 86_400,
      skipType: 1,
      networkType: -1,
      classification: 1,
      category: 'IM',
      clientCustomMap: { id: '42', k: 'a b+c' },
      extra: { callback: 'https://push.example.com/r/abc', 'callback.param': 'job-42' },
      requestId: expect.stringMatching(/^kAbCdEfGhIj1-[0-9a-f]{32}$/),
      pushMode: 0,
      notifyId: 7,
      foregroundShow: false,
    },
  ]);
});

test('several phones get a saved body, and the list counts each of them', async () => {
  vivo.answer(({ path }) =>
    path === LIST ? { result: 0, invalidUsers: [{ status: 2, userid: 'v2-b' }] } : undefined,
  );
  const { gate, weights } = aWeighingGate();

  const outcomes = await vivo
    .sender({}, somePorts(gate))
    .send(
      aSendRequest({ tokens: ['v2-a', 'v2-b', 'v2-a'], receiptUrl: 'https://push.example.com/r' }),
    );

  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'token-invalid', 'accepted']);
  expect(vivo.paths()).toEqual([AUTH, SAVE, LIST]);
  expect(weights).toEqual([1, 2]);
  const [saved] = vivo.bodies(SAVE);
  expect(saved).not.toHaveProperty('regId');
  expect(saved).not.toHaveProperty('extra');
  expect(vivo.bodies(LIST)).toEqual([
    {
      taskId: 'body-1',
      regIds: ['v2-a', 'v2-b'],
      requestId: expect.stringMatching(/^kAbCdEfGhIj1-[0-9a-f]{32}$/),
    },
  ]);
});

test('one phone named twice is one phone', async () => {
  vivo.answer();

  const outcomes = await vivo.sender().send(aSendRequest({ tokens: ['v2-a', 'v2-a'] }));

  expect(outcomes).toEqual(Array(2).fill({ kind: 'accepted', receiptId: 'one' }));
  expect(vivo.paths()).toEqual([AUTH, SEND]);
});

describe('words vivo does not take', () => {
  const isPlain = ({ title }: Body) => title === '新消息';

  test('are replaced by plain ones, for one phone', async () => {
    vivo.answer(({ path }, body) =>
      path === SEND && !isPlain(body) ? { result: 10_104 } : undefined,
    );

    expect(await vivo.sender().send(aSendRequest())).toMatchObject([{ kind: 'accepted' }]);

    const [own, plain] = vivo.bodies(SEND);
    expect(plain).toMatchObject({ title: '新消息', content: '您收到一条新消息', notifyId: 7 });
    expect(plain?.['requestId']).not.toBe(own?.['requestId']);
  });

  test('and for several', async () => {
    vivo.answer(({ path }, body) =>
      path === SAVE && !isPlain(body) ? { result: 10_085 } : undefined,
    );

    const outcomes = await vivo.sender().send(aSendRequest({ tokens: ['a', 'b'] }));

    expect(outcomes).toMatchObject(Array(2).fill({ kind: 'accepted' }));
    expect(vivo.bodies(SAVE).map(isPlain)).toEqual([false, true]);
    expect(vivo.bodies(LIST)).toHaveLength(1);
  });

  test('not even plainly told are the end of it', async () => {
    vivo.answer(({ path }) => ([SEND, SAVE].includes(path) ? { result: 10_104 } : undefined));

    for (const tokens of [['a'], ['a', 'b']] as const) {
      const outcomes = await vivo.sender().send(aSendRequest({ tokens: [...tokens] }));
      expect(outcomes).toMatchObject(
        tokens.map(() => ({ kind: 'rejected', reason: { code: '10104' } })),
      );
    }
    expect(vivo.bodies(SEND)).toHaveLength(2);
    expect(vivo.bodies(SAVE)).toHaveLength(2);
  });
});

describe('an auth token', () => {
  test.each([10_000, 10_001])('refused with %i is replaced, and all goes on', async (result) => {
    vivo.answer(({ headers, path }) =>
      path !== AUTH && headers['authtoken'] === 'a1' ? { result } : undefined,
    );

    const outcomes = await vivo.sender().send(aSendRequest({ tokens: ['a', 'b'] }));

    expect(outcomes).toMatchObject(Array(2).fill({ kind: 'accepted' }));
    expect(vivo.paths()).toEqual([AUTH, SAVE, AUTH, SAVE, LIST]);
  });

  test('refused again is the end of it', async () => {
    vivo.answer(({ path }) => (path === SEND ? { result: 10_000 } : undefined));

    expect(await vivo.sender().send(aSendRequest())).toMatchObject([
      { kind: 'unauthorized', reason: { code: '10000' } },
    ]);
    expect(vivo.paths()).toEqual([AUTH, SEND, AUTH, SEND]);
    const [first, second] = vivo.bodies(SEND);
    expect(second).toEqual(first);
  });

  test('that is not to be had is told to every phone', async () => {
    vivo.answer(({ path }) => (path === AUTH ? { result: 10_000 } : undefined));

    expect(await vivo.sender().send(aSendRequest({ tokens: ['a', 'b'] }))).toMatchObject(
      Array(2).fill({ kind: 'unauthorized' }),
    );
    expect(vivo.paths()).toEqual([AUTH]);
  });

  test('comes from an address of its own where there is one', async () => {
    vivo.answer();
    const endpoint = `${vivo.server.url}/push/`;

    await vivo.sender({ endpoint, authEndpoint: `${vivo.server.url}/auth` }).send(aSendRequest());

    expect(vivo.paths()).toEqual([`/auth${AUTH}`, `/push${SEND}`]);
  });
});

test('without a pass nothing is sent, and nobody has failed', async () => {
  vivo.answer();

  for (const tokens of [['a'], ['a', 'b']] as const) {
    const sender = vivo.sender({}, somePorts(aGate(0)));
    expect(await sender.send(aSendRequest({ tokens: [...tokens] }))).toMatchObject(
      tokens.map(() => ({ kind: 'throttled', reason: { code: 'flow-control' } })),
    );
  }
  expect(vivo.paths()).toEqual([AUTH, AUTH]);
});

test('when the time is over, the message waits', async () => {
  vivo.answer();
  // the auth token takes nearly all of the time
  const clock = { now: () => 1_760_000_000_000 + vivo.paths().length * 5_800 };

  const outcomes = await vivo.sender({}, { ...somePorts(), clock }).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'throttled', reason: { code: 'flow-control' } }]);
  expect(vivo.paths()).toEqual([AUTH]);
});

test('when the time is over after a refusal, that is what is told', async () => {
  const clock = { at: 1_760_000_000_000, now: () => clock.at };
  vivo.answer(({ path }) => {
    if (path === AUTH) return undefined;
    clock.at += 5_000;
    return { result: 10_000 };
  });

  const outcomes = await vivo.sender({}, { ...somePorts(), clock }).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'unauthorized', reason: { code: '10000' } }]);
  expect(vivo.paths()).toEqual([AUTH, SEND, AUTH]);
});

test('broken credentials are misconfigured', async () => {
  vivo.answer();
  const outcomes = await vivo.sender({ credentials: { appKey: 'x' } }).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'misconfigured', reason: { code: 'certificate' } }]);
  expect(vivo.paths()).toEqual([]);
});
