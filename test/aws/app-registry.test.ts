import { type AppRegistry, createAppRegistry } from '../../lib/aws/app-registry';
import { createAppStore } from '../../lib/aws/app-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { createSecretStore } from '../../lib/aws/secret-store';
import { type Aws, after, startAws } from '../support/aws';

let aws: Aws;
let registry: AppRegistry;
beforeAll(async () => {
  aws = await startAws();
  registry = createAppRegistry(aws.dynamoDb, 'settings', createEnvelope(aws.kms, aws.keyId));
});
afterAll(() => aws.close());

/** What a container that starts now opens. */
async function secretsOf(appKey: string): Promise<Record<string, string>> {
  const envelope = createEnvelope(aws.kms, aws.keyId);
  const secrets = createSecretStore(aws.dynamoDb, 'settings', envelope);
  return Object.fromEntries(await secrets.secretsOf(appKey));
}

test('a created app has one secret under its own key, and settings', async () => {
  await registry.create('created', 'first secret');

  expect(await registry.keyIds('created')).toEqual(['created']);
  expect(await secretsOf('created')).toEqual({ created: 'first secret' });
  expect(await createAppStore(aws.dynamoDb, 'settings').get('created')).toBeDefined();
});

test('an app is not created twice, and keeps its secret and settings', async () => {
  await registry.create('twice', 'first secret');
  const apps = createAppStore(aws.dynamoDb, 'settings');
  await apps.changeSettings('twice', { ttlSeconds: 60 });

  await expect(registry.create('twice', 'another')).rejects.toThrow();

  expect(await secretsOf('twice')).toEqual({ twice: 'first secret' });
  expect((await apps.getFresh('twice'))?.settings.ttlSeconds).toBe(60);
});

test('rotating adds a second secret under a key id of its own, and both open', async () => {
  await registry.create('rotated', 'first secret');

  const keyId = await registry.rotate('rotated', 'second secret');

  expect(keyId).toBe('rotated.1');
  expect(await registry.keyIds('rotated')).toEqual(['rotated', 'rotated.1']);
  expect(await secretsOf('rotated')).toEqual({
    rotated: 'first secret',
    'rotated.1': 'second secret',
  });
});

test('a third secret is refused until one is revoked', async () => {
  await registry.create('full', 'first secret');
  await registry.rotate('full', 'second secret');

  await expect(registry.rotate('full', 'third secret')).rejects.toThrow('revoke one first');
  expect(Object.values(await secretsOf('full'))).toEqual(['first secret', 'second secret']);

  await registry.revoke('full', 'full');
  expect(await registry.rotate('full', 'third secret')).toBe('full.2');
  expect(await secretsOf('full')).toEqual({
    'full.1': 'second secret',
    'full.2': 'third secret',
  });
});

test('two rotations at once add one secret', async () => {
  await registry.create('hasty', 'first secret');
  aws.wire.next(
    'PutItem',
    after(() => registry.rotate('hasty', 'the quicker')),
  );

  await expect(registry.rotate('hasty', 'the slower')).rejects.toThrow();

  expect(await secretsOf('hasty')).toEqual({ hasty: 'first secret', 'hasty.1': 'the quicker' });
});

test('one secret is revoked and the other goes on', async () => {
  await registry.create('halved', 'first secret');
  await registry.rotate('halved', 'second secret');

  await registry.revoke('halved', 'halved.1');

  expect(await secretsOf('halved')).toEqual({ halved: 'first secret' });
  expect(await registry.keyIds('halved')).toEqual(['halved']);
});

test('a key id is never given out again, so that no old token comes back to life', async () => {
  await registry.create('numbered', 'first secret');
  await registry.revoke('numbered', await registry.rotate('numbered', 'second secret'));

  expect(await registry.rotate('numbered', 'third secret')).toBe('numbered.2');
});

test('revoking all leaves an app without a secret, which can have a new one', async () => {
  await registry.create('revoked', 'first secret');
  await registry.rotate('revoked', 'second secret');

  await registry.revoke('revoked');

  expect(await registry.keyIds('revoked')).toEqual([]);
  expect(await secretsOf('revoked')).toEqual({});
  await expect(registry.create('revoked', 'again')).rejects.toThrow();
  expect(await registry.rotate('revoked', 'new secret')).toBe('revoked.2');
  expect(await secretsOf('revoked')).toEqual({ 'revoked.2': 'new secret' });
});

test('an app nobody created has no secrets, and can be neither rotated nor revoked', async () => {
  expect(await registry.keyIds('nobody')).toEqual([]);
  expect(await secretsOf('nobody')).toEqual({});
  await expect(registry.rotate('nobody', 'secret')).rejects.toThrow('there is no app nobody');
  await expect(registry.revoke('nobody')).rejects.toThrow('there is no app nobody');
});

test('revoking a secret the app does not have is refused and changes nothing', async () => {
  await registry.create('mistyped', 'first secret');

  await expect(registry.revoke('mistyped', 'mistyped.9')).rejects.toThrow('no secret mistyped.9');

  expect(await registry.keyIds('mistyped')).toEqual(['mistyped']);
});

test('no secret is in what is stored, nor in what goes to KMS', async () => {
  const secrets = ['geheimnis-eins-0123456789', 'geheimnis-zwei-0123456789'] as const;

  const calls = await aws.wire.watch(async () => {
    await registry.create('sealed', secrets[0]);
    await registry.rotate('sealed', secrets[1]);
  });

  const texts = [await aws.textIn('settings'), JSON.stringify(calls)];
  expect(texts[0]).toContain('"keyId":"sealed.1"');
  expect(calls.map(({ operation }) => operation)).toContain('GenerateDataKey');
  for (const secret of secrets) {
    for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
      const encoded = Buffer.from(secret).toString(encoding);
      for (const text of texts) expect(text).not.toContain(encoded);
    }
  }
});
