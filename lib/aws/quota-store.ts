import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CountedClass, QuotaCounter, QuotaStore } from '../model/quota';
import { type Clock, DAY_MS, type EpochMs, SECOND_MS } from '../model/time';
import { itemOnFailure } from './conditions';
import { sha256 } from './fingerprint';
import { numberIn } from './stored-json';

/** A count that was found used up is not asked for again for so long; something may be given back. */
const USED_UP_MS = 5 * SECOND_MS;
/** A container remembers so many used up counts and pauses. */
const MOST_REMEMBERED = 1_000;

/**
 * Quotas counted on DynamoDB: one conditional write to take, one to give back, and half a read unit to look for a pause. One vendor's
 * counts lie under one key prefix, so that IAM can keep vendors apart.
 *
 * @param onCounted hears of each count that was looked at: how much of its limit is used
 */
export function createQuotaStore(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
  onCounted: (counter: QuotaCounter, used: number, limit: number) => void = () => undefined,
): QuotaStore {
  const usedUpUntil = new Map<string, EpochMs>();
  const pauses = new Map<string, { readonly until: EpochMs; readonly readAt: EpochMs }>();

  function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(key, value);
  }

  return {
    async take(counter, wanted, limit) {
      const pk = counterKey(counter);
      if ((usedUpUntil.get(pk) ?? 0) > clock.now()) return 0;
      let units = Math.min(wanted, limit);
      while (units > 0) {
        try {
          const { Attributes = {} } = await client.send(
            new UpdateCommand({
              TableName: table,
              Key: { pk },
              UpdateExpression: 'ADD used :units SET expiresAt = :expiresAt',
              ReturnValues: 'UPDATED_NEW',
              ConditionExpression: 'attribute_not_exists(used) OR used <= :room',
              ExpressionAttributeValues: {
                ':units': units,
                ':room': limit - units,
                ':expiresAt': Math.ceil(counter.keepUntil / 1000),
              },
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            }),
          );
          onCounted(counter, numberIn(Attributes, 'used'), limit);
          return units;
        } catch (error) {
          const used = numberIn(itemOnFailure(error), 'used');
          onCounted(counter, used, limit);
          // fewer each time, so this ends
          units = Math.min(units - 1, limit - used);
        }
      }
      remember(usedUpUntil, pk, clock.now() + USED_UP_MS);
      return 0;
    },

    async giveBack(counter, units) {
      const pk = counterKey(counter);
      usedUpUntil.delete(pk);
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk },
          UpdateExpression: 'ADD used :units SET expiresAt = :expiresAt',
          ExpressionAttributeValues: {
            ':units': -units,
            ':expiresAt': Math.ceil(counter.keepUntil / 1000),
          },
        }),
      );
    },

    async pausedUntil(of, maxAgeMs) {
      const pk = classKey(of);
      const now = clock.now();
      const known = pauses.get(pk);
      if (known !== undefined && (now - known.readAt < maxAgeMs || known.until > now)) {
        return known.until > now ? known.until : undefined;
      }
      const { Item = {} } = await client.send(new GetCommand({ TableName: table, Key: { pk } }));
      const until = numberIn(Item, 'pausedUntil');
      remember(pauses, pk, { until, readAt: now });
      return until > now ? until : undefined;
    },

    async pause(of, until) {
      const pk = classKey(of);
      remember(pauses, pk, { until, readAt: clock.now() });
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk },
          UpdateExpression: 'SET pausedUntil = :until, expiresAt = :expiresAt',
          ExpressionAttributeValues: {
            ':until': until,
            ':expiresAt': Math.ceil((until + DAY_MS) / 1000),
          },
        }),
      );
    },
  };
}

/** The key of a class, and of its pause. */
export function classKey({ vendor, appKey, certificate, quotaClass }: CountedClass): string {
  return `quota/${vendor}/${appKey}/${certificate}/${quotaClass}`;
}

/** The key of a count. */
export function counterKey({ of, period, token }: Omit<QuotaCounter, 'keepUntil'>): string {
  const key = `${classKey(of)}/${period}`;
  return token === undefined ? key : `${key}/${sha256(token)}`;
}
