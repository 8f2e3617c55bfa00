import type { Certificate } from '../../../lib/model/certificate';
import { createXiaomiSender } from '../../../lib/vendors/xiaomi/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import {
  aGate,
  aNotification,
  aSendRequest,
  aXiaomiCertificate,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';

let simulators: Simulators;
let server: VendorServer;

beforeAll(async () => {
  simulators = await startSimulators();
  server = await startVendorServer();
});

beforeEach(() => simulators.xiaomi.reset());

afterAll(async () => {
  server.close();
  await simulators.close();
});

function aSender(change: Partial<Certificate> = {}, gate = aGate()) {
  const certificate = aXiaomiCertificate({
    endpoint: simulators.endpoint('xiaomi'),
    credentials: { ...simulators.credentials('xiaomi') },
    package: simulators.packageName,
    ...change,
  });
  return createXiaomiSender(certificate, somePorts(gate));
}

test('what was shown is taken out of the trays of these phones alone', async () => {
  const sender = aSender();
  const tokens = ['phone-1', 'phone-2', 'phone-3'] as const;
  await sender.send(aSendRequest({ tokens }));

  const outcomes = await sender.withdraw?.(aSendRequest({ tokens: ['phone-1', 'phone-2'] }));

  expect(outcomes).toEqual([{ kind: 'accepted' }, { kind: 'accepted' }]);
  const views = tokens.map((token) => simulators.phones.look(token));
  expect(views.map(({ tray }) => tray.length)).toEqual([0, 0, 1]);
  expect(views.map(({ withdrawn }) => withdrawn)).toEqual([1, 1, 0]);
});

test("it goes by the message's own id for Xiaomi where it was sent with one", async () => {
  const notification = aNotification({ fields: { xiaomiField: { notify_id: 99 } } });
  const request = aSendRequest({ notification, tokens: ['phone-4'] });
  await aSender().send(request);
  expect(simulators.phones.look('phone-4').tray).toMatchObject([{ notifyId: 99 }]);

  await aSender().withdraw?.(request);

  expect(simulators.phones.look('phone-4').tray).toEqual([]);
});

test('it is one request of one pass, with a field for each token', async () => {
  server.requests.length = 0;
  server.answer = () => ({ status: 200, body: '{"result":"ok","code":0,"trace_id":"X1"}' });
  const gate = aGate();
  const change = { endpoint: server.url, package: 'com.example.shop' };

  const outcomes = await aSender(change, gate).withdraw?.(
    aSendRequest({ tokens: ['regA==', 'a,b', 'regB='] }),
  );

  expect(outcomes?.map(({ kind }) => kind)).toEqual(['accepted', 'token-invalid', 'accepted']);
  expect(gate).toMatchObject({ entered: 1, left: 1 });
  expect(server.requests).toMatchObject([
    {
      method: 'POST',
      path: '/v1/message/regid/revoke',
      headers: {
        authorization: `key=${simulators.credentials('xiaomi').appSecret}`,
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      },
      body: 'registration_ids=regA%3D%3D&registration_ids=regB%3D&restricted_package_name=com.example.shop&notify_id=7',
    },
  ]);
});

test('refusals mean what they mean for a message', async () => {
  const credentials = { ...simulators.credentials('xiaomi'), appSecret: 'wrong' };
  const withdraw = async (tokens: readonly [string, ...string[]], change = {}, gate = aGate()) =>
    aSender(change, gate).withdraw?.(aSendRequest({ tokens }));

  expect(await withdraw(['dead-1'])).toMatchObject([{ kind: 'token-invalid' }]);
  expect(await withdraw(['phone-5'], { credentials })).toMatchObject([
    { kind: 'unauthorized', reason: { code: '21301' } },
  ]);
  expect(await withdraw(['phone-5'], { credentials: {} })).toMatchObject([
    { kind: 'misconfigured', reason: { code: 'certificate' } },
  ]);
  expect(await withdraw(['phone-5'], {}, aGate(0))).toMatchObject([
    { kind: 'throttled', reason: { code: 'flow-control' } },
  ]);
  simulators.xiaomi.control({ failNext: 1, status: 503 });
  expect(await withdraw(['phone-5'])).toMatchObject([{ kind: 'unavailable' }]);
});
