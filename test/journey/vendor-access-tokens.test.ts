import { startRelay } from '../support/relay';
import { type Service, startService, until } from '../support/service';
import {
  logInPhone,
  order,
  sendTo,
  storeVendorCertificate,
  storyWith,
} from '../support/vendor-journeys';
import { VENDORS, type Vendor } from '../support/vendor-phones';

const MESSAGES = 20;
const PATIENCE_MS = 25_000;

/** What a vendor wants to see beside each message. */
const ACCESS: Readonly<Record<Vendor, 'secret' | 'issued' | 'signed'>> = {
  xiaomi: 'secret',
  meizu: 'secret',
  huawei: 'issued',
  honor: 'issued',
  oppo: 'issued',
  vivo: 'issued',
  fcm: 'issued',
  apns: 'signed',
  harmony: 'signed',
};

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** As many phones, each with an account of its own. */
async function somePhones(vendor: Vendor, name: string, certificate: string = vendor) {
  const accounts = Array.from({ length: MESSAGES }, (_, index) => `${name}-${vendor}-${index}`);
  return Promise.all(
    accounts.map(async (account) => ({
      account,
      token: await logInPhone(service, vendor, account, { certificate }),
    })),
  );
}

/** A message to each phone, all at once, until each is shown; what became of them. */
async function sendToAll(phones: readonly { account: string; token: string }[]) {
  const messages = await Promise.all(phones.map(({ account }) => sendTo(service, [account])));
  await until(
    () => phones.map(({ token }) => service.machine.simulators.phones.look(token).tray.length),
    (trays) => !trays.includes(0),
    // containers that start all at once pass the vendor's limit on to each other, which takes seconds
    PATIENCE_MS,
  );
  const stories = await Promise.all(
    phones.map(({ account }, index) =>
      storyWith(service, messages[index] ?? '', account, 'accepted', PATIENCE_MS),
    ),
  );
  return stories.map(({ outcomes }) => outcomes.map(({ kind }) => kind).join());
}

const ONCE_EACH = Array.from({ length: MESSAGES }, () => 'accepted');

test.each(VENDORS.filter((vendor) => ACCESS[vendor] === 'issued'))(
  'an access token of %s is asked for once, and once more when it expires, whoever needs it',
  async (vendor) => {
    const simulator = service.machine.simulators[vendor];
    const phones = await somePhones(vendor, 'cold');
    const others = await somePhones(vendor, 'warm');

    const cold = await sendToAll(phones);
    const askedCold = simulator.counters().authRequests;
    order(service, vendor, { expireAccessTokens: true });
    const warm = await sendToAll(others);

    expect(cold).toEqual(ONCE_EACH);
    expect(askedCold).toBe(1);
    expect(warm).toEqual(ONCE_EACH);
    expect(simulator.counters().authRequests).toBe(2);
  },
  90_000,
);

test('a provider token of apns is signed once, and once more when Apple calls it expired', async () => {
  const { apns } = service.machine.simulators;
  const phones = await somePhones('apns', 'cold');
  const others = await somePhones('apns', 'warm');

  const cold = await sendToAll(phones);
  const signedCold = apns.counters().providerTokens;
  order(service, 'apns', { expireProviderTokens: true });
  const warm = await sendToAll(others);

  expect(cold).toEqual(ONCE_EACH);
  expect(signedCold).toBe(1);
  expect(warm).toEqual(ONCE_EACH);
  expect(apns.counters()).toMatchObject({ providerTokens: 2 });
  expect(Object.keys(apns.counters().refusedByCode)).toEqual(['ExpiredProviderToken']);
}, 90_000);

const EXPIRED = JSON.stringify({ code: '80200005', msg: 'Token expired', requestId: '1' });

test.each<Vendor>(['huawei', 'harmony'])(
  'a JWT of a service account of %s is signed anew, once in each container, when it is called expired',
  async (vendor) => {
    const { simulators, stack } = service.machine;
    const certificate = `${vendor} by service account`;
    const relay = await startRelay(simulators.url);
    const bearers = () => new Set(relay.calls.map(({ headers }) => headers.authorization ?? ''));
    await storeVendorCertificate(service, vendor, certificate, {
      endpoint: `${relay.url}/${vendor}`,
      ...(vendor === 'huawei' && { credentials: simulators.huawei.serviceAccountCredentials }),
    });
    const phones = await somePhones(vendor, 'signed', certificate);
    const others = await somePhones(vendor, 'signed-anew', certificate);

    const before = await sendToAll(phones);
    const expired = bearers();
    relay.answer = ({ headers: { authorization = '' } }) =>
      expired.has(authorization) ? { status: 401, body: EXPIRED } : undefined;
    const after = await sendToAll(others);
    await relay.close();

    const containers = stack.counters()[`send-${vendor}`]?.inits ?? 0;
    const anew = [...bearers()].filter((bearer) => !expired.has(bearer));
    expect(before).toEqual(ONCE_EACH);
    expect(after).toEqual(ONCE_EACH);
    expect(expired.size).toBeLessThanOrEqual(containers);
    expect(anew.length).toBeGreaterThan(0);
    expect(anew.length).toBeLessThanOrEqual(containers);
  },
  90_000,
);
