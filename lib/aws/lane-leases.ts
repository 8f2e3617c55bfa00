import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { EpochMs } from '../model/time';
import { isLostRace } from './conditions';
import { numberIn } from './stored-json';

/** A lease lasts so long; it is renewed at half of it while there is work. */
export const LEASE_MS = 3_000;
/** A lane rests so long after its lease: more than a window, a round trip and the error of two clocks. */
const GUARD_MS = 1_500;
/** A container that found no lane is heard for so long by those who hold several. */
const WANT_MS = 2_000;

/** How the lanes of one certificate stand. */
export interface LaneTable {
  readonly mine: readonly number[];
  readonly free: readonly number[];
  /** Somebody else looked for a lane a moment ago and found none. */
  readonly wantedByOther: boolean;
}

/** Leases on the lanes of one certificate: one item, one conditional write a lease. */
export interface LaneLeases {
  read(now: EpochMs): Promise<LaneTable>;
  /** Leases or renews the lanes until `now + LEASE_MS`; false when one of them went to somebody else. */
  lease(lanes: readonly number[], now: EpochMs): Promise<boolean>;
  /** Lets others know that a lane is wanted. */
  want(now: EpochMs): Promise<void>;
}

const KEEP_SECONDS = 7 * 86_400;

export function createLaneLeases(
  client: DynamoDBDocumentClient,
  table: string,
  flow: { readonly pk: string; readonly owner: string; readonly laneCount: number },
): LaneLeases {
  const { pk, owner, laneCount } = flow;
  return {
    async read(now) {
      const { Item = {} } = await client.send(
        new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true }),
      );
      const all = Array.from({ length: laneCount }, (_, lane) => lane);
      const mine = all.filter(
        (lane) => Item[`o${lane}`] === owner && numberIn(Item, `u${lane}`) > now,
      );
      return {
        mine,
        free: all.filter((lane) => numberIn(Item, `u${lane}`) + GUARD_MS < now),
        wantedByOther: Item['wantedBy'] !== owner && numberIn(Item, 'wantedAt') + WANT_MS > now,
      };
    },

    async lease(lanes, now) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk },
            UpdateExpression: `SET expiresAt = :expiresAt, ${lanes
              .map((lane) => `o${lane} = :me, u${lane} = :until`)
              .join(', ')}`,
            // each lane by itself: a renewal must not take back what somebody else has leased since
            ConditionExpression: lanes
              .map(
                (l) =>
                  `(attribute_not_exists(u${l}) OR u${l} < :free OR (o${l} = :me AND u${l} > :now))`,
              )
              .join(' AND '),
            ExpressionAttributeValues: {
              ':me': owner,
              ':until': now + LEASE_MS,
              ':free': now - GUARD_MS,
              ':now': now,
              ':expiresAt': Math.ceil(now / 1000) + KEEP_SECONDS,
            },
          }),
        );
        return true;
      } catch (error) {
        if (isLostRace(error)) return false;
        throw error;
      }
    },

    async want(now) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk },
          UpdateExpression: 'SET wantedAt = :now, wantedBy = :me',
          ExpressionAttributeValues: { ':now': now, ':me': owner },
        }),
      );
    },
  };
}
