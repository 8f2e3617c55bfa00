import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../model/time';
import type { FlowControl } from '../model/vendor-ports';
import { createShareHolder } from '../rules/share-holder';
import { createShareRunner, type ShareRunner } from './share-runner';
import { createShareTable } from './share-table';

/** Tells containers apart: there are never more than some thousands. */
const ID_BYTES = 6;

/**
 * Shares each certificate's limit among all containers: credits are held through one DynamoDB item, and used again once their
 * last use is answered. Never exceeds a limit that is configured right; learns one that is lower.
 *
 * @param clock the wall clock, by which leases are told to others
 */
export function createFlowControl(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock = { now: () => Date.now() },
): FlowControl {
  const container = randomBytes(ID_BYTES).toString('base64url');
  const runners = new Map<string, ShareRunner>();
  let writes = 0;
  const newId = (): string => `${container}${(writes++).toString(36)}`;

  return {
    gate({ vendor, appKey, certificate, ratePerSecond, largestRequest }, lane) {
      // one vendor's under one prefix, so that IAM can keep vendors apart
      const pk = `flow/${vendor}/${appKey}/${certificate}`;
      const limits = { limit: Math.max(1, Math.floor(ratePerSecond)), largestRequest };
      const existing = runners.get(pk);
      existing?.configure(limits);
      if (existing !== undefined) return existing.gate(lane);
      const holder = createShareHolder(container, limits, newId);
      const limitNow = (): number => runner.limit;
      const shares = createShareTable(client, table, pk, limitNow, clock.now);
      const runner = createShareRunner(holder, shares, limits, clock);
      runners.set(pk, runner);
      return runner.gate(lane);
    },

    async endWork(isMoreWaiting) {
      await Promise.all([...runners.values()].map((runner) => runner.endWork(isMoreWaiting)));
    },
  };
}
