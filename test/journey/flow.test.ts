import { aCertificate, logIn, storeCertificate } from '../support/journeys';
import { aMessage, type Service, startService, until } from '../support/service';

let service: Service;

beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.close();
});

const flow = (query = '') => service.admin.call('GET', `/v1/flow${query}`);

test('every certificate is told of with its limit, and every vendor with what waits for it', async () => {
  const vendors = ['xiaomi', 'huawei', 'honor', 'oppo', 'vivo', 'meizu', 'fcm', 'apns', 'harmony'];
  const unused = { inUsePerSecond: 0, containers: 0, quotas: expect.any(Array) };
  const of = (vendor: string) => ({ ...unused, certificate: vendor, vendor });

  expect(await flow()).toMatchObject({
    certificates: expect.arrayContaining(vendors.map((one) => expect.objectContaining(of(one)))),
    backlog: expect.arrayContaining(vendors.map((vendor) => ({ vendor, direct: 0, bulk: 0 }))),
  });
});

test('the limit that an admin states counts at once', async () => {
  const certificate = { ...aCertificate(service, 'oppo'), limits: { ratePerSecond: 9 } };
  await service.admin.call('PUT', '/v1/certificates/stated', certificate);

  expect(await flow('?certificate=stated')).toEqual({
    certificates: [
      {
        certificate: 'stated',
        vendor: 'oppo',
        counts: 'tokens',
        limitPerSecond: 9,
        learnedPerSecond: 9,
        inUsePerSecond: 0,
        containers: 0,
        quotas: [],
      },
    ],
    backlog: [{ vendor: 'oppo', direct: 0, bulk: 0 }],
  });
});

test('of a daily total that is stated all is left while nothing was sent', async () => {
  const certificate = {
    ...aCertificate(service, 'vivo'),
    limits: { dailyTotals: { operational: 40 } },
  };
  await service.admin.call('PUT', '/v1/certificates/totals', certificate);

  expect(await flow('?certificate=totals')).toMatchObject({
    certificates: [{ quotas: [{ class: 'operational', total: 40, used: 0, left: 40 }] }],
  });
});

test('a name that is no certificate’s finds nothing, and one that can be none’s is refused', async () => {
  await storeCertificate(service, '小米 2');

  expect(await flow(`?vendor=xiaomi&certificate=${encodeURIComponent('小米 2')}`)).toMatchObject({
    certificates: [{ certificate: '小米 2' }],
  });
  expect(await flow('?vendor=vivo&certificate=xiaomi')).toEqual({ certificates: [], backlog: [] });
  for (const [query, path] of [
    ['?vendor=nokia', 'vendor'],
    ['?certificate=a%2Fb', 'certificate'],
  ]) {
    expect(await service.admin.try('GET', `/v1/flow${query}`)).toMatchObject({
      status: 400,
      body: { errors: [{ path }] },
    });
  }
});

test('an app sees its own certificates, and only an admin does', async () => {
  const otherAdmin = await service.as('admin', undefined, service.otherApp);

  expect(await otherAdmin.call('GET', '/v1/flow')).toEqual({ certificates: [], backlog: [] });
  expect(await service.server.try('GET', '/v1/flow')).toMatchObject({ status: 403 });
});

test('jobs that wait are counted in the queue of their lane', async () => {
  service.machine.simulators.vivo.control({ failNext: 1_000, status: 503 });
  const token = [{ certificate: 'vivo', token: 'v'.repeat(23) }];
  await logIn(service, 'val', { manufacturer: 'vivo', tokens: token });
  await service.server.call('POST', '/v1/messages', aMessage(['val']));

  const told = await until(
    () => flow('?vendor=vivo'),
    (one) => JSON.stringify(one).includes('"direct":1'),
  );

  expect(told).toMatchObject({ backlog: [{ vendor: 'vivo', direct: 1, bulk: 0 }] });
});
