import { randomUUID } from 'node:crypto';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { aMessage, type Service, startService, until, xiaomiPhone } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const tray = (token: string) => service.machine.simulators.phones.look(token);

async function register(account: string, token = `reg-${randomUUID()}`, device = 'd1') {
  await service.server.call('PUT', `/v1/accounts/${account}/devices/${device}`, xiaomiPhone(token));
  return token;
}

test('a message to a phone whose app is closed is shown on it, and its trace tells the story', async () => {
  const token = await register('alice');
  const message = aMessage(['alice']);

  const answer = await service.server.call('POST', '/v1/messages', message);
  const phone = await until(
    () => tray(token),
    (seen) => seen.tray.length === 1,
  );

  expect(answer).toEqual({
    messageId: message.messageId,
    duplicate: false,
    recipients: [
      {
        accountId: 'alice',
        reachable: true,
        devices: [{ deviceId: 'd1', decision: 'push', reason: 'queued', vendor: 'xiaomi' }],
      },
    ],
  });
  expect(phone.tray).toMatchObject([{ title: 'Bob', body: 'Bob:test text message' }]);
  const trace = await until(
    () => service.server.call('GET', `/v1/messages/${message.messageId}/trace`),
    (told) => JSON.stringify(told).includes('delivered'),
  );
  expect(trace).toMatchObject({
    messageId: message.messageId,
    devices: [
      {
        accountId: 'alice',
        decision: 'push',
        reason: 'queued',
        job: { vendor: 'xiaomi' },
        outcomes: [{ kind: 'accepted' }],
        receipts: [{ kind: 'delivered' }],
      },
    ],
  });
});

test('the same message again gives the same answer and is shown once', async () => {
  const token = await register('again');
  const message = aMessage(['again']);
  await service.server.call('POST', '/v1/messages', message);
  await until(
    () => tray(token),
    (seen) => seen.tray.length === 1,
  );

  const repeats = [
    await service.server.call('POST', '/v1/messages', message),
    await service.server.call('POST', '/v1/messages', message),
  ];
  await new Promise((done) => setTimeout(done, 500));

  for (const repeat of repeats) expect(repeat).toMatchObject({ duplicate: true });
  expect(tray(token).arrivals).toHaveLength(1);
});

test('another body under the same id is a conflict that names the field', async () => {
  const message = aMessage(['nobody-here']);
  await service.server.call('POST', '/v1/messages', message);

  const answer = await service.server.try('POST', '/v1/messages', { ...message, body: 'other' });

  expect(answer).toMatchObject({ status: 409, body: { errors: [{ path: 'messageId' }] } });
});

test('a repeat with newer presence rescues a push that was skipped as foreground', async () => {
  const token = await register('rescued');
  await service.server.call('PUT', '/v1/accounts/rescued/devices/d1/presence', {
    state: 'foreground',
  });
  const message = aMessage(['rescued']);
  const first = await service.server.call('POST', '/v1/messages', message);

  const again = await service.server.call('POST', '/v1/messages', {
    ...message,
    recipients: [
      {
        accountId: 'rescued',
        presence: [{ deviceId: 'd1', state: 'disconnected', at: Date.now() }],
      },
    ],
  });
  const phone = await until(
    () => tray(token),
    (seen) => seen.tray.length === 1,
  );

  expect(first).toMatchObject({ recipients: [{ devices: [{ reason: 'foreground' }] }] });
  expect(again).toMatchObject({
    duplicate: true,
    recipients: [{ devices: [{ reason: 'queued' }] }],
  });
  expect(phone.tray).toHaveLength(1);
});

test('a list is answered in order, and one invalid event refuses it whole', async () => {
  const token = await register('listed');
  const messages = [aMessage(['listed']), aMessage(['listed'], { type: 'nonsense' })];

  const refused = await service.server.try('POST', '/v1/messages', { messages });
  const taken = await service.server.try('POST', '/v1/messages', {
    messages: [messages[0], aMessage(['unknown-person'])],
  });
  await until(
    () => tray(token),
    (seen) => seen.tray.length === 1,
  );

  expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'messages[1].type' }] } });
  expect(taken).toMatchObject({
    status: 202,
    body: {
      messages: [
        { messageId: messages[0]?.messageId, duplicate: false },
        { recipients: [{ reason: 'unknown-account', reachable: false, devices: [] }] },
      ],
    },
  });
  expect(tray(token).arrivals).toHaveLength(1);
});

test('a group above 100 recipients is answered with counts, and one request carries its tokens', async () => {
  const members = Array.from({ length: 150 }, (_, index) => `member-${index}`);
  await Promise.all(members.map((member) => register(member, `group-token-${member}`)));
  const before = service.machine.simulators.xiaomi.counters().accepted;

  const answer = await service.server.call(
    'POST',
    '/v1/messages',
    aMessage(members, { conversation: { id: 'g', type: 'team', name: 'Group' } }),
  );
  await until(
    () => tray('group-token-member-149'),
    (seen) => seen.tray.length === 1,
  );

  expect(answer).toMatchObject({ duplicate: false, counts: { queued: 150 } });
  expect(service.machine.simulators.xiaomi.counters().accepted - before).toBe(1);
});

test('an event on the message-events queue has the same effect, a bad one lands in its dead-letter queue', async () => {
  const { stack, app } = service.machine;
  const token = await register('queued');
  const sqs = new SQSClient({
    endpoint: stack.sqsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const send = (body: string, appKey: string) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: stack.queueUrl('MessageEventsQueue'),
        MessageBody: body,
        MessageAttributes: { appKey: { DataType: 'String', StringValue: appKey } },
      }),
    );

  await send(JSON.stringify(aMessage(['queued'])), app.key);
  await send(JSON.stringify(aMessage(['queued'], { type: 'nonsense' })), app.key);
  const phone = await until(
    () => tray(token),
    (seen) => seen.tray.length === 1,
  );
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: stack.queueUrl('MessageEventsDeadQueue'),
      WaitTimeSeconds: 5,
      MessageAttributeNames: ['All'],
    }),
  );
  sqs.destroy();

  expect(phone.tray).toHaveLength(1);
  expect(Messages[0]?.MessageAttributes?.['reason']?.StringValue).toContain('type must be');
});

test('no token, text or secret reaches a log line or an answer', async () => {
  const token = await register('private', 'reg-very-private-token');
  await service.server.call(
    'POST',
    '/v1/messages',
    aMessage(['private'], { body: 'a very private text' }),
  );
  await until(
    () => tray(token),
    (seen) => seen.tray.length === 1,
  );

  const told = [
    ...service.logs,
    JSON.stringify(await service.server.call('GET', '/v1/accounts/private')),
    JSON.stringify(await service.admin.call('GET', '/v1/certificates')),
    JSON.stringify(
      await service.server.try('PUT', '/v1/accounts/private/devices/d1', {
        platform: 'android',
        tokens: [{ certificate: 'no-such', token: 'reg-very-private-token' }],
      }),
    ),
  ].join('\n');

  const { appSecret } = service.machine.simulators.credentials('xiaomi');
  for (const secret of [
    'reg-very-private-token',
    'a very private text',
    appSecret,
    service.machine.app.secret,
  ]) {
    expect(told).not.toContain(secret);
  }
});
