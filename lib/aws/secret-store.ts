import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { SecretStore } from '../model/ports';
import { appPut } from './app-store';
import type { Envelope, Sealed } from './envelope';
import { keepFor } from './keep-for';
import { numberIn, packJson, unpackJson } from './stored-json';

/** A revoked secret works for so long at most. */
const KEEP_MS = 60_000;

interface StoredSecret {
  /** `appKey` for the first secret, `appKey.n` for those after it. */
  readonly keyId: string;
  readonly sealed: Sealed;
}

/** Opens app secrets for verifying tokens. */
export function createSecretStore(
  client: DynamoDBDocumentClient,
  table: string,
  envelope: Envelope,
): SecretStore {
  const kept = keepFor(KEEP_MS, async (appKey) => {
    const stored = await readSecrets(client, table, appKey);
    const opened = (stored?.secrets ?? []).map(
      async ({ keyId, sealed }) =>
        [keyId, await envelope.open(sealed, secretContext(appKey, keyId))] as const,
    );
    return new Map(await Promise.all(opened));
  });
  return {
    async secretsOf(appKey) {
      const secrets = await kept.get(appKey);
      // an app created a moment ago must not stay unknown for a minute
      if (secrets.size === 0) kept.forget(appKey);
      return secrets;
    },
  };
}

/** Creates, rotates and revokes apps; for operators with AWS credentials, never behind the public API. */
export interface AppRegistry {
  /** Throws when the app exists. */
  create(appKey: string, secret: string): Promise<void>;
  /** Adds a second secret and answers its key id; throws when there are two already. */
  rotate(appKey: string, secret: string): Promise<string>;
  /** Takes one secret away, or with no key id all of them. */
  revoke(appKey: string, keyId?: string): Promise<void>;
  keyIds(appKey: string): Promise<readonly string[]>;
}

export function createAppRegistry(
  client: DynamoDBDocumentClient,
  table: string,
  envelope: Envelope,
): AppRegistry {
  async function sealed(appKey: string, keyId: string, secret: string): Promise<StoredSecret> {
    return { keyId, sealed: await envelope.seal(secret, secretContext(appKey, keyId)) };
  }

  return {
    async create(appKey, secret) {
      const first = await sealed(appKey, appKey, secret);
      const app = { settings: {}, certificates: {} };
      await client.send(
        new TransactWriteCommand({
          TransactItems: [
            { Put: secretsPut(table, appKey, [first], 1, 0) },
            { Put: appPut(table, appKey, app, 0) },
          ],
        }),
      );
    },

    async rotate(appKey, secret) {
      const stored = await readSecrets(client, table, appKey);
      if (stored === undefined) throw new Error(`there is no app ${appKey}`);
      if (stored.secrets.length >= 2) {
        throw new Error(`${appKey} has two secrets already: revoke one first`);
      }
      const keyId = `${appKey}.${stored.nextNumber}`;
      const secrets = [...stored.secrets, await sealed(appKey, keyId, secret)];
      await client.send(
        new PutCommand(secretsPut(table, appKey, secrets, stored.nextNumber + 1, stored.version)),
      );
      return keyId;
    },

    async revoke(appKey, keyId) {
      const stored = await readSecrets(client, table, appKey);
      if (stored === undefined) throw new Error(`there is no app ${appKey}`);
      const left = stored.secrets.filter((one) => keyId !== undefined && one.keyId !== keyId);
      if (keyId !== undefined && left.length === stored.secrets.length) {
        throw new Error(`${appKey} has no secret ${keyId}`);
      }
      await client.send(
        new PutCommand(secretsPut(table, appKey, left, stored.nextNumber, stored.version)),
      );
    },

    async keyIds(appKey) {
      const stored = await readSecrets(client, table, appKey);
      return (stored?.secrets ?? []).map(({ keyId }) => keyId);
    },
  };
}

async function readSecrets(client: DynamoDBDocumentClient, table: string, appKey: string) {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: secretKey(appKey), ConsistentRead: true }),
  );
  if (Item === undefined) return undefined;
  return {
    secrets: unpackJson<readonly StoredSecret[]>(Item['data']),
    nextNumber: numberIn(Item, 'nextNumber'),
    version: numberIn(Item, 'version'),
  };
}

function secretsPut(
  table: string,
  appKey: string,
  secrets: readonly StoredSecret[],
  nextNumber: number,
  version: number,
) {
  return {
    TableName: table,
    Item: { ...secretKey(appKey), data: packJson(secrets), nextNumber, version: version + 1 },
    ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : 'version = :version',
    ...(version === 0 ? {} : { ExpressionAttributeValues: { ':version': version } }),
  };
}

function secretKey(appKey: string): { pk: string; sk: string } {
  return { pk: `secret/${appKey}`, sk: 'secrets' };
}

function secretContext(appKey: string, keyId: string) {
  return { purpose: 'secret', app: appKey, name: keyId } as const;
}
