import { readFile } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import type { Call } from '../support/described-api';
import {
  ALICE,
  type DescribedService,
  ROUTES,
  startDescribedService,
} from '../support/described-service';
import { aCertificate } from '../support/journeys';
import { checkSchema, resolve } from '../support/json-schema';
import { aCopy, aV2Message, copySignature } from '../support/nim-copies';
import { aMessage, until, xiaomiPhone } from '../support/service';

let service: DescribedService;
beforeAll(async () => {
  service = await startDescribedService();
});
afterAll(() => service.close());

const { ACCOUNT, DEVICE, MUTE, RECALL, TRACE, TEAM, CERTIFICATE } = ROUTES;
/** A call without a receipt in it, in each vendor's form. */
const RECEIPTS = [
  ['xiaomi', {}],
  ['huawei', { statuses: [] }],
  ['honor', { statuses: [] }],
  ['oppo', '[]'],
  ['vivo', {}],
  ['meizu', 'cb=%7B%7D'],
  ['harmony', { statuses: [] }],
] as const;

test('it is an OpenAPI 3.1 document: variables, references, schemes and schemas hold', () => {
  const { document, operations } = service.api;
  for (const [route, { parameters, security = [], ...operation }] of operations) {
    const variables = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const inPath = parameters.filter((one) => one.in === 'path');
    expect(inPath.map(({ name }) => name)).toEqual(variables);
    expect(inPath.every(({ required }) => required === true)).toBe(true);
    for (const scheme of security.flatMap((one) => Object.keys(one))) {
      resolve(`#/components/securitySchemes/${scheme}`, document);
    }
    const contents = [
      ...Object.values(operation.responses).map(({ content }) => content),
      operation.requestBody?.content,
    ];
    for (const { schema } of contents.flatMap((content) => Object.values(content ?? {}))) {
      checkSchema(schema, document);
    }
    for (const { schema } of parameters) checkSchema(schema, document);
  }
  for (const schema of Object.values(document.components.schemas)) checkSchema(schema, document);
});

test('it describes exactly the routes that are deployed', async () => {
  const file = '../../.serverless/cloudformation-template-update-stack.json';
  const template: {
    Resources: Record<string, { Type: string; Properties: { RouteKey: string } }>;
  } = JSON.parse(await readFile(resolvePath(import.meta.dirname, file), 'utf8'));
  const deployed = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    .map(({ Properties }) => Properties.RouteKey)
    .filter((route) => route !== '$default');

  expect([...service.api.operations.keys()].sort()).toEqual(deployed.sort());
});

