import { randomUUID } from 'node:crypto';
import { logIn, storeCertificate } from '../support/journeys';
import { jobOf, openQueues, type Queues } from '../support/queues';
import { aMessage, type Service, startService, until } from '../support/service';

const LATENCY_MS = 300;

let service: Service;
let queues: Queues;
beforeAll(async () => {
  service = await startService();
  queues = openQueues(service);
});
afterAll(async () => {
  queues.close();
  await service.close();
});

afterEach(() => queues.drained('XiaomiDirectQueue'));

const PHONES = {
  xiaomi: { platform: 'android', manufacturer: 'Xiaomi', package: 'com.example.chat' },
  fcm: { platform: 'android', googleServices: true, package: 'com.example.chat' },
} as const;
type Vendor = keyof typeof PHONES;

const tray = (token: string) => service.machine.simulators.phones.look(token).tray;
const renew = (account: string, token: string, certificate: string) =>
  service.server.call('PUT', `/v1/accounts/${account}/devices/d1/tokens/${certificate}`, { token });
/** The vendor whose token leads to the phone now, or null. */
const channelOf = async (account: string) => {
  const view = JSON.stringify(await service.server.call('GET', `/v1/accounts/${account}`));
  return /"channel":{"vendor":(null|"\w+")/.exec(view)?.[1];
};
const told = (messageId: unknown, text: string) =>
  until(
    async () => JSON.stringify(await service.server.call('GET', `/v1/messages/${messageId}/trace`)),
    (trace) => trace.includes(text),
  );

/** Does something while a message is on its way to a vendor that will call its token dead. */
async function duringSend(
  vendor: Vendor,
  account: string,
  act: (token: string) => Promise<unknown>,
) {
  const simulator = service.machine.simulators[vendor];
  const token = `${vendor}-${randomUUID()}`;
  // of its own, so that no sender holds its limit yet
  const certificate = `of ${account}`;
  await storeCertificate(service, certificate, { vendor });
  await service.server.call('PUT', `/v1/accounts/${account}/devices/d1`, {
    ...PHONES[vendor],
    tokens: [{ certificate, token }],
  });
  simulator.reset();
  simulator.control({ deadTokens: [token], latencyMs: LATENCY_MS });
  const message = aMessage([account]);
  await service.server.call('POST', '/v1/messages', message);
  await until(
    () => JSON.stringify(simulator.front.captured.last(20)),
    (requests) => requests.includes(token),
  );
  await act(token);
  simulator.control({ latencyMs: 0 });
  return { token, message };
}

test.each<Vendor>(['xiaomi', 'fcm'])(
  'a token renewed while its predecessor is being sent to %s is kept and gets the push',
  async (vendor) => {
    const account = `renewed-${vendor}`;
    const renewed = `${vendor}-${randomUUID()}`;

    const { token, message } = await duringSend(vendor, account, () =>
      renew(account, renewed, `of ${account}`),
    );

    expect(
      await until(
        () => tray(renewed),
        (shown) => shown.length > 0,
      ),
    ).toMatchObject([{ vendor }]);
    expect(tray(token)).toHaveLength(0);
    expect(await told(message.messageId, 'accepted')).toMatch(/token-invalid.*accepted/);
    expect(await channelOf(account)).toBe(`"${vendor}"`);
  },
);

test('a token registered again while it is being sent to is kept, whatever the vendor says of it', async () => {
  const { message } = await duringSend('xiaomi', 'insistent', (token) =>
    renew('insistent', token, 'of insistent'),
  );

  await told(message.messageId, 'token-invalid');

  expect(await channelOf('insistent')).toBe('"xiaomi"');
});

test('a dead token that nobody renewed is forgotten', async () => {
  const { message } = await duringSend('xiaomi', 'dead', async () => {});

  await told(message.messageId, 'token-invalid');

  expect(await channelOf('dead')).toBe('null');
});

test('a dead token that has moved to another account by then stays there', async () => {
  const { message } = await duringSend('xiaomi', 'seller', (sold) =>
    service.server.call('PUT', '/v1/accounts/buyer/devices/d1', {
      ...PHONES.xiaomi,
      tokens: [{ certificate: 'xiaomi', token: sold }],
    }),
  );

  await told(message.messageId, 'token-invalid');

  expect(await channelOf('seller')).toBe('null');
  expect(await channelOf('buyer')).toBe('"xiaomi"');
});

test('a token renewed while the job waited gets the push in place of the old one', async () => {
  service.machine.simulators.xiaomi.reset();
  const old = await logIn(service, 'waited');
  const message = aMessage(['waited']);
  const job = jobOf(service, message, { accountId: 'waited', token: old });
  const renewed = `reg-${randomUUID()}`;
  await renew('waited', renewed, 'xiaomi');

  await queues.send('XiaomiDirectQueue', { ...job, decidedAt: job.decidedAt - 60_000 });

  expect(
    await until(
      () => tray(renewed),
      (shown) => shown.length > 0,
    ),
  ).toHaveLength(1);
  expect(tray(old)).toHaveLength(0);
});

test.each<[string, number, string]>([
  ['before a token was renewed leaves it', -60_000, '"xiaomi"'],
  ['after it was registered takes it away', 1_000, 'null'],
])('a receipt written %s', async (_case, offsetMs, channel) => {
  const account = `receipt${offsetMs}`;
  const token = await logIn(service, account);
  const certificate = await service.admin.call('GET', '/v1/certificates/xiaomi');
  const [, receiptId] = /"receiptId":"([\w-]+)"/.exec(JSON.stringify(certificate)) ?? [];

  const answer = await fetch(`${service.machine.stack.url}/r/${receiptId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      data: JSON.stringify({
        m1: { type: 16, targets: token, param: 'job', timestamp: Date.now() + offsetMs },
      }),
    }),
  });

  expect(answer.status).toBe(200);
  expect(await channelOf(account)).toBe(channel);
});
