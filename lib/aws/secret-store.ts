import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { SecretStore } from '../model/ports';
import type { Envelope, Sealed } from './envelope';
import { keepFor } from './keep-for';
import { numberIn, unpackJson } from './stored-json';

/** A revoked secret works for so long at most. */
const KEEP_MS = 60_000;
/** A key id that is not among the kept ones may be new, or made up: it is looked for no more often than this. */
const LOOK_AGAIN_MS = 1_000;

/** One secret of an app, sealed. */
export interface StoredSecret {
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
  const fresh = keepFor(LOOK_AGAIN_MS, (appKey) => {
    kept.forget(appKey);
    return kept.get(appKey);
  });
  return {
    async secretsOf(appKey, keyId) {
      const secrets = await kept.get(appKey);
      // an app created a moment ago must not stay unknown for a minute
      if (secrets.size === 0) kept.forget(appKey);
      // nor the second secret of one whose first is in use
      else if (keyId !== undefined && !secrets.has(keyId)) return fresh.get(appKey);
      return secrets;
    },
  };
}

/** The secrets of an app as stored, strongly consistent; undefined when there is no such app. */
export async function readSecrets(client: DynamoDBDocumentClient, table: string, appKey: string) {
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

/** Key of the item with an app's secrets. */
export function secretKey(appKey: string): { pk: string; sk: string } {
  return { pk: `secret/${appKey}`, sk: 'secrets' };
}

/** What an app secret is bound to. */
export function secretContext(appKey: string, keyId: string) {
  return { purpose: 'secret', app: appKey, name: keyId } as const;
}
