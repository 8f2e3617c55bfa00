import { createAccountStore } from '../../lib/aws/account-store';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createAppStore } from '../../lib/aws/app-store';
import { type AwsCall, observeAwsCalls } from '../../lib/aws/call-units';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { createJobQueue } from '../../lib/aws/job-queue';
import { createJobStore } from '../../lib/aws/job-store';
import { createSubmissionStore } from '../../lib/aws/submission-store';
import type { AccountStore } from '../../lib/model/ports';
import { type Aws, refuseWith, startAws, type WireCall } from '../support/aws';
import { aDevice, anAccount, aPushJob, NOW } from '../support/builders';
import { tokenOwners } from '../support/token-owners';

const APP = 'app-1';

let aws: Aws;
let accounts: AccountStore;
let seen: AwsCall[] = [];
beforeAll(async () => {
  aws = await startAws();
  accounts = createAccountStore(aws.dynamoDb, 'devices');
});
afterAll(() => aws.close());

/** What was counted and what went over the wire while `act` ran. */
async function count(act: () => Promise<unknown>) {
  seen = [];
  observeAwsCalls((call) => seen.push(call));
  const calls = await aws.wire.watch(act);
  return { counted: seen, calls };
}

async function unitsOf(act: () => Promise<unknown>): Promise<(string | number)[][]> {
  const { counted } = await count(act);
  return counted.map(({ operation, units }) => [operation, units]);
}

/** The units in the answers, as DynamoDB tells them. */
function toldUnits(calls: readonly WireCall[]): number[] {
  return calls.map(({ answer }) =>
    [answer?.body['ConsumedCapacity']]
      .flat()
      .reduce((sum: number, one) => sum + Number(Object(one).CapacityUnits), 0),
  );
}

function manyDevices(accountId: string) {
  const devices = Array.from({ length: 10 }, (_, index) => {
    const model = Array.from({ length: 30 }, () => Math.random()).join();
    return aDevice({ deviceId: `phone-${index}`, facts: { model }, tokens: {} });
  });
  return anAccount(devices, { accountId });
}

test('nobody asks for units while nobody looks', async () => {
  const [call] = await aws.wire.watch(() => accounts.get(APP, 'unobserved'));

  expect(call?.body).not.toHaveProperty('ReturnConsumedCapacity');
});

test('counts equal what DynamoDB says it consumed, call by call', async () => {
  const envelope = createEnvelope(aws.kms, aws.keyId);
  const registry = createAppRegistry(aws.dynamoDb, 'settings', envelope);
  const apps = createAppStore(aws.dynamoDb, 'settings');
  const certificates = createCertificateStore(aws.dynamoDb, 'settings', envelope);
  const submissions = createSubmissionStore(aws.dynamoDb, 'deliveries');
  const jobs = createJobStore(aws.dynamoDb, 'deliveries');
  const { register } = tokenOwners(accounts);
  const account = manyDevices('counted');
  const recipients = Array.from({ length: 2_000 }, () => ({
    accountId: `${Math.random()}`,
    reachable: true,
    devices: [],
  }));

  const { counted, calls } = await count(async () => {
    await accounts.update(APP, 'counted', () => ({ account }));
    await register('counted', 'token-counted', { deviceId: 'phone-1' });
    await register('other', 'token-counted');
    await accounts.getMany(APP, ['counted', 'other', 'nobody']);
    await accounts.saveHeartbeats(APP, [{ node: 'n', epoch: 'e', at: NOW }]);
    await registry.create(APP, 'a secret');
    await apps.changeSettings(APP, { ttlSeconds: 60 });
    const credentials = { appSecret: 'x' };
    await certificates.put({ appKey: APP, name: 'c', vendor: 'vivo', credentials });
    await certificates.open(APP, 'vivo', 'c');
    await certificates.remove(APP, 'c');
    await submissions.saveDecisions(APP, 'm', NOW, recipients);
    await submissions.decisionsOf(APP, 'm');
    await jobs.claim(aPushJob(), NOW + 1, NOW);
    await jobs.settle(aPushJob(), 'done', [], NOW);
  });

  // a refused call is told no units; one was: a heartbeat whose node was new
  const told = calls.filter(({ operation, answer }) => {
    return !['GenerateDataKey', 'Decrypt'].includes(operation) && answer?.status === 200;
  });
  const refused = calls.filter(({ answer }) => answer?.status !== 200);
  const ofDynamoDb = counted.filter(({ service }) => service === 'dynamodb');
  expect(refused.map(({ operation }) => operation)).toEqual(['UpdateItem']);
  expect(ofDynamoDb.map(({ units }) => units).sort()).toEqual([...toldUnits(told), 1].sort());
  const kinds = new Set(told.map(({ operation }) => operation));
  expect([...kinds].sort()).toEqual([
    'BatchGetItem',
    'GetItem',
    'PutItem',
    'Query',
    'TransactWriteItems',
    'UpdateItem',
  ]);
});

