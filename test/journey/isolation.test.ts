import { randomUUID } from 'node:crypto';
import { ApiClient } from '../../local/api-client';
import { signToken } from '../../local/one-machine';
import { decide, logIn, reasonsIn, storeCertificate } from '../support/journeys';
import { aMessage, type Service, startService, until, xiaomiPhone } from '../support/service';

let service: Service;
/** The admin of a second app, who may all that its server may. */
let other: ApiClient;
beforeAll(async () => {
  service = await startService();
  other = await service.as('admin', undefined, service.otherApp);
});
afterAll(() => service.close());

const device = (account: string) => `/v1/accounts/${account}/devices/d1`;
const tray = (token: string) => service.machine.simulators.phones.look(token).tray;
const shownOn = (token: string) =>
  until(
    () => tray(token),
    (entries) => entries.length > 0,
  );
const receiptIdOf = async (admin: ApiClient) => {
  const certificate = JSON.stringify(await admin.call('GET', '/v1/certificates/xiaomi'));
  return /"receiptId":"([\w-]+)"/.exec(certificate)?.[1];
};

test('certificates of another app cannot be seen, used, replaced or removed', async () => {
  const mine = await service.admin.call('GET', '/v1/certificates/xiaomi');

  expect(await other.call('GET', '/v1/certificates')).toEqual({ certificates: [] });
  expect(await other.try('GET', '/v1/certificates/xiaomi')).toMatchObject({ status: 404 });
  expect(await other.try('PUT', device('thief'), xiaomiPhone('reg-thief'))).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'tokens[0].certificate' }] },
  });
  expect(await other.try('DELETE', '/v1/certificates/xiaomi')).toEqual({ status: 204 });
  expect(await service.admin.call('GET', '/v1/certificates/xiaomi')).toEqual(mine);
  await storeCertificate(service, 'xiaomi', { admin: other });
  expect(await service.admin.call('GET', '/v1/certificates/xiaomi')).toEqual(mine);
  expect(await receiptIdOf(other)).not.toBe(await receiptIdOf(service.admin));
});

test('settings of another app are its own', async () => {
  const mine = await service.admin.call('GET', '/v1/app');

  await other.call('PATCH', '/v1/app', { ttlSeconds: 77 });

  expect(await other.call('GET', '/v1/app')).toMatchObject({ appKey: 'other-app', ttlSeconds: 77 });
  expect(await service.admin.call('GET', '/v1/app')).toEqual(mine);
});

test('one account id in two apps is two accounts', async () => {
  const [mine, theirs] = [`reg-${randomUUID()}`, `reg-${randomUUID()}`];
  await service.server.call('PUT', device('alice'), xiaomiPhone(mine));
  await other.call('PUT', device('alice'), xiaomiPhone(theirs));

  await other.call('PUT', `${device('alice')}/presence`, { state: 'foreground' });
  expect(await decide({ server: other }, 'alice')).toEqual(['foreground']);
  expect(await decide(service, 'alice')).toEqual(['queued']);
  expect(await shownOn(mine)).toHaveLength(1);
  await service.server.call('DELETE', `${device('alice')}/session`);
  await other.call('PUT', `${device('alice')}/presence`, { state: 'disconnected' });
  expect(await decide(service, 'alice')).toEqual(['logged-out']);
  expect(await decide({ server: other }, 'alice')).toEqual(['queued']);
  expect(await shownOn(theirs)).toHaveLength(1);
  expect(tray(mine)).toHaveLength(1);
});

