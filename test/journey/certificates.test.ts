import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { aCertificate, decide } from '../support/journeys';
import { type Service, startService, until, xiaomiPhone } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const configured = v.looseObject({ warnings: v.unknown() });
const path = (name: string) => `/v1/certificates/${encodeURIComponent(name)}`;
const store = (name: string, changes: object = {}) =>
  service.admin.try('PUT', path(name), { ...aCertificate(service), ...changes });

/** Everything a caller can be shown of certificates, and what the functions wrote down. */
async function told(name: string): Promise<string> {
  const answers = [
    await store(name),
    await service.admin.call('GET', path(name)),
    await service.admin.call('GET', '/v1/certificates'),
  ];
  return [JSON.stringify(answers), ...service.logs].join('\n');
}

test('what goes in is shown again, with its receipt id and without a secret', async () => {
  const settings = { limits: { ratePerSecond: 80 }, classes: { im: { channelId: '115' } } };
  const { credentials: _secret, ...open } = aCertificate(service);

  const stored = await store('shown', settings);
  const { warnings, ...entry } = v.parse(configured, stored.body);

  expect(stored.status).toBe(200);
  expect(warnings).toEqual([expect.stringContaining('classes.im.templateId')]);
  expect(entry).toEqual({
    ...open,
    ...settings,
    name: 'shown',
    receiptId: expect.stringMatching(/^[\w-]{22}$/),
  });
  expect(await service.admin.call('GET', path('shown'))).toEqual(entry);
  expect(await service.admin.call('GET', '/v1/certificates')).toMatchObject({
    certificates: expect.arrayContaining([entry]),
  });
});

test('no credential is ever shown or logged, nor that of a refused call', async () => {
  const { serviceAccount } = service.machine.simulators.credentials('fcm');
  const refused = await store('refused', {
    credentials: { appId: 'id-9', appKey: 'key-9', appSecret: 'a secret with a space' },
  });

  const text = `${await told('quiet')}\n${JSON.stringify(refused)}`;
  const { appKey, appSecret } = service.machine.simulators.credentials('xiaomi');
  for (const secret of [
    appKey,
    appSecret,
    'a secret with a space',
    serviceAccount.private_key.slice(40, 80),
  ]) {
    expect(text).not.toContain(secret);
  }
  expect(refused).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'credentials.appSecret' }] },
  });
});

test('a certificate stored again keeps its receipt address, stored anew after removal gets another', async () => {
  const first = await store('address');
  const again = await store('address', { limits: { ratePerSecond: 5 } });
  await service.admin.call('DELETE', path('address'));
  const anew = await store('address');

  const idOf = ({ body }: { readonly body: unknown }) =>
    /"receiptId":"([\w-]+)"/.exec(JSON.stringify(body))?.[1];
  expect(idOf(first)).toBeDefined();
  expect(idOf(again)).toBe(idOf(first));
  expect(idOf(anew)).not.toBe(idOf(first));
  for (const [id, status] of [
    [idOf(first), 404],
    [idOf(anew), 200],
  ] as const) {
    expect(await service.admin.try('POST', `/r/${id}`, {})).toMatchObject({ status });
  }
});

test.each(['vivo 证书', '🔑'.repeat(32), 'a+b%20&c?d#e', '__proto__', 'constructor'])(
  'a certificate named %s leads a push to a phone',
  async (name) => {
    const token = `reg-${randomUUID()}`;
    const account = `named-${randomUUID()}`;
    const device = `/v1/accounts/${account}/devices/d1`;
    await store(name);

    const registered = await service.server.call('PUT', device, {
      ...xiaomiPhone(token),
      tokens: [{ certificate: name, token }],
    });
    const decision = await decide(service, account);
    const phone = await until(
      () => service.machine.simulators.phones.look(token),
      ({ tray }) => tray.length > 0,
    );

    expect(registered).toMatchObject({ channel: { vendor: 'xiaomi', certificate: name } });
    expect(decision).toEqual(['queued']);
    expect(phone.tray).toHaveLength(1);
    await service.server.call('DELETE', `${device}/tokens/${encodeURIComponent(name)}`);
    expect(await decide(service, account)).toEqual(['no-token']);
    expect(await service.admin.try('DELETE', path(name))).toEqual({ status: 204 });
    expect(await service.admin.try('GET', path(name))).toMatchObject({ status: 404 });
  },
);

test.each([
  ['of 33 characters', '🔑'.repeat(33)],
  ['with a line break', 'line\nbreak'],
  ['that is blank', ' '],
])('a name %s is refused where it is configured and where it is used', async (_case, name) => {
  const tokens = [{ certificate: name, token: 'reg-1' }];

  expect(await store(name)).toMatchObject({ status: 400, body: { errors: [{ path: 'name' }] } });
  expect(
    await service.server.try('PUT', '/v1/accounts/misnamed/devices/d1', {
      platform: 'android',
      tokens,
    }),
  ).toMatchObject({ status: 400, body: { errors: [{ path: 'tokens[0].certificate' }] } });
});

