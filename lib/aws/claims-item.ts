import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { itemOnFailure } from './conditions';

type Item = Readonly<Record<string, unknown>>;

/** One entry that is to change. */
export interface EntryChange {
  readonly name: string;
  /** It may be anything between these, both included. */
  readonly from: readonly (readonly [string, string])[];
  /** It may be missing. */
  readonly mayBeNew: boolean;
  readonly to: string;
}

/** Expressions are at most 4 KB, with 300 operators. */
export const CHANGES_A_WRITE = 40;

/**
 * Changes entries of one item, all or none, with one write. Answers the item as it is then, or as it stood where one of
 * the entries was not what it may be.
 */
export async function changeEntries(
  client: DynamoDBDocumentClient,
  TableName: string,
  Key: Readonly<Record<string, string>>,
  changes: readonly EntryChange[],
  expiresAt: number,
): Promise<Item> {
  const names = changes.map(({ name }, index) => [`#${index}`, name]);
  const sets = changes.map((_, index) => `#${index} = :${index}`);
  const values = changes.flatMap(({ from, to }, index) => [
    [`:${index}`, to],
    ...from.flatMap(([low, high], range) => [
      [`:l${index}_${range}`, low],
      [`:h${index}_${range}`, high],
    ]),
  ]);
  const conditions = changes.map(({ from, mayBeNew }, index) => {
    const ranges = from.map(
      (_, range) => `#${index} BETWEEN :l${index}_${range} AND :h${index}_${range}`,
    );
    return `(${[...(mayBeNew ? [`attribute_not_exists(#${index})`] : []), ...ranges].join(' OR ')})`;
  });
  try {
    const { Attributes = {} } = await client.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: `SET ${[...sets, 'expiresAt = :expiresAt'].join(', ')}`,
        ConditionExpression: conditions.join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(names),
        ExpressionAttributeValues: { ...Object.fromEntries(values), ':expiresAt': expiresAt },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return Attributes;
  } catch (error) {
    return itemOnFailure(error);
  }
}
