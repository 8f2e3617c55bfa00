import {
  type DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../model/time';
import type { FoldedUnread, UnreadCount, UnreadMessages, UnreadStore } from '../model/unread';
import { decodeMember, encodeMember, foldOldest, readUpTo, withoutMessage } from '../rules/unread';
import { readMany } from './account-reads';
import { isLostRace } from './conditions';
import { untilWon } from './lost-races';
import { numberIn, packJson, unpackJson } from './stored-json';

const KEEP_SECONDS = 30 * 86_400;

type Item = Readonly<Record<string, unknown>>;

/**
 * Unread messages on DynamoDB: one item for each count, a set of short texts, so that adding one is one write that is
 * idempotent by nature. `folds` numbers the changes that take members out.
 */
export function createUnreadStore(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock = { now: () => Date.now() },
): UnreadStore {
  /** Takes members out, on condition that nobody has taken any out since the item was read. */
  async function shrink(
    pk: string,
    item: Item,
    { gone, left }: NonNullable<ReturnType<typeof foldOldest>>,
  ): Promise<void> {
    const seen = numberIn(item, 'folds');
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk },
        UpdateExpression: 'SET folded = :folded, folds = :next DELETE unread :gone',
        ConditionExpression: seen === 0 ? 'attribute_not_exists(folds)' : 'folds = :seen',
        ExpressionAttributeValues: {
          ':folded': packJson(left.folded),
          ':next': seen + 1,
          ':gone': new Set(gone.map(encodeMember)),
          ...(seen === 0 ? {} : { ':seen': seen }),
        },
      }),
    );
  }

  /** Takes out what the rule says, of what is there by then. */
  async function takeOut(
    count: UnreadCount,
    rule: (unread: UnreadMessages) => ReturnType<typeof readUpTo>,
  ): Promise<void> {
    const pk = unreadKey(count);
    await untilWon(`the unread messages of ${count.deviceId}`, async () => {
      const { Item: item = {} } = await client.send(
        new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true }),
      );
      const split = rule(unreadIn(item));
      if (split.gone.length > 0) await shrink(pk, item, split);
    });
  }

  return {
    async add(count, member) {
      const pk = unreadKey(count);
      const { Attributes: item = {} } = await client.send(
        new UpdateCommand(addition(table, pk, encodeMember(member), clock)),
      );
      const unread = unreadIn(item);
      const folded = foldOldest(unread);
      if (folded !== undefined) await shrink(pk, item, folded).catch(ignoreLostRace);
      return unread;
    },

    async read(counts) {
      const keys = counts.map(unreadKey);
      const items = await readMany(client, table, keys, { ConsistentRead: true });
      const byKey = new Map(items.map((item) => [item['pk'], item]));
      return keys.map((key) => unreadIn(byKey.get(key) ?? {}));
    },

    remove: (count, conversation, upTo) =>
      takeOut(count, (unread) => readUpTo(unread, conversation, upTo)),

    removeMessage: (count, conversation, message) =>
      takeOut(count, (unread) => withoutMessage(unread, conversation, message)),
  };
}

function unreadKey({ appKey, accountId, deviceId, since }: UnreadCount): string {
  return `unread/${appKey}/${accountId}/${deviceId}/${since}`;
}

function addition(TableName: string, pk: string, text: string, clock: Clock): UpdateCommandInput {
  return {
    TableName,
    Key: { pk },
    UpdateExpression: 'SET expiresAt = :expiresAt ADD unread :text',
    ExpressionAttributeValues: {
      ':expiresAt': Math.ceil(clock.now() / 1000) + KEEP_SECONDS,
      ':text': new Set([text]),
    },
    ReturnValues: 'ALL_NEW',
  };
}

function unreadIn(item: Item): UnreadMessages {
  const { unread, folded } = item;
  const texts: readonly unknown[] = unread instanceof Set ? [...unread] : [];
  return {
    members: texts.flatMap((text) => decodeMember(String(text)) ?? []),
    folded: folded === undefined ? {} : unpackJson<Record<string, FoldedUnread>>(folded),
  };
}

/** Whoever was faster took out as much. */
function ignoreLostRace(error: unknown): void {
  if (!isLostRace(error)) throw error;
}
