import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AccessTokenKey, AccessTokenStore } from '../model/access-token';
import { isLostRace } from './conditions';
import type { Envelope, SealContext, Sealed } from './envelope';
import { numberIn, packJson, unpackJson } from './stored-json';

const KEEP_SECONDS = 7 * 86_400;

/** Access tokens on DynamoDB, one vendor's under one key prefix, sealed like the credentials they were made from. */
export function createAccessTokenStore(
  client: DynamoDBDocumentClient,
  table: string,
  envelope: Envelope,
): AccessTokenStore {
  return {
    async get(key) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: itemKey(key), ConsistentRead: true }),
      );
      if (Item?.['sealed'] === undefined) return undefined;
      return {
        value: await envelope.open(unpackJson<Sealed>(Item['sealed']), contextOf(key)),
        issuedAt: numberIn(Item, 'issuedAt'),
        expiresAt: numberIn(Item, 'endsAt'),
      };
    },

    async claimRenewal(key, until, now) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: itemKey(key),
            UpdateExpression: 'SET claimedUntil = :until, expiresAt = :expiresAt',
            ConditionExpression: 'attribute_not_exists(claimedUntil) OR claimedUntil < :now',
            ExpressionAttributeValues: {
              ':until': until,
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

    async giveUp(key, until) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: itemKey(key),
          UpdateExpression: 'SET claimedUntil = :until',
          ExpressionAttributeValues: { ':until': until },
        }),
      );
    },

    async put(key, { value, issuedAt, expiresAt }) {
      const sealed = await envelope.seal(value, contextOf(key));
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: itemKey(key),
          UpdateExpression:
            'SET sealed = :sealed, issuedAt = :issuedAt, endsAt = :endsAt, expiresAt = :expiresAt REMOVE claimedUntil',
          ExpressionAttributeValues: {
            ':sealed': packJson(sealed),
            ':issuedAt': issuedAt,
            ':endsAt': expiresAt,
            ':expiresAt': Math.ceil(expiresAt / 1000) + KEEP_SECONDS,
          },
        }),
      );
    },
  };
}

function itemKey({ vendor, appKey, certificate, credentials }: AccessTokenKey) {
  return { pk: `access-token/${vendor}/${appKey}`, sk: `${certificate}/${credentials}` };
}

function contextOf({ vendor, appKey, certificate }: AccessTokenKey): SealContext {
  return {
    purpose: 'access-token',
    app: appKey,
    vendor,
    name: encodeURIComponent(certificate),
  };
}
