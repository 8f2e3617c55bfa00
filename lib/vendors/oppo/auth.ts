import { createHash } from 'node:crypto';
import {
  is,
  looseObject,
  number,
  optional,
  pipe,
  regex,
  safeParse,
  string,
  unknown,
} from 'valibot';
import { type Clock, DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from '../../model/time';
import type { HttpClient } from '../../model/vendor-ports';
import type { Fetched } from '../access-tokens';
import { formPost } from '../posts';
import { addressOf } from '../vendor';
import type { OppoCredentials } from './credentials';
import { readEnvelope } from './protocol';

const AUTH_PATH = '/server/v1/auth';
const TIMEOUT_MS = 4 * SECOND_MS;

/** An auth token lasts 24 hours; so much earlier it is not relied on any more. */
const RESERVE_MS = 60 * MINUTE_MS;
/** However old OPPO says a new token is, it is used for so long before the next one is fetched. */
const SHORTEST_LIFE_MS = 60 * MINUTE_MS;

const issued = looseObject({
  auth_token: pipe(string(), regex(/^[\x21-\x7e]+$/)),
  create_time: optional(unknown()),
});

/** Fetches an auth token from a base address: https://open.oppomobile.com/new/developmentDoc/info?id=11234 (checked 2026-11-24). */
export async function fetchAuthToken(
  { appKey, masterSecret }: OppoCredentials,
  address: string,
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
): Promise<Fetched> {
  const timestamp = String(clock.now());
  const sign = signatureOf(appKey, timestamp, masterSecret);
  const fields = [
    ['app_key', appKey],
    ['timestamp', timestamp],
    ['sign', sign],
  ] as const;
  const url = addressOf(address, AUTH_PATH);
  const result = await http.send(formPost(url, fields, { timeoutMs: TIMEOUT_MS, weight: 0 }));
  const secrets = [appKey, masterSecret, sign];
  const envelope = readEnvelope(result, secrets, clock.now());
  if (envelope.kind === 'refused') {
    return { kind: 'refused', outcome: envelope.outcome };
  }
  const read = safeParse(issued, envelope.data);
  if (!read.success) {
    const reason = { code: 'auth-unreadable', text: 'success without an auth token' };
    return {
      kind: 'refused',
      outcome: { kind: 'unavailable', reason: { ...reason, unmapped: true } },
    };
  }
  const { auth_token: accessToken, create_time: createdAt } = read.output;
  return { kind: 'issued', accessToken, lifeMs: lifeMsOf(createdAt, clock.now()) };
}

/** SHA-256 of the three without anything between them. */
function signatureOf(appKey: string, timestamp: string, masterSecret: string): string {
  return createHash('sha256').update(`${appKey}${timestamp}${masterSecret}`).digest('hex');
}

/** A token handed out again is older than its answer. */
function lifeMsOf(createdAt: unknown, now: EpochMs): number {
  const ageMs = is(number(), createdAt) ? Math.max(0, now - createdAt) : 0;
  return Math.max(SHORTEST_LIFE_MS, DAY_MS - ageMs - RESERVE_MS);
}
