import { randomUUID } from 'node:crypto';
import { aMessage, type Service, startService, until, xiaomiPhone } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** The vendor is down for so long that the job waits past the five seconds after which it is decided again. */
async function whileVendorIsDown(account: string, act: () => Promise<void>) {
  const token = `reg-${randomUUID()}`;
  const { xiaomi, phones } = service.machine.simulators;
  await service.server.call('PUT', `/v1/accounts/${account}/devices/d1`, xiaomiPhone(token));
  xiaomi.control({ failNext: 1_000, status: 503 });
  const message = aMessage([account]);
  await service.server.call('POST', '/v1/messages', message);
  await until(
    () => xiaomi.counters().requests,
    (requests) => requests > 0,
  );
  await act();
  await new Promise((done) => setTimeout(done, 5_500));
  xiaomi.control({ failNext: 0 });
  const trace = await until(
    () => service.server.call('GET', `/v1/messages/${message.messageId}/trace`),
    (told) => /accepted|no-longer-wanted|expired/.test(JSON.stringify(told)),
    20_000,
  );
  return { trace, phone: phones.look(token), token };
}

test('a message waits while its vendor is down, and is shown once when it is back', async () => {
  const { trace, phone } = await whileVendorIsDown('patient', async () => {});

  expect(JSON.stringify(trace)).toContain('accepted');
  expect(phone.tray).toHaveLength(1);
}, 60_000);

test('a user who logs out while the job waits never sees it', async () => {
  const { trace, phone } = await whileVendorIsDown('leaver', async () => {
    await service.server.call('DELETE', '/v1/accounts/leaver/devices/d1/session');
  });

  expect(JSON.stringify(trace)).toContain('"no-longer-wanted","code":"logged-out"');
  expect(phone.tray).toHaveLength(0);
}, 60_000);

test('a dead token of a multi-token send is forgotten when its receipt comes', async () => {
  for (const name of ['living', 'dying']) {
    const token = `${name === 'dying' ? 'dead' : 'live'}-${randomUUID()}`;
    await service.server.call('PUT', `/v1/accounts/${name}/devices/d1`, xiaomiPhone(token));
  }

  await service.server.call(
    'POST',
    '/v1/messages',
    aMessage(['living', 'dying'], { conversation: { id: 'g2', type: 'team', name: 'Two' } }),
  );
  const account = await until(
    () => service.server.call('GET', '/v1/accounts/dying'),
    (seen) => JSON.stringify(seen).includes('"tokens":[]'),
  );

  expect(account).toMatchObject({ devices: [{ tokens: [], channel: { vendor: null } }] });
  expect(await service.server.call('GET', '/v1/accounts/living')).toMatchObject({
    devices: [{ tokens: [{ certificate: 'xiaomi' }] }],
  });
});
