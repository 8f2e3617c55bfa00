import { logIn } from '../support/journeys';
import { type Service, startService, xiaomiPhone } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const account = (accountId: string) => `/v1/accounts/${accountId}`;
const device = (accountId: string, deviceId = 'd1') => `${account(accountId)}/devices/${deviceId}`;
const view = (accountId: string) => service.server.call('GET', account(accountId));

test('takes account, devices, settings and device key, and a token that is free again', async () => {
  const token = `reg-of-nora`;
  const registered = await service.server.call('PUT', device('nora'), xiaomiPhone(token));
  const [, deviceKey = ''] = /"deviceKey":"([^"]+)"/.exec(JSON.stringify(registered)) ?? [];
  await service.server.call('PATCH', account('nora'), { showDetail: false, blocked: true });

  const erased = [
    await service.server.try('DELETE', account('nora')),
    await service.server.try('DELETE', account('nora')),
  ];

  const answer = await fetch(`${service.machine.stack.url}${device('nora')}/presence`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${deviceKey}` },
    body: JSON.stringify({ state: 'background' }),
  });
  expect(erased).toEqual([{ status: 204 }, { status: 204 }]);
  expect(await service.server.try('GET', account('nora'))).toMatchObject({ status: 404 });
  expect(answer.status).toBe(401);
  expect(await service.server.call('PUT', device('nora'), xiaomiPhone(token))).toMatchObject({
    hadToken: false,
    lastDeviceId: null,
  });
  expect(await view('nora')).toMatchObject({
    settings: { pushEnabled: true, showDetail: true },
    blocked: false,
  });
});

test('ends pushes at once', async () => {
  const token = await logIn(service, 'olga');
  await service.server.call('DELETE', account('olga'));

  const answer = await service.server.call('POST', '/v1/messages', {
    messageId: 'to-olga',
    type: 'text',
    conversation: { id: 'c-1', type: 'p2p' },
    sender: { accountId: 'bob' },
    recipients: ['olga'],
    sentAt: Date.now(),
  });

  expect(answer).toMatchObject({
    recipients: [{ accountId: 'olga', reason: 'unknown-account', devices: [] }],
  });
  expect(service.machine.simulators.phones.look(token).arrivals).toEqual([]);
});

test('is not for users', async () => {
  await logIn(service, 'paul');
  const paul = await service.as('device', 'paul');

  expect(await paul.try('DELETE', account('paul'))).toMatchObject({ status: 403 });
  expect(await view('paul')).toMatchObject({ accountId: 'paul' });
});
