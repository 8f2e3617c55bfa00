import { randomUUID } from 'node:crypto';
import { aMessage, type Service, startService, until, xiaomiPhone } from '../support/service';

const MESSAGES = 1_000;
const PHONES = 50;
const KILLS = 5;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('1,000 messages through five killed senders and a failing vendor: each is shown exactly once', async () => {
  const { stack, simulators } = service.machine;
  const run = randomUUID().slice(0, 8);
  const tokens = Array.from({ length: PHONES }, (_, index) => `reg-${run}-${index}`);
  for (const [index, token] of tokens.entries()) {
    await service.server.call('PUT', `/v1/accounts/u${index}/devices/d`, xiaomiPhone(token));
  }
  simulators.xiaomi.control({ latencyMs: 150 });

  let kills = 0;
  const killing = (async () => {
    while (kills < KILLS) {
      if (stack.kill('send-xiaomi')) kills++;
      await new Promise((done) => setTimeout(done, 400));
    }
  })();
  const messages = Array.from({ length: MESSAGES }, (_, index) =>
    aMessage([`u${index % PHONES}`], { body: `message ${index}` }),
  );
  for (let at = 0; at < MESSAGES; at += 10) {
    await service.server.call('POST', '/v1/messages', { messages: messages.slice(at, at + 10) });
    if (at === 300) simulators.xiaomi.control({ failNext: 100, status: 503 });
  }
  await killing;
  const shown = () =>
    tokens.reduce((sum, token) => sum + simulators.phones.look(token).tray.length, 0);
  await until(shown, (count) => count === MESSAGES, 150_000);
  await new Promise((done) => setTimeout(done, 2_000));

  const phones = tokens.map((token) => simulators.phones.look(token));
  const bodies = phones.flatMap(({ tray }) => tray.map(({ body }) => body));
  expect(kills).toBe(KILLS);
  expect(new Set(bodies).size).toBe(MESSAGES);
  expect(bodies).toHaveLength(MESSAGES);
  const repeats = phones.reduce((sum, phone) => sum + phone.repeats, 0);
  process.stdout.write(`${repeats} repeats reached the vendor and were not shown again\n`);
}, 240_000);
