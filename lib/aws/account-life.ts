import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { AccountChange } from '../model/ports';
import type { EpochMs } from '../model/time';
import { tokenKey } from './account-writes';
import { isLostRace } from './conditions';
import { mutesKey } from './mute-store';

/** Until when an account and its tokens are kept; epoch seconds, as DynamoDB's TTL wants them. */
export interface AccountLife {
  readonly expiresAt?: number;
  /** No item of a token of this account expires sooner, nor do mutes that lie apart from it. */
  readonly tokensUntil?: number;
}

const DAY_SECONDS = 86_400;
/** Kept longer than anything pushes to it: for a setting that is raised late, and clocks that differ. */
const MARGIN_DAYS = 30;

/**
 * The life of an account after a change. A sign of life begins it anew; any other change leaves it as it is.
 *
 * Tokens are kept for another such life, so that their items need not be written with every sign of life. They must
 * never go before the account does: what says whose a token is keeps it from belonging to two.
 */
export function lifeAfter(
  { inactiveDays }: AccountChange,
  before: AccountLife,
  now: EpochMs,
): AccountLife {
  if (inactiveDays === undefined) return before;
  const seconds = (inactiveDays + MARGIN_DAYS) * DAY_SECONDS;
  const expiresAt = Math.ceil(now / 1000) + seconds;
  const isLongEnough = before.tokensUntil !== undefined && before.tokensUntil >= expiresAt;
  return { expiresAt, tokensUntil: isLongEnough ? before.tokensUntil : expiresAt + seconds };
}

/**
 * Writes the items of tokens the account had before anew, with a new end. One that has left it meanwhile is left alone.
 * Mutes that lie apart from the account get the same end.
 */
export async function prolongTokens(
  client: DynamoDBDocumentClient,
  table: string,
  { account: { appKey, accountId, devices, hasMoreMutes }, claims = [] }: AccountChange,
  tokensUntil: number | undefined,
): Promise<void> {
  if (hasMoreMutes) {
    await unlessLost(
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: mutesKey(appKey, accountId) },
          UpdateExpression: 'SET expiresAt = :until',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':until': tokensUntil },
        }),
      ),
    );
  }
  const claimed = new Set(claims.map(({ vendor, token }) => tokenKey(appKey, vendor, token)));
  const items = Object.values(devices).flatMap(({ deviceId, tokens }) =>
    Object.values(tokens).map(({ vendor, token }) => ({
      pk: tokenKey(appKey, vendor, token),
      accountId,
      deviceId,
      expiresAt: tokensUntil,
    })),
  );
  await pMap(
    items.filter(({ pk }) => !claimed.has(pk)),
    (Item) =>
      unlessLost(
        client.send(
          new PutCommand({
            TableName: table,
            Item,
            ConditionExpression: 'accountId = :account AND deviceId = :device',
            ExpressionAttributeValues: { ':account': accountId, ':device': Item.deviceId },
          }),
        ),
      ),
    { concurrency: 10 },
  );
}

/** Waits for a write; one that lost a race is over. */
async function unlessLost(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isLostRace(error)) throw error;
  }
}
