import { aMessage, type Service, startService, until } from '../support/service';
import { storeVendorCertificate } from '../support/vendor-journeys';
import { phoneOf } from '../support/vendor-phones';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const KEPT_MS = 10_000;

type Maker = 'xiaomi' | 'oppo';

/** A phone of Xiaomi's that also has a token of OPPO's, or the other way round; answers both. */
async function logInPhone(accountId: string, certificate: string, vendor: Maker = 'xiaomi') {
  const second = vendor === 'xiaomi' ? 'oppo' : 'xiaomi';
  const [token, other] = [phoneOf(vendor).makeToken(), phoneOf(second).makeToken()];
  await service.server.call('PUT', `/v1/accounts/${accountId}/devices/phone`, {
    ...phoneOf(vendor).facts,
    tokens: [
      { certificate, token },
      { certificate: second, token: other },
    ],
  });
  return { token, other };
}

async function send(accountId: string, changes: Record<string, unknown> = {}): Promise<string> {
  const message = aMessage([accountId], changes);
  await service.server.call('POST', '/v1/messages', message);
  return message.messageId;
}

/** What became of a message, once the trace has it. */
async function storyOf(messageId: string, word: string): Promise<unknown> {
  const read = () => service.server.call('GET', `/v1/messages/${messageId}/trace`);
  return until(read, (trace) => JSON.stringify(trace).includes(word), KEPT_MS);
}

const trayOf = (token: string) => service.machine.simulators.phones.look(token).tray;

test('what is beyond the total of a day reaches the phone by its other channel, and the trace says why', async () => {
  const limits = { dailyTotals: { default: 1 } };
  await storeVendorCertificate(service, 'xiaomi', 'xiaomi-counted', { limits });
  service.machine.simulators.xiaomi.control({ dailyQuota: 1 });
  const { token, other } = await logInPhone('counted', 'xiaomi-counted');
  await send('counted');
  await until(
    () => trayOf(token),
    (tray) => tray.length > 0,
  );

  const second = await send('counted');
  const story = await storyOf(second, 'accepted');

  expect(story).toMatchObject({
    devices: [
      {
        outcomes: [
          {
            kind: 'other-channel',
            code: 'quota-daily',
            text: expect.stringMatching(/default are used up; sent by oppo with oppo$/),
          },
          { kind: 'accepted' },
        ],
      },
    ],
  });
  expect([trayOf(token), trayOf(other)].map(({ length }) => length)).toEqual([1, 1]);
  // it was never asked for more than it has
  expect(service.logs.filter((line) => line.includes('200001'))).toEqual([]);
});

test('what another channel showed is taken out of the tray when it is recalled', async () => {
  const limits = { dailyTotals: { 'communication-and-service': 0 } };
  await storeVendorCertificate(service, 'oppo', 'oppo-counted', { limits });
  service.machine.simulators.xiaomi.control({ dailyQuota: null });
  const { token, other } = await logInPhone('recalled', 'oppo-counted', 'oppo');
  const messageId = await send('recalled');
  await storyOf(messageId, 'accepted');
  expect([trayOf(token), trayOf(other)].map(({ length }) => length)).toEqual([0, 1]);

  const answer = await service.server.call('DELETE', `/v1/messages/${messageId}`);
  const story = await storyOf(messageId, 'withdrawn');

  expect(answer).toMatchObject({ stopped: 0, withdrawn: 1, pushed: 0 });
  expect(story).toMatchObject({
    devices: [
      {
        job: { vendor: 'oppo' },
        recall: {
          action: 'withdraw',
          job: { vendor: 'xiaomi' },
          outcomes: [{ kind: 'withdrawn' }],
        },
      },
    ],
  });
  expect(trayOf(other)).toEqual([]);
});

test('a vendor that says its day is used up is asked once, and calls are not held', async () => {
  await storeVendorCertificate(service, 'xiaomi', 'xiaomi-refusing');
  await service.admin.call('PATCH', '/v1/app', { quotaUsedUp: 'hold' });
  service.machine.simulators.xiaomi.control({ dailyQuota: 0 });
  const { token, other } = await logInPhone('refused', 'xiaomi-refusing');
  const before = service.machine.simulators.xiaomi.counters().requests;

  const first = await send('refused', { type: 'call', body: '' });
  await storyOf(first, 'accepted');
  const second = await send('refused', { type: 'call', body: '' });
  await storyOf(second, 'accepted');

  expect(service.machine.simulators.xiaomi.counters().requests - before).toBe(1);
  expect([trayOf(token), trayOf(other)].map(({ length }) => length)).toEqual([0, 2]);
  expect(service.logs.filter((line) => line.includes('class paused'))).not.toEqual([]);
});
