import { createAccountStore } from '../../lib/aws/account-store';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createAppStore } from '../../lib/aws/app-store';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { sha256 } from '../../lib/aws/fingerprint';
import { createJobQueue } from '../../lib/aws/job-queue';
import { createUnreadStore } from '../../lib/aws/unread-store';
import type { Device } from '../../lib/model/account';
import type { AppSettings } from '../../lib/model/app-settings';
import type { PushJob } from '../../lib/model/push-job';
import type { VendorId } from '../../lib/model/vendor-id';
import { badgeOf, shortName } from '../../lib/rules/unread';
import { ABILITIES } from '../../lib/usecases/check-payloads';
import { type ReadPorts, readConversation } from '../../lib/usecases/read-conversation';
import { type Aws, refuseWith, startAws, type WireCall } from '../support/aws';
import { aDevice, anAccount, aToken, NOW } from '../support/builders';

const APP = 'app-1';

let aws: Aws;
let ports: ReadPorts;
beforeAll(async () => {
  aws = await startAws();
  const queueUrl = aws.createQueue('bulk');
  const urls = { direct: queueUrl, bulk: queueUrl, directDead: queueUrl, bulkDead: queueUrl };
  const envelope = createEnvelope(aws.kms, aws.keyId);
  await createAppRegistry(aws.dynamoDb, 'settings', envelope).create(APP, 'a secret');
  const certificates = createCertificateStore(aws.dynamoDb, 'settings', envelope);
  for (const vendor of ['xiaomi', 'apns', 'meizu'] as const) {
    const own = { name: `${vendor}-cert`, appKey: APP, vendor, credentials: {} };
    await certificates.put(own);
  }
  ports = {
    accounts: createAccountStore(aws.dynamoDb, 'devices'),
    apps: createAppStore(aws.dynamoDb, 'settings'),
    unread: createUnreadStore(aws.dynamoDb, 'devices', { now: () => NOW }),
    queue: createJobQueue(aws.sqs, { xiaomi: urls, apns: urls, meizu: urls }),
    abilities: ABILITIES,
    clock: { now: () => NOW },
    hash: sha256,
  };
});
afterAll(() => aws.close());

/** Another app store: what the first has read it keeps for a moment. */
async function withSettings(settings: Partial<AppSettings>): Promise<ReadPorts> {
  const apps = createAppStore(aws.dynamoDb, 'settings');
  await apps.changeSettings(APP, settings);
  return { ...ports, apps };
}

function aPhone(vendor: VendorId, changes: Partial<Device> = {}): Device {
  return aDevice({
    deviceId: vendor,
    platform: vendor === 'apns' ? 'ios' : 'android',
    facts: { manufacturer: vendor === 'apns' ? 'Apple' : vendor },
    tokens: { [`${vendor}-cert`]: aToken({ vendor, token: `token of ${vendor}` }) },
    ...changes,
  });
}

/** An account whose phones have been pushed these texts of a team: message `n`, sent at NOW - 100 + n. */
async function anUnreadUser(
  accountId: string,
  phones: readonly Device[],
  numbers: readonly number[],
): Promise<void> {
  await ports.accounts.update(APP, accountId, () => ({
    account: { ...anAccount(phones), accountId },
  }));
  for (const { deviceId, badge } of phones) {
    for (const number of numbers) {
      await ports.unread.add(
        { appKey: APP, accountId, deviceId, since: badge?.since ?? 0 },
        {
          conversation: shortName('team', sha256),
          message: shortName(`message-${number}`, sha256),
          sentAt: NOW - 100 + number,
          notifyId: number,
          counts: true,
        },
      );
    }
  }
}

/** What is queued by a call, as vendor, notify id and badge. */
function queuedIn(calls: readonly WireCall[]) {
  return calls
    .filter(({ operation }) => operation === 'SendMessageBatch')
    .flatMap(({ body }) => body['Entries'] as { MessageBody: string }[])
    .map(({ MessageBody }) => JSON.parse(MessageBody) as PushJob) // just written by the job queue
    .flatMap(({ vendor, pushes }) =>
      pushes.map(({ notification: { notifyId, badge }, withdraws }) => ({
        vendor,
        notifyId,
        ...(badge && { badge }),
        withdraws,
      })),
    );
}

function read(accountId: string, number: number, own = ports): Promise<number> {
  const report = { appKey: APP, accountId, conversationId: 'team', upTo: NOW - 100 + number };
  return readConversation(report, own);
}

test('what was read leaves the tray of one phone and the icon of another', async () => {
  const own = await withSettings({ withdrawRead: true });
  const iphone = aPhone('apns', { badge: { value: 4, since: NOW - 200 } });
  await anUnreadUser('lena', [aPhone('xiaomi'), iphone], [1, 2, 3]);
  let withdrawn = 0;

  const calls = await aws.wire.watch(async () => {
    withdrawn = await read('lena', 2, own);
  });

  expect(withdrawn).toBe(3);
  expect(queuedIn(calls)).toEqual(
    expect.arrayContaining([
      { vendor: 'xiaomi', notifyId: 1, withdraws: true },
      { vendor: 'xiaomi', notifyId: 2, withdraws: true },
      { vendor: 'apns', notifyId: 1, badge: { set: 5 }, withdraws: true },
    ]),
  );
  const [left] = await own.unread.read([
    { appKey: APP, accountId: 'lena', deviceId: 'apns', since: NOW - 200 },
  ]);
  expect(left && badgeOf(4, left)).toBe(5);
  expect((await own.accounts.get(APP, 'lena'))?.reads).toEqual({ team: NOW - 98 });
});

test('reading the same again, or less, withdraws nothing more and writes nothing', async () => {
  const own = await withSettings({ withdrawRead: true });
  await anUnreadUser('mia', [aPhone('xiaomi')], [1, 2]);
  await read('mia', 2, own);

  const calls = await aws.wire.watch(async () => {
    expect(await read('mia', 2, own)).toBe(0);
    expect(await read('mia', 1, own)).toBe(0);
  });

  expect(new Set(calls.map(({ operation }) => operation))).toEqual(
    new Set(['GetItem', 'BatchGetItem']),
  );
});

test('a call that failed before it was done withdraws when it is repeated', async () => {
  const own = await withSettings({ withdrawRead: true });
  await anUnreadUser('nora', [aPhone('xiaomi')], [1]);
  aws.wire.next('SendMessageBatch', refuseWith('AccessDenied'));
  await expect(read('nora', 1, own)).rejects.toThrow();

  expect(await read('nora', 1, own)).toBe(1);
});

test('a phone that cannot have anything to take back is not asked about', async () => {
  const own = await withSettings({ withdrawRead: true });
  await anUnreadUser('olga', [aPhone('meizu')], []);

  const calls = await aws.wire.watch(() => read('olga', 1, own));

  expect(calls.map(({ operation }) => operation)).toEqual(
    expect.not.arrayContaining(['BatchGetItem']),
  );
});

test('a phone that was logged out is left as it is', async () => {
  const own = await withSettings({ withdrawRead: true });
  const gone = aPhone('xiaomi', { session: { state: 'logged-out', at: NOW } });
  await anUnreadUser('paul', [gone], [1]);

  expect(await read('paul', 1, own)).toBe(0);
});

test('a time in the future is no more than now', async () => {
  await anUnreadUser('rita', [aPhone('meizu')], []);

  await read('rita', 86_400_000);

  expect((await ports.accounts.get(APP, 'rita'))?.reads).toEqual({ team: NOW });
});

test('an account nobody knows is a 404', async () => {
  await expect(read('nobody', 1)).rejects.toMatchObject({ status: 404 });
});
