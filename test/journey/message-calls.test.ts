import { logIn } from '../support/journeys';
import { aMessage, type Service, startService, until } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('a list with more decisions than an answer can carry is answered with counts, its repeat too', async () => {
  const accounts = Array.from({ length: 100 }, (_, index) => `crowded-${index}`);
  const logins = accounts.flatMap((accountId) =>
    Array.from({ length: 8 }, (_, device) => ({
      accountId,
      deviceId: `d${device}`,
      event: 'login',
    })),
  );
  await service.server.call('POST', '/v1/presence', { events: logins.slice(0, 400) });
  await service.server.call('POST', '/v1/presence', { events: logins.slice(400) });
  const messages = accounts.map(() => aMessage(accounts));

  const answer = await service.server.try('POST', '/v1/messages', { messages });
  const repeat = await service.server.try('POST', '/v1/messages', { messages });

  const told = (duplicate: boolean) => ({
    status: 202,
    body: {
      messages: messages.map(({ messageId }) => {
        return { messageId, duplicate, counts: { foreground: 800 }, reachable: 100 };
      }),
    },
  });
  expect(answer).toEqual(told(false));
  expect(repeat).toEqual(told(true));
});

test("a message in V1's words is pushed as it says", async () => {
  const token = await logIn(service, 'old-fashioned');
  const silent = aMessage(['old-fashioned'], { pushConfig: { option: '{"push":false}' } });
  const pushConfig = { needPush: true, needPushNick: false, payload: '{"pushTitle":"Hello"}' };
  const spoken = aMessage(['old-fashioned'], { pushConfig });

  const answers = [
    await service.server.call('POST', '/v1/messages', silent),
    await service.server.call('POST', '/v1/messages', spoken),
  ];
  const phone = await until(
    () => service.machine.simulators.phones.look(token),
    (seen) => seen.tray.length === 1,
  );

  expect(answers).toMatchObject([
    { recipients: [{ devices: [{ reason: 'push-not-enabled' }] }] },
    { recipients: [{ devices: [{ reason: 'queued' }] }] },
  ]);
  expect(phone.tray).toMatchObject([{ title: 'Hello', body: 'test text message' }]);
});

test('a repeat stays the same message when the app changes how long messages live', async () => {
  const message = aMessage(['nobody-waits']);
  const first = await service.server.call('POST', '/v1/messages', message);
  await service.admin.call('PATCH', '/v1/app', { ttlSeconds: 7_200 });
  // settings may be a quarter of a second old in a decision
  const repeat = await until(
    () => service.server.try('POST', '/v1/messages', message),
    ({ status }) => status !== 202,
    500,
  );
  await service.admin.call('PATCH', '/v1/app', { ttlSeconds: 86_400 });

  expect(first).toMatchObject({ duplicate: false });
  expect(repeat).toMatchObject({ status: 202, body: { duplicate: true } });
});
