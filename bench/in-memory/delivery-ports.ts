import type { AccessToken, AccessTokenStore } from '../../lib/model/access-token';
import type { Certificate } from '../../lib/model/certificate';
import type { FlowGate, HttpClient } from '../../lib/model/vendor-ports';
import { createDeviceRates } from '../../lib/rules/device-rates';
import type { DeliveryPorts } from '../../lib/usecases/deliver-jobs';
import type { CreateSender, Vendor } from '../../lib/vendors/vendor';
import { notNeeded } from './not-needed';

/** Who is delivered for, and how. */
export interface Delivering {
  readonly vendor: Vendor;
  readonly createSender: CreateSender;
  readonly certificate: Certificate;
  readonly http: HttpClient;
}

const CONTAINERS = 10;

/** What delivering needs but for the vendor, answered from memory: every job is new, and there is always room. */
export function createDeliveryPorts(delivering: Delivering): DeliveryPorts {
  const { vendor, createSender, certificate, http } = delivering;
  const clock = { now: () => Date.now() };
  const accessTokens = createAccessTokens();
  const sender = createSender(certificate, { http, gate: OPEN_GATE, clock, accessTokens });
  return {
    vendor,
    accounts: {
      get: notNeeded,
      getMany: notNeeded,
      update: notNeeded,
      updateMutes: notNeeded,
      getMutes: notNeeded,
      erase: notNeeded,
      ownerOf: notNeeded,
      saveHeartbeats: notNeeded,
      getHeartbeats: notNeeded,
    },
    apps: { get: notNeeded, getFresh: notNeeded, getKnowing: notNeeded, changeSettings: notNeeded },
    certificates: {
      put: notNeeded,
      remove: notNeeded,
      open: async () => certificate,
      byReceiptId: notNeeded,
    },
    jobs: {
      claim: async () => ({ claim: 'granted' }),
      settle: async () => undefined,
      recall: notNeeded,
      seen: notNeeded,
      saveReceipts: notNeeded,
      read: notNeeded,
    },
    acks: { save: notNeeded, among: notNeeded },
    unread: { add: notNeeded, read: notNeeded, remove: notNeeded, removeMessage: notNeeded },
    queue: { put: notNeeded, bury: notNeeded },
    clock,
    telemetry: { count: () => undefined, log: () => undefined },
    random: Math.random,
    gate: () => OPEN_GATE,
    sender: () => sender,
    guard: () => ({ doubts: async () => false }),
    pauses: { passed: () => undefined, turnedAway: notNeeded },
    quotas: {
      take: async (_counter, wanted) => wanted,
      giveBack: async () => undefined,
      pauseOf: async () => undefined,
      pause: notNeeded,
    },
    deviceRates: { counts: createDeviceRates(CONTAINERS), containers: CONTAINERS },
  };
}

const PASS = { leave: () => undefined };

/** Lets everything through. */
export const OPEN_GATE: FlowGate = {
  awaitRoom: async () => ({ kind: 'ready' }),
  enter: async () => PASS,
  refuse: () => undefined,
  rest: notNeeded,
};

function createAccessTokens(): AccessTokenStore {
  let kept: AccessToken | undefined;
  return {
    get: async () => kept,
    claimRenewal: async () => true,
    giveUp: async () => undefined,
    async put(_key, token) {
      kept = token;
    },
  };
}
