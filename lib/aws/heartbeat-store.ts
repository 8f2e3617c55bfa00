import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { NodeHeartbeat } from '../model/account';
import { chunk } from '../model/chunk';
import type { AccountStore } from '../model/ports';
import type { EpochMs } from '../model/time';
import { batchGet } from './batch-get';
import { isLostRace, itemOnFailure } from './conditions';
import { numberIn } from './stored-json';

const KEEP_SECONDS = 2 * 86_400;

/** Heartbeats of IM server nodes: one item per node, one write per beat. */
export function createHeartbeatStore(
  client: DynamoDBDocumentClient,
  table: string,
): Pick<AccountStore, 'saveHeartbeats' | 'getHeartbeats'> {
  function key(appKey: string, node: string): { pk: string } {
    return { pk: `node/${appKey}/${node}` };
  }

  async function save(
    appKey: string,
    { node, epoch, at }: { node: string; epoch: string; at: EpochMs },
  ): Promise<void> {
    const expiresAt = Math.ceil(at / 1000) + KEEP_SECONDS;
    try {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: key(appKey, node),
          UpdateExpression: 'SET beatAt = :at, expiresAt = :expiresAt',
          ConditionExpression: 'epoch = :epoch AND beatAt < :at',
          ExpressionAttributeValues: { ':at': at, ':epoch': epoch, ':expiresAt': expiresAt },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    } catch (error) {
      const stored = itemOnFailure(error);
      if (stored['epoch'] === epoch || numberIn(stored, 'beatAt') >= at) return;
      await startEpoch(appKey, { node, epoch, at }, expiresAt);
    }
  }

  async function startEpoch(
    appKey: string,
    { node, epoch, at }: { node: string; epoch: string; at: EpochMs },
    expiresAt: number,
  ): Promise<void> {
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { ...key(appKey, node), node, epoch, epochSince: at, beatAt: at, expiresAt },
          ConditionExpression: 'attribute_not_exists(pk) OR (epoch <> :epoch AND beatAt < :at)',
          ExpressionAttributeValues: { ':epoch': epoch, ':at': at },
        }),
      );
    } catch (error) {
      if (!isLostRace(error)) throw error;
      // somebody stored a beat meanwhile: a newer one, or the first of this epoch for this one to renew
      await save(appKey, { node, epoch, at });
    }
  }

  return {
    async saveHeartbeats(appKey, beats) {
      await pMap(beats, (beat) => save(appKey, beat), { concurrency: 10 });
    },

    async getHeartbeats(appKey, nodes) {
      const pages = await pMap(
        chunk([...new Set(nodes)], 100),
        (names) =>
          batchGet(
            client,
            table,
            names.map((node) => key(appKey, node)),
          ),
        { concurrency: 10 },
      );
      const beats = pages.flat().map(
        (item): NodeHeartbeat => ({
          node: String(item['node']),
          epoch: String(item['epoch']),
          epochSince: numberIn(item, 'epochSince'),
          at: numberIn(item, 'beatAt'),
        }),
      );
      return new Map(beats.map((beat) => [beat.node, beat]));
    },
  };
}
