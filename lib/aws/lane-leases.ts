import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Lane } from '../model/push-job';
import type { EpochMs } from '../model/time';
import type { LaneTable, LaneWish } from '../rules/lanes';
import { isLostRace } from './conditions';
import { numberIn } from './stored-json';

/** A lease lasts so long; it is renewed at half of it while there is work. */
export const LEASE_MS = 3_000;
/** A lane rests so long after its lease: more than a window and a request's way to the vendor. */
export const GUARD_MS = 1_500;
/** So far apart the clocks of two containers may be. */
const CLOCKS_APART_MS = 2_000;
/** A container that found no lane is heard by the others for so long after it looked. */
const WISH_MS = 2_000;

/** Leases on the lanes of one certificate: one item, one conditional write a lease. Times are of the own wall clock. */
export interface LaneLeases {
  read(now: EpochMs): Promise<LaneTable>;
  /** Leases or renews lanes until `now + LEASE_MS`; false when one of them is not what the last `read` saw any more. */
  lease(lanes: readonly number[], now: EpochMs): Promise<boolean>;
  /** Lets others know that a lane is wanted. */
  want(now: EpochMs): Promise<void>;
  /** Lets the certificate rest until then, in all containers. */
  rest(until: EpochMs): Promise<void>;
}

/** One lane's lease as it stands in the table. */
interface Lease {
  readonly owner: string;
  /** By the owner's clock; 0 for a lane that was never leased. */
  readonly until: EpochMs;
  /** Monotonic time at which this container first saw it so. */
  readonly seenAt: number;
}

interface Flow {
  readonly pk: string;
  /** Differs from that of every other container. */
  readonly container: string;
  /** Differs from that of every other gate of this container; its last part is what the gate sends. */
  readonly gate: `${string}/${Lane}`;
  readonly laneCount: number;
}

const KEEP_SECONDS = 7 * 86_400;

export function createLaneLeases(
  client: DynamoDBDocumentClient,
  table: string,
  { pk, container, gate, laneCount }: Flow,
): LaneLeases {
  const me = `${container}/${gate}`;
  const seen: Lease[] = [];
  let seenWish: Lease | undefined;

  /** Takes down when what is there now was first seen. */
  function look(item: Readonly<Record<string, unknown>>): void {
    const seenAt = performance.now();
    const newer = (before: Lease | undefined, owner: string, until: EpochMs): Lease =>
      before?.owner === owner && before.until === until ? before : { owner, until, seenAt };
    for (let lane = 0; lane < laneCount; lane++) {
      seen[lane] = newer(seen[lane], textIn(item, `o${lane}`), numberIn(item, `u${lane}`));
    }
    const wishUntil = numberIn(item, 'wantedAt') + WISH_MS;
    seenWish = newer(seenWish, textIn(item, 'wantedBy'), wishUntil);
  }

  const apartMs = (owner: string): number =>
    owner.startsWith(`${container}/`) ? 0 : CLOCKS_APART_MS;

  /** The owner's clock may be wrong; but a lease that stood still for longer than it can last is over by any clock. */
  function isFree({ owner, until, seenAt }: Lease, now: EpochMs): boolean {
    return (
      until + GUARD_MS + apartMs(owner) < now || performance.now() - seenAt > LEASE_MS + GUARD_MS
    );
  }

  function wish(now: EpochMs): LaneWish | undefined {
    if (seenWish === undefined || seenWish.owner === me) return undefined;
    const { owner, until, seenAt } = seenWish;
    if (until + apartMs(owner) <= now || performance.now() - seenAt > WISH_MS) return undefined;
    const holders = seen.filter((lease) => lease.until > now).map((lease) => lease.owner);
    if (holders.includes(owner)) return undefined;
    const by = kindOf(owner);
    return { by, hasNone: !holders.some((holder) => kindOf(holder) === by) };
  }

  return {
    async read(now) {
      const { Item = {} } = await client.send(
        new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true }),
      );
      look(Item);
      const lanesWhere = (is: (lease: Lease) => boolean): number[] =>
        seen.flatMap((lease, lane) => (is(lease) ? [lane] : []));
      const wished = wish(now);
      const restsUntil = numberIn(Item, 'restsUntil');
      return {
        held: lanesWhere(({ owner, until }) => owner === me && until > now),
        free: lanesWhere((lease) => isFree(lease, now)),
        ...(wished === undefined ? {} : { wish: wished }),
        ...(restsUntil > now ? { restsUntil } : {}),
      };
    },

    async lease(lanes, now) {
      const values = lanes.flatMap((lane) => {
        const { owner = '', until = 0 } = seen[lane] ?? {};
        return until === 0
          ? []
          : [
              [`:o${lane}`, owner],
              [`:u${lane}`, until],
            ];
      });
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk },
            UpdateExpression: `SET expiresAt = :expiresAt, ${lanes
              .map((lane) => `o${lane} = :me, u${lane} = :until`)
              .join(', ')}`,
            ConditionExpression: lanes.map((lane) => asSeen(lane, seen[lane])).join(' AND '),
            ExpressionAttributeValues: {
              ...Object.fromEntries(values),
              ':me': me,
              ':until': now + LEASE_MS,
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

    async rest(until) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk },
          UpdateExpression: 'SET restsUntil = :until, expiresAt = :expiresAt',
          ExpressionAttributeValues: {
            ':until': until,
            ':expiresAt': Math.ceil(until / 1000) + KEEP_SECONDS,
          },
        }),
      );
    },

    async want(now) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk },
          UpdateExpression: 'SET wantedAt = :now, wantedBy = :me',
          ExpressionAttributeValues: { ':now': now, ':me': me },
        }),
      );
    },
  };
}

/** Nobody has leased the lane since; or this very write has, and its answer got lost. */
function asSeen(lane: number, lease: Lease | undefined): string {
  const untouched =
    (lease?.until ?? 0) === 0
      ? `attribute_not_exists(u${lane})`
      : `(o${lane} = :o${lane} AND u${lane} = :u${lane})`;
  return `(${untouched} OR (o${lane} = :me AND u${lane} = :until))`;
}

function kindOf(owner: string): Lane {
  return owner.endsWith('/bulk') ? 'bulk' : 'direct';
}

function textIn(item: Readonly<Record<string, unknown>>, name: string): string {
  const value = item[name];
  return typeof value === 'string' ? value : '';
}