test('a slash in a name leads nowhere: an HTTP API takes it for another segment', async () => {
  expect(await store('a/b')).toMatchObject({ status: 404, body: { title: 'Not found' } });
  expect(
    await service.server.try('PUT', '/v1/accounts/misnamed/devices/d1', {
      platform: 'android',
      tokens: [{ certificate: 'a/b', token: 'reg-1' }],
    }),
  ).toMatchObject({ status: 400, body: { errors: [{ path: 'tokens[0].certificate' }] } });
});

test('a certificate that is removed leaves its tokens without one, until it is stored again', async () => {
  const token = `reg-${randomUUID()}`;
  await store('passing');
  await service.server.call('PUT', '/v1/accounts/passing/devices/d1', {
    ...xiaomiPhone(token),
    tokens: [{ certificate: 'passing', token }],
  });
  const decided = (wanted: string) =>
    until(
      () => decide(service, 'passing'),
      ([reason]) => reason === wanted,
    );

  const removals = [
    await service.admin.try('DELETE', path('passing')),
    await service.admin.try('DELETE', path('passing')),
  ];
  expect(removals).toEqual([{ status: 204 }, { status: 204 }]);
  expect(await decided('no-certificate')).toEqual(['no-certificate']);
  await store('passing');
  expect(await decided('queued')).toEqual(['queued']);
});

test('of two certificates of one vendor the newest token wins', async () => {
  await store('second');
  const device = '/v1/accounts/two/devices/d1';
  const newest = (certificate: string, token: string) =>
    service.server.call('PUT', `${device}/tokens/${certificate}`, { token });
  await service.server.call('PUT', device, xiaomiPhone('reg-two-1'));

  expect(await newest('second', 'reg-two-2')).toMatchObject({ channel: { certificate: 'second' } });
  expect(await newest('xiaomi', 'reg-two-3')).toMatchObject({ channel: { certificate: 'xiaomi' } });
});

test.each<[string, object, string]>([
  ['the vendor without TLS', { endpoint: 'http://api.xmpush.xiaomi.com' }, 'endpoint'],
  [
    'a host that only begins so',
    { endpoint: 'https://api.xmpush.xiaomi.com.evil.example' },
    'endpoint',
  ],
  ['a host that only ends so', { endpoint: 'https://evilxmpush.xiaomi.com' }, 'endpoint'],
  ['a user before the host', { endpoint: 'https://me@api.xmpush.xiaomi.com' }, 'endpoint'],
  ['an address inside', { endpoint: 'http://169.254.169.254' }, 'endpoint'],
  ['no address', { endpoint: 'nowhere' }, 'endpoint'],
  ['one region of several', { endpoint: { eu: 'https://evil.example' } }, 'endpoint.eu'],
  ['a foreign host for tokens', { authEndpoint: 'https://evil.example' }, 'authEndpoint'],
])('an endpoint that is %s is refused with its path', async (_case, changes, field) => {
  expect(await store('elsewhere', changes)).toMatchObject({
    status: 400,
    body: { errors: [{ path: field }] },
  });
  expect(await service.admin.try('GET', path('elsewhere'))).toMatchObject({ status: 404 });
});

test.each<[string, object, string]>([
  [
    'a secret that is missing',
    { credentials: { appId: '1', appKey: '2' } },
    'credentials.appSecret',
  ],
  [
    'a credential of another vendor',
    { credentials: { appId: '1', appKey: '2', appSecret: '3', masterSecret: '4' } },
    'credentials.masterSecret',
  ],
  ['a vendor nobody knows', { vendor: 'nokia' }, 'vendor'],
  ['Xiaomi without a package', { package: undefined }, 'package'],
  ['a rate of nothing', { limits: { ratePerSecond: 0 } }, 'limits.ratePerSecond'],
  ['a limit nobody knows', { limits: { perDay: 5 } }, 'limits.perDay'],
  [
    'a service account with a broken key',
    {
      vendor: 'fcm',
      credentials: {
        serviceAccount: {
          type: 'service_account',
          project_id: 'p',
          client_email: 'a@b',
          private_key: 'none',
          token_uri: 'https://oauth2.googleapis.com/token',
        },
      },
      endpoint: undefined,
    },
    'credentials.serviceAccount.private_key',
  ],
])('%s is refused with its path', async (_case, changes, field) => {
  expect(await store('wrong', changes)).toMatchObject({
    status: 400,
    body: { errors: [{ path: field }] },
  });
});