test('every route answers as described when all is well', async () => {
  const { admin, server, alice } = service.tokens;
  const register = { ...xiaomiPhone('reg-alice'), model: 'M1', colour: 'red' };
  const message = aMessage(['alice', 'nobody', { accountId: 'carol', blockedSender: true }]);
  const many = aMessage(Array.from({ length: 101 }, (_, index) => `m${index}`));
  const option = { push: true, badge: false, needPushNick: false };
  const forced = { needForcePush: true, forcePushIDsList: '["alice"]', payload: '{}' };
  const inV1Words = aMessage(['alice'], { pushConfig: { option, ...forced } });
  const push_config = { push_enabled: true, message_config: { unread_enabled: false } };
  const inServerWords = aMessage(['alice'], {
    ...{ type: 'call', callType: 'audio', modifies: 'm-0', pushIfUnackedMs: 1_000 },
    pushConfig: push_config,
  });
  const settings = { pushInBackground: { android: false }, traceLevel: 'full' };
  const event = { accountId: 'alice', deviceId: 'd1', event: 'background', node: 'n', epoch: 3 };
  const certificate = {
    ...aCertificate(service),
    limits: { ratePerSecond: 9 },
    classes: { im: { channelId: '1' } },
  };
  const checked = { ...aCertificate(service, 'huawei'), receipts: { secret: 's', user: 'u' } };
  const ok = (route: string, more: Omit<Call, 'route'> = {}, status = 200) =>
    service.expectAnswer(
      { route, token: admin, path: { ...ALICE, name: '证书 1' }, ...more },
      status,
    );

  await ok('GET /health', { token: undefined });
  await ok('GET /openapi.json');
  await ok('GET /v1/app');
  await ok('PATCH /v1/app', { body: settings });
  await ok('GET /v1/flow');
  await ok('GET /v1/flow', { query: '?vendor=xiaomi&certificate=xiaomi' });
  await ok(`PUT ${CERTIFICATE}`, { body: certificate });
  await ok(`GET ${CERTIFICATE}`);
  await ok(`PUT ${CERTIFICATE}`, { body: checked, query: '?verify=true' });
  await ok(`GET ${CERTIFICATE}`);
  await ok('GET /v1/certificates');
  await ok(`DELETE ${CERTIFICATE}`, {}, 204);
  await ok(`PUT ${DEVICE}`, { body: register, token: alice });
  await ok(`PUT ${DEVICE}`, { body: register });
  await ok(`PATCH ${DEVICE}`, { body: { pushEnabled: true, volume: 1 } });
  await ok(`PUT ${DEVICE}/tokens/{certificate}`, { body: { token: 'reg-alice-2' } });
  await ok(`PUT ${DEVICE}/presence`, { body: { state: 'background', badge: 1 } });
  const userSettings = {
    showDetail: false,
    doNotDisturb: { window: { from: '22:00', to: '07:00', timeZone: null }, durationSeconds: 60 },
    locale: null,
  };
  const muted = { path: { ...ALICE, conversationId: '群 1' } };
  await ok(`PATCH ${DEVICE}`, { body: { ...userSettings, timeZone: 'Asia/Shanghai' } });
  await ok(`PATCH ${ACCOUNT}`, { body: { ...userSettings, donnopOpen: true, volume: 1 } });
  await ok(`PUT ${MUTE}`, { ...muted, body: { mute: 'except-mentions' } });
  await ok(`GET ${ACCOUNT}`);
  await ok(`PUT ${MUTE}`, { ...muted, body: { mute: 2, colour: 'red' } });
  await ok(`PUT ${MUTE}`, { ...muted, body: { mute: 0 } });
  await ok(`DELETE ${MUTE}`, muted, 204);
  const quiet = { doNotDisturb: null, showDetail: null };
  await ok(`PATCH ${DEVICE}`, { body: quiet });
  await ok(`PATCH ${ACCOUNT}`, { body: { ...quiet, blocked: false } });
  await ok('POST /v1/presence', { body: { node: 'n', epoch: 3, events: [event] }, token: server });
  await ok(`PUT ${DEVICE}/presence`, { body: { state: 'disconnected' } });
  await ok('POST /v1/messages', { body: message }, 202);
  const told = await until(
    () => service.server.call('GET', `/v1/messages/${message.messageId}/trace`),
    (trace) => JSON.stringify(trace).includes('delivered'),
  );
  expect(JSON.stringify(told)).toContain('delivered');
  await ok(TRACE, { path: { messageId: message.messageId } });
  await ok(TRACE, {
    path: { messageId: message.messageId },
    query: '?accountId=alice&deviceId=d1',
  });
  await ok(TRACE, { path: { messageId: message.messageId }, query: '?cursor=0' });
  await ok('POST /v1/messages', { body: message }, 202);
  await ok('POST /v1/messages', { body: many }, 202);
  await ok('POST /v1/messages', { body: inV1Words }, 202);
  const notification = { messageId: 'n', sender: { accountId: 's' }, recipients: ['a'], sentAt: 1 };
  await ok('POST /v1/notifications', { body: notification }, 202);
  await ok('POST /v1/messages', { body: inServerWords }, 202);
  await ok('POST /v1/messages', { body: { messages: [aMessage(['alice']), many] } }, 202);
  const read = { accountId: 'alice', conversationId: 'c-1', upTo: 1, colour: 'red' };
  await ok('POST /v1/reads', { body: read }, 202);
  const recalled = { path: { messageId: message.messageId }, token: server };
  await ok(
    RECALL,
    { ...recalled, body: { pushContent: 'recalled', sender: { accountId: 'x' } } },
    202,
  );
  await ok(TRACE, recalled);
  await ok(RECALL, { path: { messageId: 'unsent' } }, 202);
  const ack = { messageId: message.messageId, deviceId: 'd1' };
  await ok('POST /v1/acks', { body: { acks: [{ ...ack, colour: 'red' }] }, token: alice }, 202);
  await ok('POST /v1/acks', { body: { acks: [{ ...ack, accountId: 'alice' }] } }, 202);
  const copy = aCopy();
  const headers = copySignature(service.machine.app, JSON.stringify(copy));
  await ok('POST /v1/nim/copies', { body: copy, headers, token: undefined });
  await ok('POST /v1/nim/messages', { body: aV2Message() }, 202);
  const team = { path: { teamId: '群 1' } };
  await ok(`PUT ${TEAM}`, { ...team, body: { members: ['alice'], managers: ['bob'] } });
  await ok(`PATCH ${TEAM}`, { ...team, body: { add: ['carol'], removeManagers: ['bob'] } });
  await ok(`DELETE ${TEAM}`, team, 204);
  for (const [vendor, body] of RECEIPTS) {
    const entry = JSON.stringify(await service.admin.call('GET', `/v1/certificates/${vendor}`));
    const [, id = ''] = /"receiptId":"([^"]+)"/.exec(entry) ?? [];
    await ok('POST /r/{id}', { path: { id }, body, token: undefined });
  }
  await ok(`DELETE ${DEVICE}/tokens/{certificate}`, {}, 204);
  await ok(`DELETE ${DEVICE}/session`, { query: '?reason=kicked' }, 204);
  await ok('GET /v1/accounts/{accountId}');
  await ok(`DELETE ${ACCOUNT}`, {}, 204);

  const silent = [...service.api.operations.keys()].filter(
    (route) => ![200, 202, 204].some((status) => service.api.seen.has(`${route} ${status}`)),
  );
  expect(silent).toEqual([]);
});
