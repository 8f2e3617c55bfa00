import { randomUUID } from 'node:crypto';
import { openQueues, type Queues } from '../support/queues';
import { aMessage, type Service, startService, until } from '../support/service';
import {
  logInPhone,
  order,
  sendTo,
  shownOn,
  storeVendorCertificate,
  storyWith,
} from '../support/vendor-journeys';

let service: Service;
let queues: Queues;
beforeAll(async () => {
  service = await startService();
  queues = openQueues(service);
});
afterEach(() => service.machine.simulators.xiaomi.reset());
afterAll(async () => {
  queues.close();
  await service.close();
});

const look = (token: string) => service.machine.simulators.phones.look(token);

/** Accounts with one phone each, under a certificate that may send so many requests a second. */
async function phonesWithLimit(certificate: string, ratePerSecond: number, count: number) {
  await storeVendorCertificate(service, 'xiaomi', certificate, { limits: { ratePerSecond } });
  order(service, 'xiaomi', { ratePerSecond });
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const account = `${certificate}-${index}`;
      return { account, token: await logInPhone(service, 'xiaomi', account, { certificate }) };
    }),
  );
}

test('of far more than the limit nothing is lost, doubled, refused or dead-lettered, and what is too old says so', async () => {
  const phones = await phonesWithLimit('narrow', 5, 10);
  const messages = Array.from({ length: 40 }, (_, index) => {
    const account = phones[index % phones.length]?.account ?? '';
    const ttlSeconds = index % 8 === 7 ? { ttlSeconds: 4 } : {};
    return { event: aMessage([account], ttlSeconds) };
  });
  await Promise.all(
    messages.map(({ event }) => queues.send('MessageEventsQueue', event, service.machine.app.key)),
  );
  await queues.drained('MessageEventsQueue');

  // one that was too old before it was decided has no outcome, but a reason
  const endOf = async (messageId: string) => {
    const told = await service.server.call('GET', `/v1/messages/${messageId}/trace`);
    return /"(accepted|expired)"/.exec(JSON.stringify(told))?.[1];
  };
  const kinds = await Promise.all(
    messages.map(({ event: { messageId } }) =>
      until(
        () => endOf(messageId),
        (end) => end !== undefined,
        60_000,
      ),
    ),
  );

  const lasting = kinds.filter((_, index) => index % 8 !== 7);
  expect(lasting).toEqual(lasting.map(() => 'accepted'));
  expect(kinds).toContain('expired');
  const views = phones.map(({ token }) => look(token));
  const shown = views.reduce((sum, { tray }) => sum + tray.length, 0);
  expect(shown).toBe(kinds.filter((kind) => kind === 'accepted').length);
  expect(views.map(({ repeats }) => repeats)).toEqual(phones.map(() => 0));
  expect(service.machine.simulators.xiaomi.counters().refusedByRate).toBe(0);
  await queues.drained('XiaomiDirectQueue');
  expect(await queues.take('XiaomiDirectDeadQueue', 0)).toBeUndefined();
}, 90_000);

test('1-to-1 messages arrive while a group is still being delivered under the same certificate', async () => {
  const GROUP_MESSAGES = 60;
  const [member, ...others] = await phonesWithLimit('shared', 4, 4);
  if (member === undefined) throw new Error('the group has a member');
  const conversation = { id: 'team-1', type: 'team', name: 'Team' };
  for (let sent = 0; sent < GROUP_MESSAGES; sent += 1) {
    const event = aMessage([member.account], { conversation });
    await queues.send('MessageEventsQueue', event, service.machine.app.key);
  }
  await until(
    () => look(member.token),
    ({ tray }) => tray.length > 0,
  );

  const singles = await Promise.all(
    others.map(async ({ account, token }) => {
      await sendTo(service, [account]);
      return (await shownOn(service, token, 30_000)).tray.length;
    }),
  );

  expect(singles).toEqual([1, 1, 1]);
  expect(look(member.token).tray.length).toBeLessThan(GROUP_MESSAGES);
}, 60_000);

test.each([
  ['is down', { failNext: 1_000, status: 503 }],
  ['takes next to nothing', { ratePerSecond: 0 }],
  ['takes seconds to answer', { latencyMs: 4_000 }],
])(
  'a vendor that %s delays no other',
  async (_what, trouble) => {
    const id = randomUUID().slice(0, 8);
    const troubled = await logInPhone(service, 'xiaomi', `troubled-${id}`);
    const well = await logInPhone(service, 'huawei', `well-${id}`);
    order(service, 'xiaomi', trouble);
    await Promise.all(Array.from({ length: 60 }, () => sendTo(service, [`troubled-${id}`])));
    await until(
      () => service.machine.simulators.xiaomi.counters().requests,
      (requests) => requests > 0,
    );

    const messageId = await sendTo(service, [`well-${id}`]);

    expect((await shownOn(service, well)).tray).toHaveLength(1);
    const { outcomes } = await storyWith(service, messageId, `well-${id}`, 'accepted');
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted']);
    expect(look(troubled).tray.length).toBeLessThan(60);
  },
  60_000,
);
