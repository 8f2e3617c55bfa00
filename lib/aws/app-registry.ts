import {
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { APP_KEY } from '../model/app-settings';
import { appPut } from './app-store';
import type { Envelope } from './envelope';
import { readSecrets, type StoredSecret, secretContext, secretKey } from './secret-store';
import { packJson } from './stored-json';

/** Creates, rotates and revokes apps; for operators with AWS credentials, never behind the public API. */
export interface AppRegistry {
  /** Throws when the app exists, or the key is none. */
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
      if (!APP_KEY.test(appKey)) {
        throw new Error('an app key has 1 to 64 characters of A-Z a-z 0-9 _ -');
      }
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
