import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../../local/api-client';
import { logIn, storeCertificate } from '../support/journeys';
import { openQueues, type Queues } from '../support/queues';
import { aMessage, type Service, startService, until } from '../support/service';

const FAILURES = { key: 'failures-app', secret: 'a secret of the app with failures' };
const OFF = { key: 'off-app', secret: 'a secret of the app without a trace' };

let service: Service;
let queues: Queues;
beforeAll(async () => {
  service = await startService({ furtherApps: [FAILURES, OFF] });
  queues = openQueues(service);
});
afterAll(async () => {
  queues.close();
  await service.close();
});

const encoded = encodeURIComponent;
const trace = (messageId: string, query = '', server: ApiClient = service.server) =>
  server.call('GET', `/v1/messages/${encoded(messageId)}/trace${query}`);
const send = (message: unknown, server: ApiClient = service.server) =>
  server.call('POST', '/v1/messages', message);
const at = expect.any(Number);

test('a push leaves its decision, its job, the answer of the vendor and the receipt, one after the other', async () => {
  await logIn(service, 'alice');
  const before = Date.now();
  const message = aMessage(['alice']);

  await send(message);
  const told = await until(
    () => trace(message.messageId),
    (story) => JSON.stringify(story).includes('delivered'),
  );

  expect(told).toEqual({
    messageId: message.messageId,
    devices: [
      {
        accountId: 'alice',
        deviceId: 'd1',
        decision: 'push',
        reason: 'queued',
        decidedAt: at,
        job: { jobId: expect.stringMatching(/^[\w-]{22}$/), vendor: 'xiaomi', queuedAt: at },
        outcomes: [{ kind: 'accepted', at }],
        receipts: [{ kind: 'delivered', at }],
      },
    ],
  });
  const [decidedAt = 0, queuedAt = 0, acceptedAt = 0, deliveredAt = 0] = [
    ...JSON.stringify(told).matchAll(/"(?:decidedAt|queuedAt|at)":(\d+)/g),
  ].map(([, time]) => Number(time));
  expect(decidedAt).toBeGreaterThanOrEqual(before);
  expect(queuedAt).toBeGreaterThanOrEqual(decidedAt);
  expect(acceptedAt).toBeGreaterThanOrEqual(queuedAt);
  // a phone may have it before the vendor's answer is in
  expect(deliveredAt).toBeGreaterThanOrEqual(queuedAt);
  expect(Math.max(acceptedAt, deliveredAt)).toBeLessThanOrEqual(Date.now());
});

test('a device that is skipped is there with its reason, and without a job', async () => {
  await Promise.all(['foreground', 'gone', 'blocker'].map((account) => logIn(service, account)));
  const device = (account: string) => `/v1/accounts/${account}/devices/d1`;
  await service.server.call('PUT', `${device('foreground')}/presence`, { state: 'foreground' });
  await service.server.call('DELETE', `${device('gone')}/session`);
  await service.server.call('PUT', device('bare'), { platform: 'android' });
  await service.server.call('PUT', device('desk'), { platform: 'windows' });
  const blocker = { accountId: 'blocker', blockedSender: true };
  const message = aMessage(['foreground', 'gone', 'bare', 'desk', blocker, 'nobody', 'bob']);

  await send(message);
  const told = await trace(message.messageId);

  const skipped = (accountId: string, reason: string, deviceId = 'd1') => ({
    accountId,
    deviceId,
    decision: 'skip',
    reason,
    decidedAt: at,
    outcomes: [],
    receipts: [],
  });
  expect(told).toEqual({
    messageId: message.messageId,
    devices: [
      skipped('foreground', 'foreground'),
      skipped('gone', 'logged-out'),
      skipped('bare', 'no-token'),
      skipped('desk', 'no-push-platform'),
      skipped('blocker', 'blocked'),
      skipped('nobody', 'unknown-account', ''),
      skipped('bob', 'own-device', ''),
    ],
  });
});

test('a trace can be asked for one account or one device', async () => {
  const odd = 'a&b=c 你?';
  for (const device of ['d1', 'd2']) await logIn(service, encoded(odd), {}, device);
  await logIn(service, 'plain');
  const message = aMessage([odd, 'plain'], { messageId: `m+ ${randomUUID()} #1` });
  await send(message);
  const devicesOf = async (query: string) => {
    const told = JSON.stringify(await trace(message.messageId, query));
    return [...told.matchAll(/"accountId":"([^"]+)","deviceId":"(\w+)"/g)].map(
      ([, account, device]) => `${account}/${device}`,
    );
  };

  expect(await devicesOf('')).toEqual([`${odd}/d1`, `${odd}/d2`, 'plain/d1']);
  expect(await devicesOf(`?accountId=${encoded(odd)}`)).toEqual([`${odd}/d1`, `${odd}/d2`]);
  expect(await devicesOf('?deviceId=d1')).toEqual([`${odd}/d1`, 'plain/d1']);
  expect(await devicesOf(`?accountId=${encoded(odd)}&deviceId=d2`)).toEqual([`${odd}/d2`]);
  expect(await devicesOf('?accountId=somebody')).toEqual([]);
});

