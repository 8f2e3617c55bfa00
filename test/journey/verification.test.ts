import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { type SimulatedVendor, vendors } from '../../local/simulators/registry';
import type { VendorSimulator } from '../../local/simulators/vendor-simulator';
import { aCertificate } from '../support/journeys';
import { aMessage, type Service, startService, until } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const PEM = { type: 'pkcs8', format: 'pem' } as const;
const rsaKey = () =>
  String(generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export(PEM));
const ecKey = () =>
  String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(PEM));

const SECRET = 'nobody-gave-this-out';

/** By vendor: what makes credentials of the right form wrong, and the code and words the vendor has for it. */
const WRONG: Readonly<Record<SimulatedVendor, readonly [() => object, string]>> = {
  xiaomi: [() => ({ appSecret: SECRET }), '21301 .*Invalid application secret'],
  huawei: [() => ({ clientSecret: SECRET }), '1101-12304 .*invalid client_secret'],
  honor: [() => ({ clientSecret: SECRET }), 'invalid_client .*Invalid client credentials'],
  oppo: [() => ({ masterSecret: SECRET }), '16 .*Invalid signature'],
  vivo: [() => ({ appSecret: SECRET }), '10000 .*sign不合法'],
  meizu: [() => ({ appSecret: SECRET }), '1006 .*签名认证失败'],
  fcm: [() => signedBy(of('fcm').serviceAccount, rsaKey()), 'invalid_grant Invalid JWT Signature'],
  apns: [() => ({ privateKey: ecKey() }), 'InvalidProviderToken .*key'],
  harmony: [() => signedBy(of('harmony').serviceAccount, rsaKey()), '80200001 .*another key'],
};
const signedBy = (serviceAccount: object, key: string) => ({
  serviceAccount: { ...serviceAccount, private_key: key },
});
const of: Service['machine']['simulators']['credentials'] = (vendor) =>
  service.machine.simulators.credentials(vendor);

const path = (name: string) => `/v1/certificates/${name}`;
const put = (name: string, vendor: SimulatedVendor, changes: object = {}, query = '?verify=true') =>
  service.admin.try('PUT', `${path(name)}${query}`, {
    ...aCertificate(service, vendor),
    ...changes,
  });
const stored = (name: string) => service.admin.try('GET', path(name));
/** Whether the vendor issues access tokens. */
const hasTokens = (vendor: SimulatedVendor) =>
  service.machine.simulators.authEndpoint(vendor) !== undefined;
const requestsOf = (vendor: SimulatedVendor) => {
  const { requests, authRequests } = service.machine.simulators[vendor].counters();
  return requests + authRequests;
};

/** An address of this machine at which nobody listens. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe.each(vendors)('%s', (vendor) => {
  const name = (what: string) => `${what}-${vendor}`;

  test('credentials that it knows are accepted', async () => {
    const before = requestsOf(vendor);

    const answer = await put(name('good'), vendor);

    expect(answer).toMatchObject({ status: 200, body: { verification: { result: 'accepted' } } });
    expect(requestsOf(vendor)).toBeGreaterThan(before);
    expect(await stored(name('good'))).toMatchObject({ status: 200, body: { vendor } });
  });

  test('a wrong secret is refused in its own words, and nothing is stored', async () => {
    const [change, words] = WRONG[vendor];
    const credentials = { ...of(vendor), ...change() };

    const answer = await put(name('bad'), vendor, { credentials });

    const message = expect.stringMatching(`^${vendor} refuses them: ${words}`);
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'credentials', message }] },
    });
    expect(await stored(name('bad'))).toMatchObject({ status: 404 });
    expect([JSON.stringify(answer), ...service.logs].join('\n')).not.toMatch(
      new RegExp(`${SECRET}|PRIVATE KEY`),
    );
  });

  test('where it cannot be reached, the result is unknown, and the certificate is stored', async () => {
    const nowhere = await closedAddress();

    const answer = await put(name('far'), vendor, {
      endpoint: nowhere,
      ...(hasTokens(vendor) && { authEndpoint: nowhere }),
    });

    expect(answer).toMatchObject({
      status: 200,
      body: { verification: { result: 'unknown', code: 'network' } },
    });
    expect(await stored(name('far'))).toMatchObject({ status: 200, body: { endpoint: nowhere } });
  });

  test('in trouble of its own it neither accepts nor refuses', async () => {
    const simulator: VendorSimulator = service.machine.simulators[vendor];
    const trouble = hasTokens(vendor) ? { failNextAuth: 9 } : { failNext: 9, status: 503 };

    const complaint = simulator.obey(trouble);
    const answer = await put(name('ill'), vendor);
    simulator.reset();

    expect(complaint).toBeUndefined();
    expect(answer).toMatchObject({ status: 200, body: { verification: { result: 'unknown' } } });
  });

  test.each(['', '?verify=false'])('nobody asks it with the query "%s"', async (query) => {
    const before = requestsOf(vendor);
    const credentials = { ...of(vendor), ...WRONG[vendor][0]() };

    const answer = await put(name('unasked'), vendor, { credentials }, query);

    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).not.toHaveProperty('verification');
    expect(requestsOf(vendor)).toBe(before);
  });
});

test('what is neither true nor false is no answer to whether to verify', async () => {
  const answer = await put('maybe', 'xiaomi', {}, '?verify=maybe');

  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'verify' }] } });
  expect(await stored('maybe')).toMatchObject({ status: 404 });
});

test('a certificate that works is not replaced by one that the vendor refuses', async () => {
  const before = await stored('xiaomi');
  const credentials = { ...of('xiaomi'), appSecret: SECRET };

  const answer = await put('xiaomi', 'xiaomi', { credentials, limits: { ratePerSecond: 7 } });

  expect(answer).toMatchObject({ status: 400 });
  expect(await stored('xiaomi')).toEqual(before);
});

test('a wrong setting is refused like a wrong secret', async () => {
  const answer = await put('misnamed', 'xiaomi', { package: 'com.example.other' });

  const message = expect.stringMatching(/^xiaomi refuses them: 22022 /);
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ message }] } });
  expect(await stored('misnamed')).toMatchObject({ status: 404 });
});

test('APNs is asked with the provider token of the senders, so that no push waits for another one', async () => {
  const token = `a1${'0'.repeat(62)}`;
  const verified = [await put('apns', 'apns'), await put('apns', 'apns')];

  await service.server.call('PUT', '/v1/accounts/verified/devices/d1', {
    platform: 'ios',
    package: service.machine.simulators.packageName,
    tokens: [{ certificate: 'apns', token }],
  });
  await service.server.call('POST', '/v1/messages', aMessage(['verified']));
  const phone = await until(
    () => service.machine.simulators.phones.look(token),
    ({ tray }) => tray.length > 0,
  );

  const accepted = { status: 200, body: { verification: { result: 'accepted' } } };
  expect(verified).toMatchObject([accepted, accepted]);
  expect(phone.tray).toHaveLength(1);
});
