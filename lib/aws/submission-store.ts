import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunk } from '../model/chunk';
import type { SubmissionStore } from '../model/ports';
import type { MessageOrigin, StoredRecipient, SubmissionRecord } from '../model/submission';
import { DAY_MS } from '../model/time';
import { itemOnFailure } from './conditions';
import { queryAll } from './query-all';
import { numberIn, packJson, unpackJson } from './stored-json';

/** A message id counts as seen for so long. */
const REMEMBER_MS = DAY_MS;
/** The story of a message can be read for so long. */
const KEEP_SECONDS = 7 * 86_400;
const RECIPIENTS_PER_PAGE = 1_000;
/** DynamoDB takes 400 KB an item; long random ids hardly deflate. */
const MAX_PAGE_BYTES = 350_000;

/** What was decided, on DynamoDB: a record per message or call, pages of decisions where they do not fit it. */
export function createSubmissionStore(
  client: DynamoDBDocumentClient,
  table: string,
): SubmissionStore {
  function item(appKey: string, key: string, record: SubmissionRecord) {
    const { messages, recalled = [], ...rest } = record;
    return {
      ...recordKey(appKey, key),
      ...rest,
      ...(recalled.length > 0 && { recalled: new Set(recalled) }),
      messages: packJson(messages),
      expiresAt: Math.ceil(record.decidedAt / 1000) + KEEP_SECONDS,
    };
  }

  return {
    async begin(appKey, key, record) {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: item(appKey, key, record),
            ConditionExpression: 'attribute_not_exists(pk) OR decidedAt < :forgotten',
            ExpressionAttributeValues: { ':forgotten': record.decidedAt - REMEMBER_MS },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return undefined;
      } catch (error) {
        return readRecord(itemOnFailure(error));
      }
    },

    async get(appKey, key) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: recordKey(appKey, key), ConsistentRead: true }),
      );
      return Item?.['bodyHash'] === undefined ? undefined : readRecord(Item);
    },

    async recall(appKey, key, messageId, now) {
      const recalledAt = `recalledAt/${messageId}`;
      const { Attributes = {} } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: recordKey(appKey, key),
          UpdateExpression:
            'ADD recalled :ids SET #at = if_not_exists(#at, :now), decidedAt = if_not_exists(decidedAt, :now), expiresAt = if_not_exists(expiresAt, :expiresAt)',
          ExpressionAttributeNames: { '#at': recalledAt },
          ExpressionAttributeValues: {
            ':ids': new Set([messageId]),
            ':now': now,
            ':expiresAt': Math.ceil(now / 1000) + KEEP_SECONDS,
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return {
        recalledAt: numberIn(Attributes, recalledAt),
        ...(Attributes['bodyHash'] !== undefined && { record: readRecord(Attributes) }),
      };
    },

    async replace(appKey, key, record) {
      await client.send(new PutCommand({ TableName: table, Item: item(appKey, key, record) }));
    },

    async discard(appKey, key) {
      await client.send(new DeleteCommand({ TableName: table, Key: recordKey(appKey, key) }));
    },

    async saveDecisions(appKey, messageId, decidedAt, recipients, origin) {
      const pages = chunk(recipients, RECIPIENTS_PER_PAGE).flatMap(packPages);
      await pMap(
        [...pages.entries()],
        ([number, page]) =>
          client.send(
            new PutCommand({
              TableName: table,
              Item: {
                pk: messageKey(appKey, messageId),
                sk: `decisions/${String(number).padStart(4, '0')}`,
                decidedAt,
                recipients: page,
                ...(number === 0 && origin !== undefined && { origin: packJson(origin) }),
                expiresAt: Math.ceil(decidedAt / 1000) + KEEP_SECONDS,
              },
            }),
          ),
        { concurrency: 5 },
      );
    },

    async decisionsOf(appKey, messageId) {
      const pages = await queryAll(client, table, messageKey(appKey, messageId));
      if (pages.length === 0) return undefined;
      const decidedAt = Math.max(...pages.map((page) => numberIn(page, 'decidedAt')));
      // the id may have been used for a longer list before it was forgotten
      const newest = pages.filter((page) => numberIn(page, 'decidedAt') === decidedAt);
      const origin = newest[0]?.['origin'];
      return {
        decidedAt,
        recipients: newest.flatMap((page) =>
          unpackJson<readonly StoredRecipient[]>(page['recipients']),
        ),
        ...(origin === undefined ? {} : { origin: unpackJson<MessageOrigin>(origin) }),
      };
    },
  };
}

/** Recipients as one page, or as several where they would not fit it. */
function packPages(recipients: readonly StoredRecipient[]): (string | Uint8Array)[] {
  const page = packJson(recipients);
  if (page.length <= MAX_PAGE_BYTES || recipients.length === 1) return [page];
  const half = Math.ceil(recipients.length / 2);
  return [recipients.slice(0, half), recipients.slice(half)].flatMap(packPages);
}

/** What lies under a record's key; where that is a mark of a recall alone, without a hash and without messages. */
function readRecord(item: Readonly<Record<string, unknown>>): SubmissionRecord {
  const { state, bodyHash = '', messages, recalled } = item;
  return {
    state: state === 'done' ? 'done' : 'in-progress',
    bodyHash: String(bodyHash),
    decidedAt: numberIn(item, 'decidedAt'),
    leaseUntil: numberIn(item, 'leaseUntil'),
    messages: messages === undefined ? [] : unpackJson<SubmissionRecord['messages']>(messages),
    ...(recalled instanceof Set ? { recalled: [...recalled].map(String) } : {}),
  };
}

function recordKey(appKey: string, key: string): { pk: string; sk: string } {
  return { pk: `submission/${appKey}/${key}`, sk: 'record' };
}

function messageKey(appKey: string, messageId: string): string {
  return `message/${appKey}/${messageId}`;
}
