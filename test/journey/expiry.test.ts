import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { createClient } from '../local/dynamodb/store';
import { logIn } from '../support/journeys';
import { type Service, startService, until } from '../support/service';

const DEVICE = '/v1/accounts/alice/devices/d1';

let service: Service;
let table: ReturnType<typeof createClient>;
beforeAll(async () => {
  service = await startService();
  table = createClient(service.machine.stack.dynamoDbUrl);
});
afterAll(async () => {
  table.destroy();
  await service.close();
});

/** In how many days alice's account will be deleted if nobody hears of her. */
async function daysLeft(): Promise<number> {
  const { stack, app } = service.machine;
  const { Item } = await table.send(
    new GetCommand({
      TableName: stack.tableName('DevicesTable'),
      Key: { pk: `account/${app.key}/alice` },
    }),
  );
  return Math.round((Number(Item?.['expiresAt']) - Date.now() / 1_000) / 86_400);
}

test('an account is kept for as long as the app says, and a month, from its last sign of life on', async () => {
  const { server, admin } = service;
  await logIn(service, 'alice');
  expect(await daysLeft()).toBe(270 + 30);

  const signs: readonly (() => Promise<unknown>)[] = [
    () => server.call('PUT', `${DEVICE}/presence`, { state: 'foreground' }),
    () => server.call('PUT', `${DEVICE}/tokens/xiaomi`, { token: `t-${Date.now()}` }),
    () => logIn(service, 'alice'),
  ];
  let days = 300;
  for (const act of signs) {
    days += 1;
    await admin.call('PATCH', '/v1/app', { deviceInactiveDays: days });
    // a switch says nothing of whether the phone is alive
    await server.call('PATCH', DEVICE, { pushEnabled: true });
    expect(await daysLeft()).not.toBe(days + 30);
    const left = await until(
      () => act().then(daysLeft),
      (now) => now === days + 30,
    );
    expect(left).toBe(days + 30);
  }
});
