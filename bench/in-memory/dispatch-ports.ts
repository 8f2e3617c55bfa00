import { sha256 } from '../../lib/aws/fingerprint';
import type { Account } from '../../lib/model/account';
import type { App } from '../../lib/model/app-settings';
import type { AccountStore } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import type { DispatchPorts } from '../../lib/usecases/dispatch-messages';
import { notNeeded } from './not-needed';

/** What dispatching was told to keep and to queue. */
export interface Dispatched {
  readonly jobs: PushJob[];
}

/**
 * What dispatching needs, answered from memory: accounts as the texts they are stored as, so that reading one costs what
 * it costs in a store. Nothing is kept of records, and jobs go to `dispatched`.
 */
export function createDispatchPorts(
  app: App,
  accountTexts: ReadonlyMap<string, string>,
  dispatched: Dispatched,
): DispatchPorts {
  return {
    accounts: createAccounts(accountTexts),
    apps: {
      get: async () => app,
      getFresh: async () => app,
      getKnowing: async () => app,
      changeSettings: notNeeded,
    },
    submissions: {
      begin: async () => undefined,
      get: async () => undefined,
      replace: async () => undefined,
      recall: async () => ({ recalledAt: 0 }),
      discard: async () => undefined,
      saveDecisions: async () => undefined,
      decisionsOf: async () => undefined,
    },
    jobs: { seen: async () => new Set() },
    queue: {
      async put(jobs) {
        dispatched.jobs.push(...jobs);
      },
      bury: notNeeded,
    },
    hook: { ask: notNeeded },
    telemetry: { count: () => undefined, log: () => undefined },
    clock: { now: () => Date.now() },
    hash: sha256,
  };
}

function createAccounts(texts: ReadonlyMap<string, string>): AccountStore {
  return {
    get: notNeeded,
    async getMany(_appKey, accountIds) {
      const found = accountIds.flatMap((accountId): [string, Account][] => {
        const text = texts.get(accountId);
        return text === undefined ? [] : [[accountId, JSON.parse(text)]];
      });
      return new Map(found);
    },
    update: notNeeded,
    updateMutes: notNeeded,
    getMutes: async () => new Map(),
    erase: notNeeded,
    ownerOf: notNeeded,
    saveHeartbeats: notNeeded,
    getHeartbeats: async () => new Map(),
  };
}
