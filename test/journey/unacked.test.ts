import { reasonsIn } from '../support/journeys';
import { aMessage, type Service, startService, until } from '../support/service';
import { logInPhone, shownOn, storyOf, storyWith } from '../support/vendor-journeys';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const look = (token: string) => service.machine.simulators.phones.look(token);

/** A Xiaomi phone that is connected. */
async function aConnectedPhone(
  accountId: string,
  state: 'foreground' | 'background' = 'foreground',
): Promise<string> {
  const token = await logInPhone(service, 'xiaomi', accountId);
  const path = `/v1/accounts/${accountId}/devices/phone/presence`;
  await service.server.call('PUT', path, { state });
  return token;
}

test('a connected phone that does not acknowledge in time is pushed to', async () => {
  const token = await aConnectedPhone('silent');
  const message = aMessage(['silent'], { pushIfUnackedMs: 1_000 });

  const answer = await service.server.call('POST', '/v1/messages', message);
  const trace = await until(
    () => service.server.call('GET', `/v1/messages/${message.messageId}/trace`),
    (told) => JSON.stringify(told).includes('accepted'),
  );

  expect(answer).toMatchObject({
    recipients: [{ devices: [{ decision: 'push', reason: 'unacked', vendor: 'xiaomi' }] }],
  });
  expect(trace).toMatchObject({
    devices: [{ decision: 'push', reason: 'unacked', outcomes: [{ kind: 'accepted' }] }],
  });
  expect(look(token).tray).toHaveLength(1);
});

test.each([
  ['itself', 'device', {}],
  ['through its server', 'server', { accountId: 'quick-server' }],
] as const)('a phone that acknowledges in time, by %s, is not', async (_by, scope, named) => {
  const accountId = `quick-${scope}`;
  const token = await aConnectedPhone(accountId);
  const message = aMessage([accountId], { pushIfUnackedMs: 1_500 });
  const caller = await service.as(scope, scope === 'device' ? accountId : undefined);

  await service.server.call('POST', '/v1/messages', message);
  const ack = { messageId: message.messageId, deviceId: 'phone', ...named };
  const answer = await caller.call('POST', '/v1/acks', { acks: [ack, ack] });
  const { outcomes } = await storyWith(service, message.messageId, accountId, 'acknowledged');

  expect(answer).toEqual({ acknowledged: 2 });
  expect(outcomes).toMatchObject([{ kind: 'acknowledged' }]);
  expect(look(token).arrivals).toEqual([]);
});

test('an acknowledgement of another phone, or of another message, counts for nothing', async () => {
  const token = await aConnectedPhone('mixed');
  const message = aMessage(['mixed'], { pushIfUnackedMs: 1_000 });
  const { messageId } = message;

  await service.server.call('POST', '/v1/messages', message);
  await service.server.call('POST', '/v1/acks', {
    acks: [
      { messageId, accountId: 'mixed', deviceId: 'tablet' },
      { messageId, accountId: 'somebody', deviceId: 'phone' },
      { messageId: 'another', accountId: 'mixed', deviceId: 'phone' },
    ],
  });

  expect((await shownOn(service, token)).tray).toHaveLength(1);
});

test('by the app’s own setting phones that are connected in the background are pushed to as well', async () => {
  await service.admin.call('PATCH', '/v1/app', { pushIfUnackedMs: 1_000 });
  const [behind, inFront] = [
    await aConnectedPhone('behind', 'background'),
    await aConnectedPhone('in-front'),
  ];

  // a container may go on with the settings it knows for a moment
  const decided = await until(
    () => service.server.call('POST', '/v1/messages', aMessage(['behind', 'in-front'])),
    (answer) => reasonsIn(answer).includes('unacked'),
  );
  await service.admin.call('PATCH', '/v1/app', { pushIfUnackedMs: 0 });

  expect(reasonsIn(decided)).toEqual(['unacked', 'foreground']);
  expect((await shownOn(service, behind)).tray).toHaveLength(1);
  expect(look(inFront).arrivals).toEqual([]);
});

test('a message that is recalled while it waits for an acknowledgement never comes', async () => {
  const token = await aConnectedPhone('recalled');
  const message = aMessage(['recalled'], { pushIfUnackedMs: 1_000 });
  await service.server.call('POST', '/v1/messages', message);

  const answer = await service.server.call('DELETE', `/v1/messages/${message.messageId}`, {
    pushContent: 'recalled',
  });
  await storyWith(service, message.messageId, 'recalled', 'recalled');

  // the phone never had it from us, so there is nothing to tell it
  expect(answer).toMatchObject({ stopped: 1, withdrawn: 0, pushed: 0 });
  expect(await storyOf(service, message.messageId, 'recalled')).toMatchObject({
    outcomes: [{ kind: 'recalled' }],
  });
  expect(look(token).arrivals).toEqual([]);
});

test('a device speaks for its own account alone, and a server has to name one', async () => {
  const phone = await service.as('device', 'alice');
  const ack = { messageId: 'm', deviceId: 'phone' };
  const acks = (one: object) => ({ acks: [one] });

  expect(await phone.try('POST', '/v1/acks', acks({ ...ack, accountId: 'bob' }))).toMatchObject({
    status: 403,
  });
  expect(await service.server.try('POST', '/v1/acks', acks(ack))).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'acks[0].accountId' }] },
  });
  const many = Array.from({ length: 501 }, () => ack);
  expect(await phone.try('POST', '/v1/acks', { acks: many })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'acks' }] },
  });
  expect(await phone.try('POST', '/v1/acks', acks({ ...ack, colour: 'red' }))).toEqual({
    status: 202,
    body: {
      acknowledged: 1,
      warnings: ['acks[0].colour is not a known field and was ignored'],
    },
  });
});
