import * as v from 'valibot';
import { MINUTE_MS } from '../../lib/model/time';
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

test('a certificate in use holds some of its limit, and none once the work is done', async () => {
  const { meizu } = service.machine.simulators;
  const tokens = [{ certificate: 'meizu', token: 'm'.repeat(32) }];
  await logIn(service, 'mei', { manufacturer: 'Meizu', tokens });
  meizu.control({ latencyMs: 1_000 });
  await service.server.call('POST', '/v1/messages', aMessage(['mei']));

  const during = await until(
    () => used('meizu'),
    (one) => one.containers > 0,
  );
  const after = await until(
    () => used('meizu'),
    (one) => one.containers === 0,
  );
  meizu.control({ latencyMs: 0 });

  expect(during.containers).toBe(1);
  expect(during.inUsePerSecond).toBeGreaterThan(0);
  expect(during.inUsePerSecond).toBeLessThanOrEqual(during.limitPerSecond);
  expect(after.inUsePerSecond).toBe(0);
  const metrics = service.logs.filter((line) => line.includes('"vendor":"meizu"'));
  for (const metric of [
    `"FlowLimit":${during.limitPerSecond}`,
    `"FlowLearnedLimit":${during.learnedPerSecond}`,
    '"FlowUnitsUsed":1',
  ]) {
    expect(metrics).toContainEqual(expect.stringContaining(metric));
  }
});

test('what a vendor refused is missing from what was learned of its limit', async () => {
  const { xiaomi } = service.machine.simulators;
  const certificate = { ...aCertificate(service), limits: { ratePerSecond: 20 } };
  await service.admin.call('PUT', '/v1/certificates/xiaomi', certificate);
  const accounts = Array.from({ length: 12 }, (_, index) => `lena-${index}`);
  for (const account of accounts) await logIn(service, account);
  xiaomi.control({ ratePerSecond: 5 });
  for (const account of accounts) {
    await service.server.call('POST', '/v1/messages', aMessage([account], { body: account }));
  }

  const { limitPerSecond, learnedPerSecond } = await until(
    () => used('xiaomi'),
    (one) => one.learnedPerSecond < 20,
  );
  xiaomi.control({ ratePerSecond: null });

  expect(limitPerSecond).toBe(20);
  expect(learnedPerSecond).toBeLessThan(20);
});

test('a certificate that rests says until when', async () => {
  const began = Date.now();
  service.machine.simulators.xiaomi.control({ ipNotAllowed: true });
  await logIn(service, 'rex');
  await service.server.call('POST', '/v1/messages', aMessage(['rex']));

  const { pausedUntil = 0 } = await until(
    () => used('xiaomi'),
    (one) => one.pausedUntil !== undefined,
  );

  expect(pausedUntil).toBeGreaterThanOrEqual(began + 5 * MINUTE_MS);
  expect(pausedUntil).toBeLessThan(Date.now() + 6 * MINUTE_MS);
});

const flowOfOne = v.object({
  certificates: v.tuple([
    v.object({
      limitPerSecond: v.number(),
      learnedPerSecond: v.number(),
      inUsePerSecond: v.number(),
      containers: v.number(),
      pausedUntil: v.optional(v.number()),
    }),
  ]),
});

async function used(certificate: string) {
  const [one] = v.parse(flowOfOne, await flow(`?certificate=${certificate}`)).certificates;
  return one;
}
