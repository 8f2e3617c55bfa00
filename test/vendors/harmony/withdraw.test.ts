import type { Certificate } from '../../../lib/model/certificate';
import { harmony } from '../../../lib/vendors/harmony';
import { createHarmonySender } from '../../../lib/vendors/harmony/sender';
import type { SendRequest } from '../../../lib/vendors/vendor';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aHarmonyCertificate } from '../huawei/support';
import {
  aGate,
  aNotification,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';

test('HarmonyOS withdraws, and a sender without whole credentials says so', async () => {
  const sender = createHarmonySender(aHarmonyCertificate({ credentials: {} }), somePorts());

  expect(harmony.withdraws).toBe(true);
  expect(await sender.withdraw?.(aSendRequest({ tokens: ['a', 'b'] }))).toMatchObject(
    Array(2).fill({ kind: 'misconfigured', reason: { code: 'certificate' } }),
  );
});

describe('on the wire', () => {
  let server: VendorServer;

  beforeAll(async () => {
    server = await startVendorServer();
  });

  beforeEach(() => {
    server.requests.length = 0;
    server.answer = () => ({ status: 200, body: '{"code":"80000000","msg":"Success"}' });
  });

  afterAll(() => server.close());

  const withdraw = (request: Partial<SendRequest>, change = {}, gate = aGate()) =>
    createHarmonySender(
      aHarmonyCertificate({ endpoint: server.url, ...change }),
      somePorts(gate),
    ).withdraw?.(aSendRequest(request));

  test('the documented request goes to the address of the client and counts its tokens', async () => {
    const weights: number[] = [];
    const gate = aGate();
    const enter = gate.enter.bind(gate);
    gate.enter = (weight, maxWaitMs) => {
      weights.push(weight);
      return enter(weight, maxWaitMs);
    };
    const notification = aNotification({ notifyId: 1_234_567 });

    const outcomes = await withdraw({ notification, tokens: ['tokA', 'tokB', 'tokA'] }, {}, gate);

    expect(outcomes).toEqual(Array(3).fill({ kind: 'accepted' }));
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/v1/100200300/messages:revoke',
        headers: {
          'content-type': 'application/json',
          'push-type': '0',
          authorization: expect.stringMatching(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/),
        },
        body: '{"notifyId":1234567,"token":["tokA","tokB"]}',
      },
    ]);
    expect(weights).toEqual([2]);
  });

  test("the notification is named as it was sent: by its fields' own id if they have one", async () => {
    const fields = { harmonyField: { payload: { notification: { notifyId: 12_345 } } } };

    await withdraw({ notification: aNotification({ fields }) });

    expect(server.requests[0]?.body).toBe('{"notifyId":12345,"token":["regA=="]}');
  });

  test('no request has more tokens than the certificate may send in a second', async () => {
    await withdraw({ tokens: ['a', 'b', 'c'] }, { limits: { ratePerSecond: 2 } });

    const counts = server.requests.map(({ body }) => JSON.parse(body).token.length);
    expect(counts.sort()).toEqual([1, 2]);
  });

  test('without a pass nothing is asked, and nobody has failed', async () => {
    expect(await withdraw({}, {}, aGate(0))).toMatchObject([
      { kind: 'throttled', scope: 'second', reason: { code: 'flow-control' } },
    ]);
    expect(server.requests).toEqual([]);
  });

  test.each([
    [200, { code: '80100003', msg: 'no push-type' }, 'rejected'],
    [401, { code: '80200003', msg: 'expired' }, 'unauthorized'],
    [200, { code: '80300028', msg: 'new' }, 'unavailable'],
    [503, {}, 'throttled'],
  ])('HTTP %i with %j is %s', async (status, body, kind) => {
    server.answer = () => ({ status, body: JSON.stringify(body) });

    expect(await withdraw({})).toMatchObject([{ kind }]);
  });
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators();
  });

  beforeEach(() => simulators.harmony.reset());

  afterAll(() => simulators.close());

  const aSender = (change: Partial<Certificate> = {}) =>
    createHarmonySender(
      aHarmonyCertificate({
        endpoint: simulators.endpoint('harmony'),
        credentials: { ...simulators.credentials('harmony') },
        package: simulators.packageName,
        ...change,
      }),
      somePorts(),
    );

  test('what was sent leaves the tray, and nothing else does', async () => {
    const sender = aSender();
    const other = aNotification({ notifyId: 8, dedupeKey: 'kOther' });
    await sender.send(aSendRequest({ tokens: ['w-1', 'w-2'] }));
    await sender.send(aSendRequest({ notification: other, tokens: ['w-1'] }));

    expect(await sender.withdraw?.(aSendRequest({ tokens: ['w-1', 'w-2'] }))).toMatchObject(
      Array(2).fill({ kind: 'accepted' }),
    );
    expect(simulators.phones.look('w-1')).toMatchObject({ tray: [{ notifyId: 8 }], withdrawn: 1 });
    expect(simulators.phones.look('w-2').tray).toEqual([]);
  });

  test('what is not there any more is withdrawn as well', async () => {
    expect(await aSender().withdraw?.(aSendRequest({ tokens: ['w-3'] }))).toMatchObject([
      { kind: 'accepted' },
    ]);
  });

  test('each token has its own outcome', async () => {
    simulators.harmony.control({ illegalTokens: { abroad: 'countryNotSupport' } });

    expect(
      await aSender().withdraw?.(aSendRequest({ tokens: ['w-4', 'dead-1', 'abroad'] })),
    ).toMatchObject([
      { kind: 'accepted' },
      { kind: 'token-invalid', reason: { code: 'tokenFormatError' } },
      { kind: 'rejected', reason: { code: 'countryNotSupport' } },
    ]);
  });

  test('another client is refused', async () => {
    const credentials = { ...simulators.credentials('harmony'), clientId: '1' };

    expect(await aSender({ credentials }).withdraw?.(aSendRequest())).toMatchObject([
      { kind: 'unauthorized', reason: { code: '80200001' } },
    ]);
  });
});
