import { SignJWT } from 'jose';
import { ApiClient } from '../../local/api-client';
import { aMessage, type Service, startService, xiaomiPhone } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const DEVICE = '/v1/accounts/alice/devices/d1';

test.each<[string, string, string, unknown, string]>([
  ['a missing platform', 'PUT', DEVICE, { tokens: [] }, 'platform'],
  ['an unknown platform', 'PUT', DEVICE, { platform: 'symbian' }, 'platform'],
  [
    'a certificate nobody configured',
    'PUT',
    DEVICE,
    { platform: 'android', tokens: [{ certificate: 'no', token: 't' }] },
    'tokens[0].certificate',
  ],
  [
    'a certificate name of 33 characters',
    'PUT',
    DEVICE,
    { platform: 'android', tokens: [{ certificate: '证'.repeat(33), token: 't' }] },
    'tokens[0].certificate',
  ],
  [
    'an empty token',
    'PUT',
    DEVICE,
    { platform: 'android', tokens: [{ certificate: 'xiaomi', token: '' }] },
    'tokens[0].token',
  ],
  [
    'an account id that is too long',
    'PUT',
    `/v1/accounts/${'a'.repeat(129)}/devices/d1`,
    { platform: 'android' },
    'accountId',
  ],
  ['an unknown presence state', 'PUT', `${DEVICE}/presence`, { state: 'asleep' }, 'state'],
  [
    'a presence time that is text',
    'PUT',
    `${DEVICE}/presence`,
    { state: 'foreground', at: 'now' },
    'at',
  ],
  [
    'an unknown presence event',
    'POST',
    '/v1/presence',
    { events: [{ accountId: 'a', deviceId: 'd', event: 'sneeze' }] },
    'events[0].event',
  ],
  [
    'a message without id',
    'POST',
    '/v1/messages',
    aMessage(['alice'], { messageId: undefined }),
    'messageId',
  ],
  [
    'a message with an unknown field',
    'POST',
    '/v1/messages',
    aMessage(['alice'], { colour: 'red' }),
    'colour',
  ],
  ['a recipient that is a number', 'POST', '/v1/messages', aMessage(['alice', 7]), 'recipients[1]'],
  [
    'a recipient with an unknown field',
    'POST',
    '/v1/messages',
    { messages: [aMessage(['alice', 'bob', { accountId: 'carol', foo: 1 }])] },
    'messages[0].recipients[2].foo',
  ],
  [
    'a recipient with an unknown state',
    'POST',
    '/v1/messages',
    aMessage(['a', { accountId: 'b', presence: [{ deviceId: 'd', state: 'asleep' }] }]),
    'recipients[1].presence[0].state',
  ],
  [
    'a message from two days ahead',
    'POST',
    '/v1/messages',
    { messages: [aMessage(['alice'], { sentAt: Date.now() + 172_800_000 })] },
    'messages[0].sentAt',
  ],
  [
    'a push property in both spellings',
    'POST',
    '/v1/messages',
    aMessage(['alice'], { pushConfig: { pushEnabled: true, needPush: true } }),
    'pushConfig.needPush',
  ],
  [
    'a payload that is no JSON',
    'POST',
    '/v1/messages',
    aMessage(['alice'], { pushConfig: { pushPayload: '{' } }),
    'pushConfig.pushPayload',
  ],
  [
    'a push text over 500 characters',
    'POST',
    '/v1/messages',
    aMessage(['alice'], { pushConfig: { pushContent: 'x'.repeat(501) } }),
    'pushConfig.pushContent',
  ],
  ['an unknown setting', 'PATCH', '/v1/app', { fcmLast: true }, 'fcmLast'],
  [
    'a certificate of an unknown vendor',
    'PUT',
    '/v1/certificates/c',
    { vendor: 'nokia', credentials: {} },
    'vendor',
  ],
  [
    'credentials with a field missing',
    'PUT',
    '/v1/certificates/c',
    { vendor: 'xiaomi', package: 'a.b', credentials: { appId: '1', appKey: '2' } },
    'credentials.appSecret',
  ],
  [
    'an endpoint on a foreign host',
    'PUT',
    '/v1/certificates/c',
    {
      vendor: 'xiaomi',
      package: 'a.b',
      credentials: { appId: '1', appKey: '2', appSecret: '3' },
      endpoint: 'https://evil.example',
    },
    'endpoint',
  ],
])('%s is refused with the path of the field', async (_case, method, path, body, field) => {
  const answer = await service.admin.try(method, path, body);

  expect(answer).toMatchObject({ status: 400, body: { status: 400, errors: [{ path: field }] } });
});

