import { SignJWT } from 'jose';
import { OPERATIONS } from '../../lib/http/operations';
import { ApiClient } from '../../local/api-client';
import { type Service, startService, xiaomiPhone } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** More than DynamoDB takes for a key. */
const OVERLONG = 'x'.repeat(3_000);
const USUAL: Readonly<Record<string, string>> = {
  accountId: 'alice',
  deviceId: 'd1',
  certificate: 'xiaomi',
  conversationId: 'c1',
  messageId: 'm1',
  name: 'xiaomi',
};
const BODIES: Readonly<Record<string, unknown>> = {
  'PUT /v1/accounts/{accountId}/devices/{deviceId}': { platform: 'android' },
  'PATCH /v1/accounts/{accountId}': {},
  'PATCH /v1/accounts/{accountId}/devices/{deviceId}': {},
  'PUT /v1/accounts/{accountId}/devices/{deviceId}/tokens/{certificate}': { token: 't' },
  'PUT /v1/accounts/{accountId}/devices/{deviceId}/presence': { state: 'foreground' },
};
const DEVICE = '/v1/accounts/alice/devices/d1';

const variables = OPERATIONS.flatMap(({ route }) =>
  [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({ route, name })),
);
const withAuthority = variables.filter(({ name }) => name !== 'id');

/** Calls a route with one path variable changed. */
function call(route: string, name: string, value: string, as: ApiClient) {
  const [method = '', template = ''] = route.split(' ');
  const path = template.replaceAll(/\{(\w+)\}/g, (_all, one: string) =>
    encodeURIComponent(one === name ? value : (USUAL[one] ?? '')),
  );
  return as.try(method, path, BODIES[route]);
}

function failures(): string[] {
  return service.logs.filter((line) => line.includes('"level":"ERROR"'));
}

test.each(withAuthority)('$route refuses a $name of 3,000 characters', async ({ route, name }) => {
  const admin = await call(route, name, OVERLONG, service.admin);
  const device = await call(route, name, OVERLONG, await service.as('device', OVERLONG));

  expect(admin).toMatchObject({ status: 400, body: { errors: [{ path: name }] } });
  expect(device.status).toBeLessThan(500);
  expect(failures()).toEqual([]);
});

test('half of a surrogate pair is no part of an id', async () => {
  const message = {
    accountId: '\ud83d',
    deviceId: 'd1',
    event: 'login',
  };

  expect(await service.server.try('POST', '/v1/presence', { events: [message] })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'events[0].accountId' }] },
  });
  expect(
    await service.server.try('POST', '/v1/presence', {
      events: [{ ...message, accountId: '\ud83d\ude00' }],
    }),
  ).toMatchObject({ status: 200 });
});

test.each(['accountId', 'deviceId'])('a trace refuses a %s of 3,000 characters', async (name) => {
  const answer = await service.server.try('GET', `/v1/messages/m1/trace?${name}=${OVERLONG}`);

  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: name }] } });
});

test.each([OVERLONG, '', 'a'.repeat(23), `${'a'.repeat(21)}.`, '证'.repeat(22)])(
  'no receipts are expected at an address that was never given out (%#)',
  async (id) => {
    const answer = await fetch(`${service.machine.stack.url}/r/${encodeURIComponent(id)}`, {
      method: 'POST',
      body: '{}',
    });

    expect(answer.status).toBe(404);
    expect(failures()).toEqual([]);
  },
);

test.each([OVERLONG, '', 'a/b', 'a b', '\u0000', 'app.1', '证', 'a'.repeat(65)])(
  'a bearer that names an app no key can be is a 401 (%#)',
  async (appKey) => {
    const { url } = service.machine.stack;
    const named = Buffer.from(appKey).toString('base64url');
    const deviceKey = new ApiClient(url, `opd1.${named || 'AA'}.${'a'.repeat(43)}`);
    const jwt = await new SignJWT({ scope: 'admin' })
      .setProtectedHeader({ alg: 'HS256', kid: appKey })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a secret of somebody else, who knows'));

    const answers = [
      await deviceKey.try('PUT', `${DEVICE}/tokens/xiaomi`, { token: 't' }),
      await deviceKey.try('DELETE', `${DEVICE}/tokens/xiaomi`),
      await deviceKey.try('PUT', `${DEVICE}/presence`, { state: 'foreground' }),
      await deviceKey.try('DELETE', `${DEVICE}/session`),
      await new ApiClient(url, jwt).try('GET', '/v1/app'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(failures()).toEqual([]);
  },
);

test('a device key at an account id of 3,000 characters is refused by the field', async () => {
  const registered = await service.server.call('PUT', DEVICE, xiaomiPhone('reg-overlong'));
  const deviceKey = /"deviceKey":"([^"]+)"/.exec(JSON.stringify(registered))?.[1] ?? '';
  const phone = new ApiClient(service.machine.stack.url, deviceKey);
  const presence = (path: string) => phone.try('PUT', path, { state: 'foreground' });

  expect(await presence(`${DEVICE}/presence`)).toMatchObject({ status: 200 });
  expect(await presence(`/v1/accounts/${OVERLONG}/devices/d1/presence`)).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'accountId' }] },
  });
  expect(await presence(`/v1/accounts/alice/devices/${OVERLONG}/presence`)).toMatchObject({
    status: 401,
  });
  expect(failures()).toEqual([]);
});
