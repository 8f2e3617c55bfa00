import { createApnsSender } from '../../../lib/vendors/apns/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aGate, aNotification, anAccessTokenStore, aSendRequest, somePorts } from '../support';
import { anApnsCertificate } from './support';
import { useApns } from './use-apns';

const own = useApns();
const accepted = { kind: 'accepted' };

test('the number on the icon is set by a push of that alone, which no phone is kept for', async () => {
  const gate = aGate();
  const notification = aNotification({ badge: { set: 2 } });

  const outcomes = await own
    .sender(undefined, somePorts(gate))
    .withdraw?.(aSendRequest({ notification, tokens: ['a', 'b'] }));

  expect(outcomes).toMatchObject([accepted, accepted]);
  expect(gate).toMatchObject({ entered: 2, left: 2 });
  const [first] = own.server.requests;
  expect(own.server.requests.map(({ path }) => path).sort()).toEqual([
    '/3/device/a',
    '/3/device/b',
  ]);
  expect(first?.headers).toMatchObject({
    'apns-push-type': 'alert',
    'apns-priority': '10',
    'apns-expiration': '0',
  });
  expect(first?.headers).not.toHaveProperty('apns-collapse-id');
  expect(first?.body).toBe('{"aps":{"badge":2}}');
});

test('without a number to set nothing is asked of Apple', async () => {
  const gate = aGate();
  const sender = own.sender(undefined, somePorts(gate));

  for (const badge of [undefined, { add: 1 }]) {
    const notification = aNotification(badge && { badge });
    expect(await sender.withdraw?.(aSendRequest({ notification, tokens: ['a', 'b'] }))).toEqual([
      accepted,
      accepted,
    ]);
  }

  expect(gate.entered).toBe(0);
  expect(own.server.requests).toEqual([]);
});

test('refusals mean what they mean for a message', async () => {
  const notification = aNotification({ badge: { set: 0 } });
  const withdraw = (certificate = own.aFreshCertificate(), gate = aGate()) =>
    own.sender(certificate, somePorts(gate)).withdraw?.(aSendRequest({ notification }));

  own.server.answer = () => ({ status: 410, body: '{"reason":"Unregistered"}' });
  expect(await withdraw()).toMatchObject([{ kind: 'token-invalid' }]);
  own.server.answer = () => ({ status: 503, body: '{"reason":"ServiceUnavailable"}' });
  expect(await withdraw()).toMatchObject([{ kind: 'unavailable' }]);
  expect(await withdraw(undefined, aGate(0))).toMatchObject([
    { kind: 'throttled', reason: { code: 'flow-control' } },
  ]);
  expect(await withdraw(own.aFreshCertificate({ credentials: {} }))).toMatchObject([
    { kind: 'misconfigured', reason: { code: 'certificate' } },
  ]);
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators();
  });

  afterAll(() => simulators.close());

  test('what is shown stays, with another number on the icon', async () => {
    const certificate = anApnsCertificate({
      name: 'badges',
      endpoint: simulators.endpoint('apns'),
      credentials: { ...simulators.credentials('apns') },
    });
    const sender = createApnsSender(certificate, somePorts(aGate(), anAccessTokenStore()));
    const token = '5e'.repeat(32);
    await sender.send(aSendRequest({ tokens: [token] }));
    const notification = aNotification({ badge: { set: 0 } });

    await sender.withdraw?.(aSendRequest({ notification, tokens: [token] }));

    const { tray, arrivals } = simulators.phones.look(token);
    expect(tray).toHaveLength(1);
    expect(arrivals.map(({ effect }) => effect)).toEqual(['shown', 'silent']);
    expect(arrivals.at(-1)?.fields).toMatchObject({ payload: { aps: { badge: 0 } } });
  });
});
