import * as v from 'valibot';
import { logIn, reasonsIn } from '../support/journeys';
import { aMessage, type Service, startService, until } from '../support/service';
import { logInPhone, sendTo, storyWith } from '../support/vendor-journeys';

let service: Service;
beforeAll(async () => {
  service = await startService();
  await service.admin.call('PATCH', '/v1/app', { withdrawRead: true });
  // a container may go on with the settings it knows for a moment
  const token = await logIn(service, 'settled');
  await until(
    async () => {
      await shown('settled', token);
      return read('settled', Date.now());
    },
    ({ withdrawn }) => withdrawn > 0,
  );
});
afterAll(() => service.close());

const look = (token: string) => service.machine.simulators.phones.look(token);

/** Sends a message, and waits until it is in the tray. */
async function shown(
  accountId: string,
  token: string,
  changes: Record<string, unknown> = {},
): Promise<void> {
  const before = look(token).arrivals.length;
  await sendTo(service, [accountId], changes);
  await until(
    () => look(token).arrivals.length,
    (count) => count > before,
  );
}

const answer = v.object({
  accountId: v.string(),
  conversationId: v.string(),
  withdrawn: v.number(),
});

async function read(accountId: string, upTo: number, conversationId = 'c-1') {
  const body = { accountId, conversationId, upTo };
  return v.parse(answer, await service.server.call('POST', '/v1/reads', body));
}

test('what is read on one device leaves the tray of another, and no other conversation does', async () => {
  const token = await logIn(service, 'lena');
  await shown('lena', token);
  await shown('lena', token, { conversation: { id: 'c-2', type: 'p2p' }, body: 'still there' });
  await shown('lena', token);
  const lena = await service.as('device', 'lena');

  const told = await lena.call('POST', '/v1/reads', {
    accountId: 'lena',
    conversationId: 'c-1',
    upTo: Date.now(),
    colour: 'red',
  });
  const { tray } = await until(
    () => look(token),
    (phone) => phone.tray.length === 1,
  );

  expect(told).toEqual({
    accountId: 'lena',
    conversationId: 'c-1',
    withdrawn: 2,
    warnings: [expect.stringContaining('colour')],
  });
  expect(tray.map(({ body }) => body)).toEqual(['Bob:still there']);
  expect(await read('lena', Date.now())).toMatchObject({ withdrawn: 0 });
});

test('what came after it stays', async () => {
  const token = await logIn(service, 'mia');
  const sentAt = Date.now();
  await shown('mia', token, { sentAt: sentAt - 1_000 });
  await shown('mia', token, { sentAt, body: 'news' });

  expect(await read('mia', sentAt - 1)).toMatchObject({ withdrawn: 1 });
  const { tray } = await until(
    () => look(token),
    (phone) => phone.tray.length === 1,
  );
  expect(tray.map(({ body }) => body)).toEqual(['Bob:news']);
});

const appleMessage = v.object({ payload: v.object({ aps: v.unknown() }) });

test('an iPhone is told the number that is left, and nothing else', async () => {
  const token = await logInPhone(service, 'apns', 'ina');
  await shown('ina', token);
  await shown('ina', token, { conversation: { id: 'c-2', type: 'p2p' } });

  await read('ina', Date.now());
  const { arrivals } = await until(
    () => look(token),
    (phone) => phone.arrivals.length === 3,
  );

  const told = arrivals.map(({ fields }) => v.parse(appleMessage, fields).payload.aps);
  expect(told).toMatchObject([{ badge: 1 }, { badge: 2 }, { badge: 1 }]);
  expect(told[2]).toEqual({ badge: 1 });
});

test('a message that was read before it came is not pushed', async () => {
  await logIn(service, 'olga');
  await read('olga', Date.now());
  const reasonOf = async (changes: Record<string, unknown>) =>
    reasonsIn(await service.server.call('POST', '/v1/messages', aMessage(['olga'], changes)));

  expect(await reasonOf({ sentAt: Date.now() - 60_000 })).toEqual(['read']);
  expect(await reasonOf({ sentAt: Date.now() + 1_000 })).toEqual(['queued']);
});

test('a message that is read while it waits is not pushed any more', async () => {
  const token = await logIn(service, 'paul');
  const { xiaomi } = service.machine.simulators;
  xiaomi.control({ failNext: 1_000, status: 503 });
  const messageId = await sendTo(service, ['paul']);
  await storyWith(service, messageId, 'paul', 'unavailable');

  await read('paul', Date.now());
  const { outcomes } = await storyWith(service, messageId, 'paul', 'no-longer-wanted', 20_000);
  xiaomi.control({ failNext: 0 });

  expect(outcomes.at(-1)).toMatchObject({ kind: 'no-longer-wanted', code: 'read' });
  expect(look(token).tray).toEqual([]);
}, 30_000);

test('nobody reads for others, and what is wrong is named', async () => {
  const body = { accountId: 'lena', conversationId: 'c-1', upTo: Date.now() };
  const mallory = await service.as('device', 'mallory');

  expect(await mallory.try('POST', '/v1/reads', body)).toMatchObject({ status: 403 });
  expect(await service.server.try('POST', '/v1/reads', { upTo: -1 })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'accountId' }, { path: 'conversationId' }, { path: 'upTo' }] },
  });
  const nobody = { ...body, accountId: 'nobody' };
  expect(await service.server.try('POST', '/v1/reads', nobody)).toMatchObject({ status: 404 });
});
