import { randomBytes } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { recallCounted } from '../support/counted-recall';
import { aCertificate, logIn, storeCertificate } from '../support/journeys';
import {
  acknowledgementsAreAwaited,
  quotasAreCounted,
  webhookIsAsked,
} from '../support/message-permissions';
import { aV2Message } from '../support/nim-copies';
import { copiesArrive } from '../support/nim-permissions';
import { aMessage, type Service, startService, until } from '../support/service';
import { callWith, signature } from '../support/signed-call';

/**
 * A day in the life of the service in which every function does all it can. Every other journey shows that no permission is
 * lacking, since the stack holds the functions to their roles; this one, that none is given without need.
 */
let service: Service;
let queue: SQSClient;
beforeAll(async () => {
  service = await startService();
  queue = new SQSClient({
    endpoint: service.machine.stack.sqsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  queue.destroy();
  await service.close();
});

const ALICE = '/v1/accounts/alice/devices/d1';

test('no role allows what nothing needs', async () => {
  await phonesComeAndGo();
  await usersSettle();
  await teamsComeAndGo();
  await callsAreSigned();
  await copiesArrive(service, used);
  await connectionsAreReported();
  await certificatesChange();
  await messagesAreSent();
  await webhookIsAsked(service, used, send);
  await recallCounted(service, 'ina');
  await conversationsAreRead();
  await receiptsArrive();

  const unused = await until(unusedPermissions, (left) => left.length === 0, 20_000);

  expect(unused).toEqual([]);
}, 90_000);

/** What nobody used; senders are alike, so one of them that used a permission speaks for all. */
function unusedPermissions(): string[] {
  const used = new Map<string, boolean>();
  for (const one of service.machine.stack.permissions()) {
    // which queue it was is left to the tests of the template; log groups are not asked for here
    if (!/^(dynamodb|kms):/.test(one.permission)) continue;
    const name = one.functionName.replace('offline-push-local-', '');
    const vendor = /^send-(.+)$/.exec(name)?.[1];
    const of = vendor === undefined ? name : 'send-*';
    const what = vendor === undefined ? one.permission : one.permission.replace(vendor, '<vendor>');
    used.set(`${of}: ${what}`, one.used || (used.get(`${of}: ${what}`) ?? false));
  }
  return [...used].flatMap(([permission, isUsed]) => (isUsed ? [] : [permission]));
}

/** Waits until somebody has used a permission, trying for it meanwhile. */
async function used(permission: string, act?: () => Promise<unknown>): Promise<void> {
  await until(
    async () => {
      await act?.();
      return unusedPermissions();
    },
    (left) => !left.includes(permission),
  );
}

async function phonesComeAndGo(): Promise<void> {
  const { server } = service;
  await logIn(service, 'alice');
  await server.call('DELETE', `${ALICE}/tokens/xiaomi`);
  await logIn(service, 'alice');
  await server.call('GET', '/v1/accounts/alice');
  await server.call('PATCH', ALICE, { pushEnabled: true });
  for (let phone = 1; phone <= 10; phone += 1) await logIn(service, 'crowd', {}, `d${phone}`);
  await server.call('DELETE', '/v1/accounts/crowd/devices/d1/session');
}

/** Two mute more than fits an account; one leaves for good. */
async function usersSettle(): Promise<void> {
  const { server } = service;
  await logIn(service, 'quiet');
  for (const accountId of ['alice', 'quiet']) {
    for (let number = 0; number < 34; number += 1) {
      await server.call('PUT', `/v1/accounts/${accountId}/mutes/team-${number}`);
    }
  }
  await logIn(service, 'leaver');
  await server.call('DELETE', '/v1/accounts/leaver');
}

async function teamsComeAndGo(): Promise<void> {
  const path = '/v1/teams/team/members';
  await service.server.call('PUT', path, { members: ['alice'] });
  await service.server.call('DELETE', path);
}

/** One signed call of every function that servers call. */
async function callsAreSigned(): Promise<void> {
  const { app, stack } = service.machine;
  const calls: readonly (readonly [string, string, unknown?])[] = [
    ['PATCH', ALICE, {}],
    ['PATCH', '/v1/accounts/alice', {}],
    ['POST', '/v1/presence', {}],
    ['GET', '/v1/accounts/alice'],
    ['POST', '/v1/reads', { accountId: 'alice', conversationId: 'c', upTo: 1 }],
    ['POST', '/v1/messages', aMessage(['nobody'])],
    ['GET', '/v1/messages/none/trace'],
    ['POST', '/v1/nim/messages', aV2Message()],
    ['DELETE', '/v1/messages/none'],
    ['POST', '/v1/acks', { acks: [] }],
    ['PATCH', '/v1/teams/team/members', {}],
  ];
  for (const [method, path, body] of calls) {
    const { status } = await callWith(signature(app), `${stack.url}${path}`, method, body);
    expect([200, 202, 404]).toContain(status);
  }
}

/** A node beats twice, an account outgrows its ten devices, and a raised setting prolongs what is kept. */
async function connectionsAreReported(): Promise<void> {
  const { server, admin } = service;
  const from = { node: 'node-1', epoch: '1' };
  const beat = (at: number) => ({ ...from, at, heartbeats: [], events: [] });
  await server.call('POST', '/v1/presence', beat(Date.now() - 1_000));
  const login = { deviceId: 'browser', platform: 'web', event: 'login' };
  await server.call('POST', '/v1/presence', {
    ...from,
    events: ['alice', 'crowd'].map((accountId) => ({ accountId, ...login })),
  });
  await admin.call('PATCH', '/v1/app', { deviceInactiveDays: 3_650 });
  // a container may go on with the settings it knows for a moment
  await used('report-presence: dynamodb:PutItem token/*', () =>
    server.call('PUT', `${ALICE}/presence`, { state: 'disconnected' }),
  );
  await used('register-device: dynamodb:UpdateItem mutes/*', () => logIn(service, 'quiet'));
  await server.call('GET', '/v1/accounts/alice');
}

async function certificatesChange(): Promise<void> {
  const { admin } = service;
  await admin.call('GET', '/v1/flow');
  const proven = { ...aCertificate(service, 'huawei'), receipts: { secret: 's', user: 'u' } };
  await admin.call('PUT', '/v1/certificates/huawei', proven);
  await storeCertificate(service, 'spare');
  await admin.call('DELETE', '/v1/certificates/spare');
  // the second finds the provider token that the first made, and so does the sender
  for (let times = 0; times < 2; times += 1) {
    await admin.call('PUT', '/v1/certificates/apns?verify=true', aCertificate(service, 'apns'));
  }
}

async function messagesAreSent(): Promise<void> {
  const { server, machine } = service;
  const { xiaomi } = machine.simulators;
  await server.call('PUT', '/v1/accounts/ina/devices/iphone', {
    platform: 'ios',
    tokens: [{ certificate: 'apns', token: `0${randomBytes(32).toString('hex').slice(1)}` }],
  });
  await server.call('PUT', '/v1/accounts/gina/devices/pixel', {
    platform: 'android',
    googleServices: true,
    tokens: [{ certificate: 'fcm', token: 'fcm-token' }],
  });
  await server.call('POST', '/v1/messages', aMessage(['ina', 'gina']));

  // so that a job waits until it is decided again
  xiaomi.control({ failNext: 1_000, status: 503 });
  const message = aMessage(['alice']);
  await server.call('POST', '/v1/messages', message);
  await server.call('POST', '/v1/messages', message);
  const conflict = { messages: [aMessage(['alice']), { ...message, body: 'another body' }] };
  expect(await server.try('POST', '/v1/messages', conflict)).toMatchObject({ status: 409 });
  const many = Array.from({ length: 101 }, (_, index) => `member ${index}`);
  const toMany = aMessage(many);
  await server.call('POST', '/v1/messages', toMany);
  await server.call('GET', `/v1/messages/${toMany.messageId}/trace`);
  await server.call('GET', `/v1/messages/${message.messageId}/trace`);

  const event = aMessage(['alice']);
  for (const one of [event, aMessage(many)]) await send(one);
  await until(
    () => server.try('GET', `/v1/messages/${event.messageId}/trace`),
    ({ status }) => status === 200,
  );
  await send(event);

  await used('send-*: dynamodb:BatchGetItem node/*');
  for (const id of [message.messageId, toMany.messageId]) {
    await server.call('DELETE', `/v1/messages/${id}`);
  }
  await acknowledgementsAreAwaited(service);
  await quotasAreCounted(service);
  xiaomi.control({ failNext: 0, deadTokens: [await logIn(service, 'gone')] });
  await server.call('POST', '/v1/messages', aMessage(['gone']));
}

/** What an iPhone has counted is read elsewhere. */
async function conversationsAreRead(): Promise<void> {
  const read = { accountId: 'ina', conversationId: 'c-1', upTo: Date.now() };
  await used('read-conversation: dynamodb:UpdateItem unread/*', () =>
    service.server.call('POST', '/v1/reads', read),
  );
}

function send(event: object) {
  return queue.send(
    new SendMessageCommand({
      QueueUrl: service.machine.stack.queueUrl('MessageEventsQueue'),
      MessageBody: JSON.stringify(event),
      MessageAttributes: {
        appKey: { DataType: 'String', StringValue: service.machine.app.key },
      },
    }),
  );
}

/** One of a token that is dead, and one that proves nothing. */
async function receiptsArrive(): Promise<void> {
  const token = await logIn(service, 'lost');
  const entry = { type: 16, targets: token, param: 'a job', timestamp: Date.now() + 1_000 };
  expect((await post('xiaomi', { 'message-1': entry })).status).toBe(200);
  expect((await post('huawei', { statuses: [] })).status).toBe(401);
}

async function post(certificate: string, body: object): Promise<Response> {
  const stored = await service.admin.call('GET', `/v1/certificates/${certificate}`);
  const [, id = ''] = /"receiptId":"([^"]+)"/.exec(JSON.stringify(stored)) ?? [];
  return fetch(`${service.machine.stack.url}/r/${id}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
}
