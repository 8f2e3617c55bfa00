import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CountedClass, QuotaCounter, QuotaPause, QuotaStore } from '../model/quota';
import { type Clock, DAY_MS, type EpochMs, SECOND_MS } from '../model/time';
import { askOnce } from './ask-once';
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
  const usedUp = new Map<string, { readonly until: EpochMs; readonly takenAt: EpochMs }>();
  const pauses = new Map<string, QuotaPause & { readonly readAt: EpochMs }>();

  function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(key, value);
  }

  /** Counts units, where no more than `room` are counted by then; answers how many are now. */
  async function count(counter: QuotaCounter, units: number, room?: number): Promise<number> {
    const { Attributes = {} } = await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: counterKey(counter) },
        UpdateExpression: 'ADD used :units SET takenAt = :now, expiresAt = :expiresAt',
        ReturnValues: 'UPDATED_NEW',
        ...(room !== undefined && {
          ConditionExpression: 'attribute_not_exists(used) OR used <= :room',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
        ExpressionAttributeValues: {
          ':units': units,
          ...(room !== undefined && { ':room': room }),
          ':now': clock.now(),
          ':expiresAt': secondsOf(counter.keepUntil),
        },
      }),
    );
    return numberIn(Attributes, 'used');
  }

  return {
    async take(counter, wanted, limit, earlierAt = Number.POSITIVE_INFINITY) {
      const pk = counterKey(counter);
      const known = usedUp.get(pk);
      if (known && known.until > clock.now() && known.takenAt < earlierAt) return 0;
      let units = Math.min(wanted, limit);
      let takenAt: EpochMs | undefined;
      while (units > 0) {
        try {
          onCounted(counter, await count(counter, units, limit - units), limit);
          return units;
        } catch (error) {
          const item = itemOnFailure(error);
          const used = numberIn(item, 'used');
          // as it was before this take
          takenAt ??= numberIn(item, 'takenAt');
          onCounted(counter, used, limit);
          if (takenAt >= earlierAt) {
            onCounted(counter, await count(counter, wanted), limit);
            return wanted;
          }
          // fewer each time, so this ends
          units = Math.min(units - 1, limit - used);
        }
      }
      remember(usedUp, pk, { until: clock.now() + USED_UP_MS, takenAt: takenAt ?? 0 });
      return 0;
    },

    async giveBack(counter, units) {
      const pk = counterKey(counter);
      usedUp.delete(pk);
      await client.send(
        askOnce(
          new UpdateCommand({
            TableName: table,
            Key: { pk },
            UpdateExpression: 'ADD used :units SET expiresAt = :expiresAt',
            ExpressionAttributeValues: {
              ':units': -units,
              ':expiresAt': secondsOf(counter.keepUntil),
            },
          }),
        ),
      );
    },

    async pauseOf(of, maxAgeMs) {
      const pk = classKey(of);
      const now = clock.now();
      const known = pauses.get(pk);
      if (known !== undefined && (now - known.readAt < maxAgeMs || known.until > now)) {
        return known.until > now ? known : undefined;
      }
      const { Item = {} } = await client.send(new GetCommand({ TableName: table, Key: { pk } }));
      const pause = { since: numberIn(Item, 'pausedAt'), until: numberIn(Item, 'pausedUntil') };
      remember(pauses, pk, { ...pause, readAt: now });
      return pause.until > now ? pause : undefined;
    },

    async pause(of, until) {
      const pk = classKey(of);
      const since = clock.now();
      remember(pauses, pk, { since, until, readAt: since });
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk },
          UpdateExpression: 'SET pausedAt = :since, pausedUntil = :until, expiresAt = :expiresAt',
          ExpressionAttributeValues: {
            ':since': since,
            ':until': until,
            ':expiresAt': secondsOf(until + DAY_MS),
          },
        }),
      );
    },
  };
}

function secondsOf(at: EpochMs): number {
  return Math.ceil(at / 1000);
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