test('a trace of more than a thousand devices comes in pages, each device on one of them', async () => {
  const members = Array.from({ length: 2_100 }, (_, index) => `paged-${index}`);
  const message = aMessage(members);
  await send(message);
  const page = async (query: string) => {
    const text = JSON.stringify(await trace(message.messageId, query));
    return {
      accounts: [...text.matchAll(/"accountId":"([^"]+)"/g)].map(([, account]) => account),
      next: /"next":"(\d+)"/.exec(text)?.[1],
    };
  };

  const first = await page('');
  const second = await page(`?cursor=${first.next}`);
  const third = await page(`?cursor=${second.next}`);

  const pages = [first, second, third];
  expect(pages.map(({ accounts }) => accounts.length)).toEqual([1_000, 1_000, 100]);
  expect(pages.flatMap(({ accounts }) => accounts)).toEqual(members);
  expect(third.next).toBeUndefined();
  expect(await page('?accountId=paged-2000')).toEqual({ accounts: ['paged-2000'] });
  expect(await page('?cursor=9999')).toEqual({ accounts: [] });
  for (const cursor of ['', '-1', '1e3', 'x', '99999999']) {
    expect(
      await service.server.try('GET', `/v1/messages/${message.messageId}/trace?cursor=${cursor}`),
    ).toMatchObject({ status: 400, body: { errors: [{ path: 'cursor' }] } });
  }
});

test('a message nobody sent is a 404, and a phone may not ask', async () => {
  const device = await service.as('device', 'alice');
  const refused = await service.server.try('GET', '/v1/messages/m1/trace?accountId=a%2Fb');

  expect(await service.server.try('GET', '/v1/messages/unsent/trace')).toMatchObject({
    status: 404,
  });
  expect(await device.try('GET', '/v1/messages/unsent/trace')).toMatchObject({ status: 403 });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'accountId' }] } });
});

test.each([
  ['a message to more than a hundred', 101],
  ['a message of a batch', 1],
])('%s has a trace as well', async (_case, size) => {
  const members = Array.from({ length: size }, (_, index) => `of-${size}-${index}`);
  const last = `of-${size}-${size - 1}`;
  const certificate = `of ${size}`;
  const message = aMessage(members);
  // of its own, so that no sender of the other lane holds its limit
  await storeCertificate(service, certificate);
  await logIn(service, last, { tokens: [{ certificate, token: `reg-${last}` }] });

  await send(size > 1 ? message : { batchId: randomUUID(), messages: [message] });

  const told = await until(
    () => trace(message.messageId, `?accountId=${last}`),
    (story) => JSON.stringify(story).includes('accepted'),
  );
  expect(told).toMatchObject({
    devices: [{ accountId: last, reason: 'queued', outcomes: [{ kind: 'accepted', at }] }],
  });
  expect(await trace(message.messageId)).toMatchObject({
    devices: members.map((accountId) => ({
      accountId,
      reason: accountId === last ? 'queued' : 'unknown-account',
    })),
  });
});

test.each([
  {
    traceLevel: 'failures',
    keeps: 'what went wrong',
    app: FAILURES,
    kept: [{ kind: 'token-invalid', code: '20301' }],
  },
  { traceLevel: 'off', keeps: 'nothing', app: OFF, kept: [] },
])(
  'the level $traceLevel keeps $keeps of what became of pushes',
  async ({ traceLevel, app, kept }) => {
    const admin = await service.as('admin', undefined, app);
    await admin.call('PATCH', '/v1/app', { traceLevel });
    await storeCertificate(service, 'xiaomi', { admin });
    const living = aMessage(['living']);
    const dying = aMessage(['dying']);
    await logIn({ server: admin }, 'living');
    const token = await logIn({ server: admin }, 'dying');
    service.machine.simulators.xiaomi.control({ deadTokens: [token] });

    for (const message of [living, dying]) {
      await send(message, admin);
      await queues.drained('XiaomiDirectQueue');
    }

    expect(await trace(living.messageId, '', admin)).toMatchObject({
      devices: [{ reason: 'queued', outcomes: [] }],
    });
    expect(await trace(dying.messageId, '', admin)).toMatchObject({
      devices: [{ reason: 'queued', outcomes: kept }],
    });
    expect(await admin.call('GET', '/v1/accounts/dying')).toMatchObject({
      devices: [{ tokens: [] }],
    });
  },
);