test('accounts of another app cannot be read, changed, logged out or written to', async () => {
  await logIn(service, 'hidden');
  const before = await service.server.call('GET', '/v1/accounts/hidden');
  const refresh = { token: 'reg-stolen' };

  const refusals = [
    await other.try('GET', '/v1/accounts/hidden'),
    await other.try('PATCH', device('hidden'), { pushEnabled: false }),
    await other.try('PUT', `${device('hidden')}/tokens/xiaomi`, refresh),
    await other.try('PUT', `${device('hidden')}/presence`, { state: 'foreground' }),
  ];
  await other.call('DELETE', `${device('hidden')}/tokens/xiaomi`);
  await other.call('DELETE', `${device('hidden')}/session`);
  const events = ['logout', 'foreground'].map((event) => ({
    ...{ accountId: 'hidden', deviceId: 'd1', event, at: Date.now() + 1_000 },
  }));
  const reported = await other.call('POST', '/v1/presence', { events });

  expect(refusals.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  expect(reported).toMatchObject({ events: new Array(2).fill({ result: 'unknown-device' }) });
  expect(await decide({ server: other }, 'hidden')).toEqual(['unknown-account']);
  expect(await service.server.call('GET', '/v1/accounts/hidden')).toEqual(before);
});

test('one message id in two apps is two messages, and each app has the trace of its own', async () => {
  await logIn(service, 'reader');
  const message = aMessage(['reader']);
  const trace = `/v1/messages/${message.messageId}/trace`;

  const mine = await service.server.call('POST', '/v1/messages', message);
  const unseen = await other.try('GET', trace);
  const theirs = await other.call('POST', '/v1/messages', { ...message, body: 'another text' });

  expect(reasonsIn(mine)).toEqual(['queued']);
  expect(unseen).toMatchObject({ status: 404 });
  expect(theirs).toMatchObject({ duplicate: false });
  expect(reasonsIn(theirs)).toEqual(['unknown-account']);
  expect(await other.call('GET', trace)).toMatchObject({ devices: [{ decision: 'skip' }] });
  expect(await service.server.call('GET', trace)).toMatchObject({
    devices: [{ decision: 'push' }],
  });
});

test('one token in two apps is two tokens: a receipt of one app does not touch that of the other', async () => {
  const token = `reg-${randomUUID()}`;
  await service.server.call('PUT', device('lender'), xiaomiPhone(token));
  await other.call('PUT', device('borrower'), xiaomiPhone(token));
  const report = { m1: { type: 16, targets: token, timestamp: Date.now() + 1_000 } };
  const callItDead = async (admin: ApiClient) => {
    await fetch(`${service.machine.stack.url}/r/${await receiptIdOf(admin)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ data: JSON.stringify(report) }),
    });
  };
  const tokensOf = async (admin: ApiClient, account: string) =>
    /"tokens":(\[.*?\])/.exec(
      JSON.stringify(await admin.call('GET', `/v1/accounts/${account}`)),
    )?.[1];

  await callItDead(other);
  expect(await tokensOf(other, 'borrower')).toBe('[]');
  expect(await tokensOf(service.admin, 'lender')).toContain('fingerprint');
  await callItDead(service.admin);
  expect(await tokensOf(service.admin, 'lender')).toBe('[]');
});

test('neither a secret nor a device key of one app opens another', async () => {
  const { url } = service.machine.stack;
  const { app } = service.machine;
  const mixed = await signToken({ key: app.key, secret: service.otherApp.secret }, 'admin');
  const theirs = await other.call('PUT', device('keyed'), xiaomiPhone('reg-keyed'));
  const deviceKey = /"deviceKey":"([^"]+)"/.exec(JSON.stringify(theirs))?.[1] ?? '';
  const [kind, , random] = deviceKey.split('.');
  const forged = [kind, Buffer.from(app.key).toString('base64url'), random].join('.');
  await logIn(service, 'keyed');
  const refresh = (key: string) =>
    new ApiClient(url, key).try('PUT', `${device('keyed')}/tokens/xiaomi`, { token: 'reg-new' });
  const before = await service.server.call('GET', '/v1/accounts/keyed');

  expect(await new ApiClient(url, mixed).try('GET', '/v1/app')).toMatchObject({ status: 401 });
  expect(await refresh(forged)).toMatchObject({ status: 401 });
  expect(await refresh(deviceKey)).toMatchObject({ status: 200 });
  expect(await service.server.call('GET', '/v1/accounts/keyed')).toEqual(before);
});
