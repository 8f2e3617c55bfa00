import { randomUUID } from 'node:crypto';
import { reasonsIn } from '../support/journeys';
import { aMessage, type Service, startService, until } from '../support/service';
import { logInPhone } from '../support/vendor-journeys';
import type { Vendor } from '../support/vendor-phones';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const NOTIFICATIONS = '/v1/notifications';

/** A custom notification of the shop's to these accounts. */
function aNotification(recipients: readonly unknown[], changes: Record<string, unknown> = {}) {
  return {
    messageId: randomUUID(),
    sender: { accountId: 'shop', nick: 'Shop' },
    recipients,
    pushConfig: { pushContent: 'Your parcel is here' },
    sentAt: Date.now(),
    ...changes,
  };
}

const send = (notification: object) => service.server.try('POST', NOTIFICATIONS, notification);

/** What arrived first at the phone of a new account that was sent this. */
async function arrivalAt(vendor: Vendor, changes: Record<string, unknown> = {}) {
  const accountId = `${vendor}-${randomUUID()}`;
  const token = await logInPhone(service, vendor, accountId);
  await service.server.call('POST', NOTIFICATIONS, aNotification([accountId], changes));
  const { tray, arrivals } = await until(
    () => service.machine.simulators.phones.look(token),
    (phone) => phone.arrivals.length > 0,
  );
  return { tray, fields: arrivals[0]?.fields };
}

test('a notification with a text is shown, and its content reaches the app alone', async () => {
  const { tray, fields } = await arrivalAt('xiaomi', { content: '{"do":"track"}' });

  expect(tray).toMatchObject([{ title: 'Shop', body: 'Shop:Your parcel is here' }]);
  expect(JSON.stringify(tray)).not.toContain('track');
  expect(JSON.stringify(fields)).toContain('track');
});

test('without a text nothing is pushed, and it is said why', async () => {
  await logInPhone(service, 'xiaomi', 'quiet');
  const notification = aNotification(['quiet'], { content: '{}', pushConfig: {} });

  const { status, body } = await send(notification);

  expect(status).toBe(202);
  expect(reasonsIn(body)).toEqual(['push-not-enabled']);
  expect(
    await service.server.call('GET', `/v1/messages/${notification.messageId}/trace`),
  ).toMatchObject({ devices: [{ decision: 'skip', reason: 'push-not-enabled' }] });
});

test.each<[Vendor, string, string]>([
  ['xiaomi', 'ding.mp3', 'android.resource://com.example.chat/raw/ding'],
  ['apns', 'ding.caf', 'ding.caf'],
])('its sound reaches %s', async (vendor, sound, sent) => {
  const { fields } = await arrivalAt(vendor, { sound });

  expect(JSON.stringify(fields)).toContain(`"${sent}"`);
});

test('it counts on the icon only if that is asked for', async () => {
  const badgeAfter = async (pushConfig: object) =>
    JSON.stringify((await arrivalAt('harmony', { pushConfig })).fields).includes('"addNum"');

  expect(await badgeAfter({ pushContent: 'Ding' })).toBe(false);
  expect(await badgeAfter({ pushContent: 'Ding', unreadEnabled: true })).toBe(true);
});

test('the same again answers the same and shows nothing new; another under its id is refused', async () => {
  const token = await logInPhone(service, 'xiaomi', 'again');
  const notification = aNotification(['again']);

  const first = await send(notification);
  const second = await send(notification);
  const other = await send({ ...notification, content: 'another' });
  const message = aMessage(['again'], { messageId: notification.messageId });
  const asMessage = await service.server.try('POST', '/v1/messages', message);
  const { arrivals } = await until(
    () => service.machine.simulators.phones.look(token),
    (phone) => phone.arrivals.length > 0,
  );

  expect(first).toMatchObject({ status: 202, body: { duplicate: false } });
  expect(second.body).toEqual({ ...Object(first.body), duplicate: true });
  expect([other.status, asMessage.status]).toEqual([409, 409]);
  expect(arrivals).toHaveLength(1);
});

test('5,000 accounts are taken and counted, one more is refused by the field', async () => {
  const accounts = Array.from({ length: 5_001 }, (_, index) => `n${index}`);

  expect(await send(aNotification(accounts))).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'recipients', message: 'must have at most 5000 entries' }] },
  });
  expect(await send(aNotification(accounts.slice(1)))).toMatchObject({
    status: 202,
    body: { counts: { 'unknown-account': 5_000 }, reachable: 0 },
  });
});
