import {
  type DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { LANES } from '../model/push-job';
import type { Climb, Holder, ShareChange, Shares } from '../model/shares';
import type { EpochMs } from '../model/time';
import { START } from '../rules/climb';
import { itemOnFailure } from './conditions';
import { numberIn } from './stored-json';

/** The shares of one certificate: one item, one conditional write a change. */
export interface ShareTable {
  /** Undefined where nobody has used the certificate lately. */
  read(isConsistent: boolean): Promise<Shares | undefined>;
  /** Whether it was done, and the shares as they were after it, or instead. */
  write(
    change: ShareChange,
  ): Promise<{ readonly isDone: boolean; readonly shares: Shares | undefined }>;
  /** Lets the certificate rest until then, in all containers. */
  rest(until: EpochMs): Promise<void>;
}

/** Longer than any pause of a chat app's traffic; what was learned of a limit lasts so long. */
const KEEP_SECONDS = 7 * 86_400;
/** A lease is renewed that long before its end. */
const CALL_MS = 1_000;
/** Words that DynamoDB keeps for itself. */
const RESERVED = { '#limit': 'limit', '#free': 'free' };
/** Prefix of the attributes that hold shares. */
const HOLDER = 'h_';

const holderSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.tuple([
    v.number(),
    v.number(),
    v.nullable(v.picklist(LANES)),
    v.number(),
    v.string(),
    v.optional(v.picklist(LANES)),
  ]),
);
const climbSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.tuple([v.number(), v.number(), v.number(), v.boolean()]),
);

/**
 * @param limit the configured limit, for the first write of all
 * @param now wall clock, for the time after which an item nobody needs is deleted
 */
export function createShareTable(
  client: DynamoDBDocumentClient,
  table: string,
  pk: string,
  limit: () => number,
  now: () => EpochMs,
): ShareTable {
  const target = { TableName: table, Key: { pk } };
  const expiresAt = (): number => Math.ceil(now() / 1_000) + KEEP_SECONDS;
  return {
    async read(isConsistent) {
      const { Item } = await client.send(
        new GetCommand({ ...target, ConsistentRead: isConsistent }),
        inTime(),
      );
      return sharesIn(Item);
    },

    async write(change) {
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            ...target,
            ...expressionsOf(change, limit(), expiresAt()),
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
          inTime(),
        );
        return { isDone: true, shares: sharesIn(Attributes) };
      } catch (error) {
        return { isDone: false, shares: sharesIn(itemOnFailure(error)) };
      }
    },

    async rest(until) {
      await client.send(
        new UpdateCommand({
          ...target,
          UpdateExpression:
            'SET restsUntil = :until, expiresAt = :expiresAt, #limit = if_not_exists(#limit, :limit), #free = if_not_exists(#free, :limit)',
          ExpressionAttributeNames: RESERVED,
          ExpressionAttributeValues: {
            ':until': until,
            ':expiresAt': expiresAt(),
            ':limit': limit(),
          },
        }),
        inTime(),
      );
    },
  };
}

/** A call that hangs would hang every sender: what became of it is looked up instead. */
const inTime = () => ({ abortSignal: AbortSignal.timeout(CALL_MS) });

/** The write as DynamoDB wants it: what is to be is set, what was seen is a condition. */
function expressionsOf(
  change: ShareChange,
  limit: number,
  expiresAt: number,
): Pick<
  UpdateCommandInput,
  | 'UpdateExpression'
  | 'ConditionExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
> {
  const names: Record<string, string> = { ...RESERVED };
  const values: Record<string, unknown> = {
    ':limit': change.limit?.to ?? limit,
    ':unused': limit,
    ':free': change.free,
    ':cut': change.cut,
    ':none': 0,
    ':expiresAt': expiresAt,
  };
  const set = [
    change.limit === undefined ? '#limit = if_not_exists(#limit, :limit)' : '#limit = :limit',
    '#free = if_not_exists(#free, :unused) + :free',
    'cut = if_not_exists(cut, :none) + :cut',
    'expiresAt = :expiresAt',
  ];
  const remove: string[] = [];
  const conditions: string[] = [];

  function replace(attribute: string, from: string | undefined, to: string | undefined): void {
    const place = Object.keys(names).length;
    names[`#n${place}`] = attribute;
    if (from === undefined) conditions.push(`attribute_not_exists(#n${place})`);
    else {
      values[`:from${place}`] = from;
      conditions.push(`#n${place} = :from${place}`);
    }
    if (to === undefined) remove.push(`#n${place}`);
    else {
      values[`:to${place}`] = to;
      set.push(`#n${place} = :to${place}`);
    }
  }

  const text = (holder: Holder | undefined) => holder && textOf(holder);
  replace(HOLDER + change.id, text(change.before), text(change.after));
  for (const [id, { from, to }] of change.others) replace(HOLDER + id, text(from), text(to));
  if (change.climb !== undefined) {
    const { from, to } = change.climb;
    replace('climb', from === START ? undefined : climbText(from), climbText(to));
  }
  if (change.limit !== undefined) {
    values[':limitFrom'] = change.limit.from;
    values[':limitAt'] = change.limit.at;
    set.push('limitAt = :limitAt');
    values[':cutFrom'] = change.limit.cutFrom;
    conditions.push('#limit = :limitFrom AND (attribute_not_exists(cut) OR cut = :cutFrom)');
  } else if (change.free < 0) {
    values[':least'] = -change.free;
    conditions.push('(attribute_not_exists(#free) OR #free >= :least)');
  }
  return {
    UpdateExpression: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** What was given up has a time in the place of a need. */
function textOf({ credits, need, overMs, by, lane, until, write }: Holder): string {
  const values = [credits, overMs ?? need, lane ?? null, until, write];
  return JSON.stringify(by === undefined ? values : [...values, by]);
}

function climbText({ changedAt, waitMs, stepShare, isTrial }: Climb): string {
  return JSON.stringify([changedAt, waitMs, stepShare, isTrial]);
}

function sharesIn(item: Readonly<Record<string, unknown>> | undefined): Shares | undefined {
  const limit = numberIn(item ?? {}, 'limit');
  if (item === undefined || limit === 0) return undefined;
  const holders = Object.entries(item).flatMap(([name, value]): [string, Holder][] => {
    if (!name.startsWith(HOLDER)) return [];
    const [credits, second, lane, until, write, by] = v.parse(holderSchema, value);
    const rest = { credits, until, write, ...(by && { by }) };
    return [
      [
        name.slice(HOLDER.length),
        lane === null
          ? { ...rest, need: 0, overMs: second, lane: undefined }
          : { ...rest, need: second, lane },
      ],
    ];
  });
  const restsUntil = numberIn(item, 'restsUntil');
  return {
    limit,
    limitAt: numberIn(item, 'limitAt'),
    cut: numberIn(item, 'cut'),
    climb: climbIn(item['climb']),
    free: numberIn(item, 'free'),
    ...(restsUntil === 0 ? {} : { restsUntil }),
    holders: new Map(holders),
  };
}

function climbIn(value: unknown): Climb {
  if (value === undefined) return START;
  const [changedAt, waitMs, stepShare, isTrial] = v.parse(climbSchema, value);
  return { changedAt, waitMs, stepShare, isTrial };
}