test('broken JSON, a body over the limit and an unknown route are problem documents too', async () => {
  const { url } = service.machine.stack;
  const { app } = service.machine;
  const token = await new SignJWT({ scope: 'admin' })
    .setProtectedHeader({ alg: 'HS256', kid: app.key })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(app.secret));
  const put = (body: string) =>
    fetch(`${url}${DEVICE}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
      body,
    });

  const answers = [
    await put('{"platform":'),
    await put(`"${'x'.repeat(70_000)}"`),
    await fetch(`${url}/v2/nothing`),
  ];

  expect(answers.map(({ status }) => status)).toEqual([400, 413, 404]);
  for (const answer of answers) {
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({
      title: expect.any(String),
      requestId: expect.any(String),
    });
  }
});

test('a token that is missing, expired, unsigned, of another secret or too long-lived is a 401', async () => {
  const { app, stack } = service.machine;
  const sign = (claims: Record<string, unknown>, life: string, secret = app.secret) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: app.key })
      .setExpirationTime(life)
      .sign(new TextEncoder().encode(secret));
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const tokens = [
    '',
    'nonsense',
    await sign({ scope: 'admin' }, '1 hour ago'),
    await sign({ scope: 'admin' }, '60 days'),
    await sign({ scope: 'root' }, '1h'),
    await sign({ scope: 'admin' }, '1h', 'some other secret'),
    `${part({ alg: 'none', kid: app.key })}.${part({ scope: 'admin', exp: 9_999_999_999 })}.`,
  ];

  for (const token of tokens) {
    expect(await new ApiClient(stack.url, token).try('GET', '/v1/app')).toMatchObject({
      status: 401,
    });
  }
});

test('one account cannot touch another, a scope cannot reach above itself, one app cannot see another', async () => {
  await service.server.call('PUT', DEVICE, xiaomiPhone('reg-isolated'));
  const mallory = await service.as('device', 'mallory');
  const other = await service.as('admin', undefined, service.otherApp);

  expect(await mallory.try('GET', '/v1/accounts/alice')).toMatchObject({ status: 403 });
  expect(await mallory.try('DELETE', `${DEVICE}/session`)).toMatchObject({ status: 403 });
  expect(await mallory.try('POST', '/v1/messages', aMessage(['alice']))).toMatchObject({
    status: 403,
  });
  expect(await service.server.try('GET', '/v1/certificates')).toMatchObject({ status: 403 });
  expect(await other.try('GET', '/v1/accounts/alice')).toMatchObject({ status: 404 });
  expect(await other.try('GET', '/v1/certificates/xiaomi')).toMatchObject({ status: 404 });
});

test('a device key refreshes the token of its own device, and is void after logout', async () => {
  const registered = await service.server.call(
    'PUT',
    '/v1/accounts/keyed/devices/d1',
    xiaomiPhone('reg-k1'),
  );
  const { deviceKey } = registered as { deviceKey: string };
  const phone = new ApiClient(service.machine.stack.url, deviceKey);
  const token = '/v1/accounts/keyed/devices/d1/tokens/xiaomi';

  expect(await phone.try('PUT', token, { token: 'reg-k2' })).toMatchObject({ status: 200 });
  expect(
    await phone.try('PUT', '/v1/accounts/alice/devices/d1/tokens/xiaomi', { token: 'x' }),
  ).toMatchObject({ status: 401 });
  expect(await phone.try('GET', '/v1/accounts/keyed')).toMatchObject({ status: 403 });
  await service.server.call('DELETE', '/v1/accounts/keyed/devices/d1/session');
  expect(await phone.try('PUT', token, { token: 'reg-k3' })).toMatchObject({ status: 401 });
  expect(await service.server.try('PUT', token, { token: 'reg-k3' })).toMatchObject({
    status: 409,
  });
  expect(
    await service.server.try('PUT', '/v1/accounts/keyed/devices/dx/presence', {
      state: 'foreground',
    }),
  ).toMatchObject({ status: 404 });
});