describe('what the store costs', () => {
  const register = (accountId: string, token: string) =>
    tokenOwners(accounts).register(accountId, token);

  test('for a new account with a token: two reads, and two writes twice', async () => {
    expect(await unitsOf(() => register('fresh', 'token-fresh'))).toEqual([
      ['GetItemCommand', 1],
      ['BatchGetItemCommand', 1],
      ['TransactWriteItemsCommand', 4],
    ]);
  });

  test('for a token that moves: the loser is read and written as well', async () => {
    await register('loser', 'token-moves');

    expect(await unitsOf(() => register('gainer', 'token-moves'))).toEqual([
      ['GetItemCommand', 1],
      ['BatchGetItemCommand', 1],
      ['GetItemCommand', 1],
      ['TransactWriteItemsCommand', 6],
    ]);
  });

  test('for a large account: a unit for each 4 KB read and each 1 KB written', async () => {
    const account = manyDevices('large');
    await accounts.update(APP, 'large', () => ({ account }));

    const [read, written] = await unitsOf(() =>
      accounts.update(APP, 'large', (stored) => stored && { account: stored }),
    );

    const kilobytes = Number(written?.[1]);
    expect(kilobytes).toBeGreaterThan(1);
    expect(read?.[1]).toBe(Math.ceil(kilobytes / 4));
  });

  test('for deciding: half a unit for each small recipient', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `small-${index}`);
    await Promise.all(names.map((name) => register(name, `token-of-${name}`)));

    expect(await unitsOf(() => accounts.getMany(APP, names))).toEqual([
      ['BatchGetItemCommand', 10],
    ]);
  });

  test('for heartbeats: one write, and for a new epoch a refused one before it', async () => {
    const beat = (at: number, epoch: string) =>
      accounts.saveHeartbeats(APP, [{ node: 'beating', epoch, at }]);

    expect(await unitsOf(() => beat(NOW, 'a'))).toEqual([
      ['UpdateItemCommand', 1],
      ['PutItemCommand', 1],
    ]);
    expect(await unitsOf(() => beat(NOW + 1, 'a'))).toEqual([['UpdateItemCommand', 1]]);
  });

  test('for a transaction that is refused: as much as if it had gone through', async () => {
    aws.wire.next('TransactWriteItems', refuseWith('ValidationException'));

    const units = await unitsOf(async () => {
      await expect(register('refused', 'token-refused')).rejects.toThrow();
    });

    expect(units.at(-1)).toEqual(['TransactWriteItemsCommand', 4]);
  });
});

describe('a call to SQS', () => {
  const jobOf = (bytes: number) => {
    const bare = aPushJob({ certificate: '' });
    return { ...bare, certificate: '"'.repeat((bytes - JSON.stringify(bare).length) / 2) };
  };

  test.each([
    ['ten small jobs', Array.from({ length: 10 }, () => aPushJob()), 1],
    ['a job of 64 KB, however much of it is quotes', [jobOf(65_536)], 1],
    ['a job of a little more', [jobOf(65_538)], 2],
    ['four of 64 KB', Array.from({ length: 4 }, () => jobOf(65_536)), 4],
  ])('with %s costs by 64 KB', async (_what, jobs, units) => {
    const direct = aws.createQueue('direct');
    const queue = createJobQueue(aws.sqs, {
      xiaomi: { direct, bulk: '', directDead: direct, bulkDead: '' },
    });

    expect(await unitsOf(() => queue.put(jobs))).toEqual([['SendMessageBatchCommand', units]]);
    const [first = aPushJob()] = jobs;
    const [[, buried] = []] = await unitsOf(() => queue.bury(first, { code: '1', text: 'x' }));
    expect(buried).toBe(jobs.length === 10 ? 1 : 2);
  });
});

test('a call to KMS costs one, also when it is refused', async () => {
  const envelope = createEnvelope(aws.kms, aws.keyId);
  const context = { purpose: 'secret', app: APP, name: APP } as const;

  expect(
    await unitsOf(async () => {
      const sealed = await envelope.seal('a secret', context);
      await expect(envelope.open(sealed, { ...context, app: 'app-2' })).rejects.toThrow();
    }),
  ).toEqual([
    ['GenerateDataKeyCommand', 1],
    ['DecryptCommand', 1],
  ]);
});
