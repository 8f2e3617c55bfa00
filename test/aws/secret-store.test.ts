import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { type AppRegistry, createAppRegistry } from '../../lib/aws/app-registry';
import { createEnvelope, type Envelope } from '../../lib/aws/envelope';
import { createSecretStore, readSecrets, secretKey } from '../../lib/aws/secret-store';
import type { SecretStore } from '../../lib/model/ports';
import { type Aws, holdClock, refuseWith, startAws } from '../support/aws';

const clock = holdClock();
let aws: Aws;
let envelope: Envelope;
let registry: AppRegistry;
let store: SecretStore;
beforeAll(async () => {
  aws = await startAws();
  envelope = createEnvelope(aws.kms, aws.keyId);
  registry = createAppRegistry(aws.dynamoDb, 'settings', envelope);
});
afterAll(() => {
  clock.release();
  return aws.close();
});
beforeEach(() => {
  store = createSecretStore(aws.dynamoDb, 'settings', envelope);
});

test('secrets are opened once and kept for a minute', async () => {
  await registry.create('kept', 'first secret');
  await registry.rotate('kept', 'second secret');
  const read = async () => (await aws.wire.watch(() => store.secretsOf('kept'))).length;

  const first = await read();
  clock.pass(59_999);
  const soon = await read();
  clock.pass(1);
  const later = await read();

  expect([first, soon, later]).toEqual([3, 0, 3]);
});

test('a revoked secret works for a minute at most', async () => {
  await registry.create('revoked', 'first secret');
  await store.secretsOf('revoked');
  await registry.revoke('revoked');

  expect([...(await store.secretsOf('revoked')).keys()]).toEqual(['revoked']);
  clock.pass(60_000);
  expect((await store.secretsOf('revoked')).size).toBe(0);
});

test('an app that is created after somebody asked for it is known at once', async () => {
  expect((await store.secretsOf('awaited')).size).toBe(0);

  await registry.create('awaited', 'first secret');

  expect((await store.secretsOf('awaited')).get('awaited')).toBe('first secret');
});

test('a second secret is known as soon as it is asked for, a made-up one looked for once a second', async () => {
  await registry.create('rotated', 'first secret');
  await store.secretsOf('rotated', 'rotated');
  const keyId = await registry.rotate('rotated', 'second secret');
  const reads = async (asked: string) => {
    const calls = await aws.wire.watch(() => store.secretsOf('rotated', asked));
    return calls.filter(({ operation }) => operation === 'GetItem').length;
  };

  expect((await store.secretsOf('rotated', keyId)).get(keyId)).toBe('second secret');
  expect([await reads('rotated'), await reads(keyId), await reads('made-up')]).toEqual([0, 0, 0]);
  clock.pass(1_000);
  expect([await reads('made-up'), await reads('made-up')]).toEqual([1, 0]);
});

test('a failure of KMS is not remembered', async () => {
  await registry.create('unlucky', 'first secret');
  aws.wire.next('Decrypt', refuseWith('AccessDeniedException'));

  await expect(store.secretsOf('unlucky')).rejects.toThrow();

  expect((await store.secretsOf('unlucky')).get('unlucky')).toBe('first secret');
});

test('a secret copied to another app does not open there', async () => {
  await registry.create('victim', 'first secret');
  const stolen = await readSecrets(aws.aside, 'settings', 'victim');
  const data = JSON.stringify(stolen?.secrets);
  for (const keyId of ['victim', 'thief']) {
    const Item = {
      ...secretKey('thief'),
      data: data.replace('"victim"', `"${keyId}"`),
      nextNumber: 1,
      version: 1,
    };
    await aws.aside.send(new PutCommand({ TableName: 'settings', Item }));
    await expect(store.secretsOf('thief')).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
  }
});
