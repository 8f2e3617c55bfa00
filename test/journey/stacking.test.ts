import * as v from 'valibot';
import { logIn } from '../support/journeys';
import { type Service, startService, until } from '../support/service';
import { sendTo } from '../support/vendor-journeys';

let service: Service;
beforeAll(async () => {
  service = await startService();
  await service.admin.call('PATCH', '/v1/app', {
    classes: {
      im: { collapse: 'conversation' },
      rare: { collapse: 'conversation', alertEverySeconds: 3_600 },
    },
  });
  // a container may go on with the settings it knows for a moment
  const token = await logIn(service, 'settled');
  await until(
    async () => {
      await text('settled', token, 'a');
      return look(token).tray;
    },
    (tray) => tray.some(({ body }) => body.startsWith('[')),
  );
});
afterAll(() => service.close());

const look = (token: string) => service.machine.simulators.phones.look(token);
const bodies = (token: string) => look(token).tray.map(({ body }) => body);

/** Sends a text, and waits until it has arrived. */
async function text(
  accountId: string,
  token: string,
  body: string,
  changes: Record<string, unknown> = {},
): Promise<void> {
  const before = look(token).arrivals.length;
  await sendTo(service, [accountId], { body, ...changes });
  await until(
    () => look(token).arrivals.length,
    (count) => count > before,
  );
}

test('a conversation has one entry, which says how many messages it stands for', async () => {
  const token = await logIn(service, 'lena');
  const seen = [];
  for (const body of ['一', '二', '三']) {
    await text('lena', token, body);
    seen.push(bodies(token));
  }

  expect(seen).toEqual([['Bob:一'], ['[2条] Bob:二'], ['[3条] Bob:三']]);
});

test('each conversation has its own, and looking at the app begins anew', async () => {
  const token = await logIn(service, 'mia');
  await text('mia', token, 'one');
  await text('mia', token, 'other', { conversation: { id: 'c-2', type: 'p2p' } });
  const apart = bodies(token);
  const presence = '/v1/accounts/mia/devices/d1/presence';
  await service.server.call('PUT', presence, { state: 'foreground' });
  await service.server.call('PUT', presence, { state: 'disconnected' });
  await text('mia', token, 'two');

  expect(apart).toEqual(['Bob:one', 'Bob:other']);
  expect(bodies(token)).toEqual(['Bob:other', 'Bob:two']);
});

test('it makes itself heard at most once in its time', async () => {
  const token = await logIn(service, 'nora');
  const sentAt = Date.now() - 4_000_000;
  const rare = { pushConfig: { messageClass: 'rare' } };
  for (const afterSeconds of [0, 1_000, 3_600]) {
    const at = { sentAt: sentAt + afterSeconds * 1_000 };
    await text('nora', token, 'knock', { ...rare, ...at });
  }

  const heard = look(token).arrivals.map(
    ({ fields }) => v.parse(v.object({ notify_type: v.string() }), fields).notify_type,
  );
  // all means; the light alone; all means
  expect(heard).toEqual(['-1', '4', '-1']);
});
