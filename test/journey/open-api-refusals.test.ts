import type { Call } from '../support/described-api';
import {
  ALICE,
  type DescribedService,
  ROUTES,
  startDescribedService,
} from '../support/described-service';
import { logIn } from '../support/journeys';
import { aMessage } from '../support/service';

let service: DescribedService;
beforeAll(async () => {
  service = await startDescribedService();
});
afterAll(() => service.close());

const { ACCOUNT, DEVICE, MUTE, RECALL, TRACE, TEAM, CERTIFICATE } = ROUTES;

/** Where the account is named in the body: what is said of alice's. */
const ABOUT_ALICE: Readonly<Record<string, object>> = {
  'POST /v1/reads': { accountId: 'alice', conversationId: 'c-1', upTo: 1 },
  'POST /v1/acks': { acks: [{ messageId: 'm-1', accountId: 'alice', deviceId: 'd1' }] },
};

test('who may not call is answered as described: without a token, for another account, below the scope', async () => {
  const { api, expectAnswer, tokens } = service;
  for (const [route, { security }] of api.operations) {
    const [scope] = security?.[0]?.['bearer'] ?? [];
    if (scope === undefined) continue;
    await expectAnswer({ route }, 401);
    await expectAnswer({ route, token: 'nonsense' }, 401);
    const others = { route, token: tokens.mallory, path: ALICE, body: ABOUT_ALICE[route] };
    await expectAnswer(others, 403);
    if (scope === 'admin') await expectAnswer({ route, token: tokens.server }, 403);
  }
});

test('a body that is broken, empty of meaning or too large is answered as described', async () => {
  const { api, expectAnswer, tokens } = service;
  for (const [route, { requestBody, security = [] }] of api.operations) {
    // a copy is known by a signature of its body
    if (requestBody === undefined || security[0]?.['bearer'] === undefined) continue;
    const call = { route, token: tokens.admin, path: ALICE };
    await expectAnswer({ ...call, body: '{' }, 400);
    await expectAnswer({ ...call, body: '[1]' }, 400);
    await expectAnswer({ ...call, body: `{"x":"${'x'.repeat(4_300_000)}"}` }, 413);
  }
});

test('what is not there, or in the way, is answered as described', async () => {
  const { expectAnswer, tokens } = service;
  await logIn(service, 'ended');
  const ended = { accountId: 'ended', deviceId: 'd1', certificate: 'xiaomi' };
  const stranger = { ...ended, deviceId: 'd9' };
  const token = { token: 'reg-late' };
  const presence = { state: 'foreground' };
  const message = aMessage(['nobody']);
  await service.server.call('POST', '/v1/messages', message);
  await service.server.call('DELETE', '/v1/accounts/ended/devices/d1/session');
  const calls: readonly (readonly [number, string, Omit<Call, 'route'>])[] = [
    [404, `PATCH ${DEVICE}`, { path: stranger, body: {} }],
    [404, `PUT ${DEVICE}/tokens/{certificate}`, { path: stranger, body: token }],
    [404, `PUT ${DEVICE}/presence`, { path: stranger, body: presence }],
    [404, `GET ${ACCOUNT}`, { path: { accountId: 'no-one' } }],
    [404, `PATCH ${ACCOUNT}`, { token: tokens.mallory, path: { accountId: 'mallory' }, body: {} }],
    [403, `PATCH ${ACCOUNT}`, { token: tokens.alice, path: ALICE, body: { blocked: true } }],
    [400, `PATCH ${ACCOUNT}`, { path: ended, body: { doNotDisturb: { window: {} } } }],
    [400, `PUT ${MUTE}`, { path: { ...ended, conversationId: 'c' }, body: { mute: 'loud' } }],
    [404, TRACE, { path: { messageId: 'unsent' } }],
    [400, RECALL, { path: { messageId: message.messageId }, body: { pushPayload: 'x' } }],
    [400, 'POST /v1/acks', { body: { acks: [{ messageId: 'm', deviceId: 'd' }] } }],
    [404, `PATCH ${TEAM}`, { path: { teamId: 'none' }, body: {} }],
    [404, `GET ${CERTIFICATE}`, { path: { name: 'none' } }],
    [404, 'POST /r/{id}', { path: { id: 'guessed' }, body: {} }],
    [409, `PUT ${DEVICE}/tokens/{certificate}`, { path: ended, body: token }],
    [409, `PUT ${DEVICE}/presence`, { path: ended, body: presence }],
    [409, 'POST /v1/messages', { body: { ...message, body: 'another' } }],
    [400, `PUT ${DEVICE}`, { path: { ...ended, accountId: 'x'.repeat(129) }, body: {} }],
    [400, 'POST /v1/messages', { body: aMessage([]) }],
    [400, 'POST /v1/messages', { body: aMessage(['a'], { pushConfig: { needPush: 'yes' } }) }],
  ];

  for (const [status, route, more] of calls) {
    await expectAnswer({ route, token: tokens.admin, ...more }, status);
  }
});
