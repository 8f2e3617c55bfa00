import { presenceBody, presenceEventsBody } from '../lib/http/device-schemas';
import { idField } from '../lib/http/fields';
import type { ApiCall } from '../lib/http/http-function';
import { parse } from '../lib/http/parse';
import { warningsFor } from '../lib/http/unknown-fields';
import type { Witness } from '../lib/model/account';
import { Refusal } from '../lib/model/errors';
import { clampAt } from '../lib/rules/presence';
import {
  endSession,
  reportOwnPresence,
  reportPresenceEvents,
} from '../lib/usecases/report-presence';
import { api } from './wiring/api';
import { accounts, apps, clock } from './wiring/container';

/** How long an IM server's claim holds that names no node. */
const UNNAMED_LEASE_MS = 400_000;

const ports = () => ({ accounts: accounts(), apps: apps(), clock });

/** Keeps who is logged in, connected and looking, as phones and IM servers report it. */
export const handler = api({
  'PUT /v1/accounts/{accountId}/devices/{deviceId}/presence': {
    scope: 'device',
    deviceKey: true,
    async handle(call) {
      const { at, badge, ...said } = parse(presenceBody, call.body);
      const report = {
        ...said,
        ...(at === undefined ? {} : { at }),
        ...(badge === undefined ? {} : { badge }),
      };
      const result = await reportOwnPresence(addressOf(call), report, ports());
      return {
        status: 200,
        body: { applied: result === 'applied', ...warningsFor(call.body, presenceBody) },
      };
    },
  },

  'DELETE /v1/accounts/{accountId}/devices/{deviceId}/session': {
    scope: 'device',
    deviceKey: true,
    async handle(call) {
      const kicked = call.query['reason'] === 'kicked';
      if (kicked && (call.caller.kind !== 'token' || call.caller.scope === 'device')) {
        throw new Refusal(403, 'only a server kicks');
      }
      await endSession(addressOf(call), kicked ? 'kick' : 'logout', ports());
      return { status: 204 };
    },
  },

  'POST /v1/presence': {
    scope: 'server',
    maxBodyBytes: 524_288,
    async handle({ appKey, body }) {
      const call = parse(presenceEventsBody, body);
      const now = clock.now();
      const own =
        call.node !== undefined && call.epoch !== undefined
          ? [{ node: call.node, epoch: call.epoch, at: call.at }]
          : [];
      const beats = [...own, ...call.heartbeats].map((beat) => ({
        ...beat,
        at: clampAt(beat.at, now),
      }));
      await accounts().saveHeartbeats(appKey, beats);
      const results = await reportPresenceEvents(
        appKey,
        call.events.map(({ accountId, node = call.node, epoch = call.epoch, ...event }) => {
          const at = clampAt(event.at ?? call.at, now);
          return {
            accountId,
            event: {
              deviceId: event.deviceId,
              event: event.event,
              at,
              witness: witnessOf(node, epoch, at),
              ...(event.platform === undefined ? {} : { platform: event.platform }),
            },
          };
        }),
        ports(),
      );
      return {
        status: 200,
        body: { heartbeats: beats.length, events: results.map((result) => ({ result })) },
      };
    },
  },
});

/** A claim that names no node must end by itself when nobody renews it. */
function witnessOf(node: string | undefined, epoch: string | undefined, at: number): Witness {
  if (node === undefined) return { kind: 'phone', until: at + UNNAMED_LEASE_MS };
  return { kind: 'node', node, ...(epoch === undefined ? {} : { epoch }) };
}

function addressOf({ appKey, path }: ApiCall) {
  return {
    appKey,
    accountId: parse(idField, path['accountId'], 'accountId'),
    deviceId: parse(idField, path['deviceId'], 'deviceId'),
  };
}
