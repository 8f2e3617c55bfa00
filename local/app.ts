import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { type AppRegistry, createAppRegistry } from '../lib/aws/app-registry';
import { createDynamoDb, createKms } from '../lib/aws/clients';
import { isLostRace } from '../lib/aws/conditions';
import { createEnvelope } from '../lib/aws/envelope';
import type { Connection } from './one-machine';

const GIVEN = [
  '--secret-stdin',
  "take the secret from standard input: that of NIM's console",
] as const;
/** NIM's own have 12 characters. */
const SECRET = /^[\x21-\x7e]{12,256}$/;
const NO_STACK = 'no stack is running on this machine: npm start';
const dataFolder =
  process.env['OFFLINE_PUSH_DATA'] ?? resolve(import.meta.dirname, '../../.offline-push');

const program = new Command('npm run app --')
  .description('Creates, rotates and revokes apps, with the AWS credentials of the environment.')
  .option('--stage <stage>', 'stage of the deployed service', 'dev')
  .option('--region <region>', 'its AWS region')
  .option('--local', 'the stack running on this machine');

program
  .command('create')
  .argument('[appKey]', 'a key of your own; generated if left out')
  .option(...GIVEN)
  .description('create an app and print its secret, once')
  .action(async (appKey: string = randomBytes(16).toString('hex'), options: SecretOptions) => {
    const { secret, shown } = await secretBy(options);
    await (await registry()).create(appKey, secret).catch((error: unknown) => {
      if (!isLostRace(error)) throw error;
      fail(`there is an app ${appKey} already`);
    });
    console.log(`app key     ${appKey}\nkey id      ${appKey}\nsecret      ${shown}`);
  });

program
  .command('rotate')
  .argument('<appKey>')
  .option(...GIVEN)
  .description('add a second secret; tokens name it by its key id (kid)')
  .action(async (appKey: string, options: SecretOptions) => {
    const { secret, shown } = await secretBy(options);
    const keyId = await (await registry()).rotate(appKey, secret);
    console.log(`key id      ${keyId}\nsecret      ${shown}`);
  });

program
  .command('revoke')
  .argument('<appKey>')
  .argument('[keyId]', 'one secret; all of them if left out')
  .description('take a secret away; it works for at most 60 s more')
  .action(async (appKey: string, keyId?: string) => {
    await (await registry()).revoke(appKey, keyId);
    console.log(`revoked ${keyId ?? `all secrets of ${appKey}`}`);
  });

program
  .command('list')
  .argument('<appKey>')
  .description('list the key ids of an app')
  .action(async (appKey: string) => {
    const keyIds = await (await registry()).keyIds(appKey);
    if (keyIds.length === 0) fail(`there is no app ${appKey}, or none of its secrets is left`);
    for (const keyId of keyIds) console.log(keyId);
  });

await program.parseAsync().catch((error: unknown) => {
  if (program.opts()['local'] === true && isRefusedConnection(error)) fail(NO_STACK);
  fail(error instanceof Error ? error.message : String(error));
});

async function registry(): Promise<AppRegistry> {
  const { stage, region, local } = program.opts<{ stage: string; region?: string; local?: true }>();
  const connection = local ? await localConnection() : awsConnection(stage, region);
  Object.assign(process.env, connection.environment);
  return createAppRegistry(
    createDynamoDb(),
    connection.settingsTable,
    createEnvelope(createKms(), connection.keyId),
  );
}

type RegistryConnection = Pick<Connection, 'environment' | 'settingsTable' | 'keyId'>;

async function localConnection(): Promise<RegistryConnection> {
  const file = resolve(dataFolder, 'connection.json');
  const text = await readFile(file, 'utf8').catch(() => fail(NO_STACK));
  return JSON.parse(text) as RegistryConnection; // written by this program's other half when the stack started
}

function awsConnection(stage: string, region: string | undefined): RegistryConnection {
  return {
    environment: region === undefined ? {} : { AWS_REGION: region },
    settingsTable: `offline-push-${stage}-settings`,
    keyId: `alias/offline-push-${stage}`,
  };
}

/** The file of a stack that has ended names ports where nobody listens. */
function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

interface SecretOptions {
  readonly secretStdin?: true;
}

/** A new secret, to be shown once, or one from elsewhere, which is not shown again. */
async function secretBy({ secretStdin }: SecretOptions) {
  if (!secretStdin) {
    const secret = randomBytes(32).toString('base64url');
    return { secret, shown: secret };
  }
  const secret = (await text(process.stdin)).trim();
  if (!SECRET.test(secret)) fail('a secret has 12 to 256 characters of ASCII, without blanks');
  return { secret, shown: '(as given)' };
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
