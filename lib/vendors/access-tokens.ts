import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AccessToken, AccessTokenKey, AccessTokenStore } from '../model/access-token';
import type { Certificate } from '../model/certificate';
import type { SendOutcome } from '../model/send-outcome';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../model/time';
import { inTime } from './in-time';

/** An access token, or what its refusal means for every message that needed it. */
export type Access =
  | { readonly kind: 'granted'; readonly accessToken: string }
  | { readonly kind: 'refused'; readonly outcome: SendOutcome };

/** A token as a vendor's own code fetched it. */
export type Fetched =
  | { readonly kind: 'issued'; readonly accessToken: string; readonly lifeMs: number }
  | { readonly kind: 'refused'; readonly outcome: SendOutcome };

export interface AccessTokens {
  /** The token in use; asked for once, however many containers need it. */
  get(): Promise<Access>;
  /** A token other than the one that was just refused. */
  replace(refused: string): Promise<Access>;
}

/** A token is renewed so long before it ends, or at half its life if that is short. */
const RENEW_BEFORE_MS = 5 * MINUTE_MS;
/** A container that fetches a token has so long before another one may try. */
const RENEWAL_LEASE_MS = 8 * SECOND_MS;
/** A container waits so long for a token that another one fetches. */
const PATIENCE_MS = 4 * SECOND_MS;
const LOOK_AGAIN_MS = 100;
/** After a try that brought nothing new, vendor and store are left alone for so long, however many messages wait. */
const REST_MS = 2 * SECOND_MS;

/** Which token in the store is this certificate's: changed credentials make another one. */
export function accessTokenKey({
  appKey,
  name,
  vendor,
  credentials,
  authEndpoint,
}: Certificate): AccessTokenKey {
  const made = JSON.stringify([credentials, authEndpoint]);
  const fingerprint = createHash('sha256').update(made).digest('base64url').slice(0, 22);
  return { vendor, appKey, certificate: name, credentials: fingerprint };
}

/**
 * Access tokens of one certificate: one is fetched, kept in the store and used by all containers. It is renewed
 * early by whoever gets the claim, while the others go on with the old one, and at once when the vendor refuses it.
 */
export function createAccessTokens(
  key: AccessTokenKey,
  fetchToken: () => Promise<Fetched>,
  { store, clock }: { readonly store: AccessTokenStore; readonly clock: Clock },
): AccessTokens {
  let current: AccessToken | undefined;
  let refusedValue: string | undefined;
  let renewing: Promise<Access> | undefined;
  /** What the last try came to; it stands until then. */
  let rest: { readonly access: Access; readonly until: EpochMs } | undefined;

  const isGood = (token: AccessToken | undefined, now: EpochMs): token is AccessToken =>
    token !== undefined && token.value !== refusedValue && token.expiresAt > now;

  /** One look at what is shared: a good token, one of our own fetching, or nothing yet. */
  async function look(now: EpochMs): Promise<Access | undefined> {
    const stored = await store.get(key);
    if (isGood(stored, now) && now < renewAt(stored)) return granted(stored);
    const isOurs = await store.claimRenewal(key, now + RENEWAL_LEASE_MS, now);
    const access = isOurs ? await renewOwn(now) : undefined;
    if (access?.kind === 'granted') return access;
    // nobody has a newer one yet: what is not over will do for now
    const best = isGood(stored, now) ? granted(stored) : access;
    if (best !== undefined) rest = { access: best, until: now + REST_MS };
    return best;
  }

  /** With the claim in hand: whoever had it before may have stored a token since we looked. */
  async function renewOwn(now: EpochMs): Promise<Access> {
    const stored = await store.get(key);
    if (!isGood(stored, now) || now >= renewAt(stored)) return fetchAndKeep(now);
    await store.giveUp(key, now);
    return granted(stored);
  }

  async function fetchAndKeep(now: EpochMs): Promise<Access> {
    const fetched = await fetchToken();
    if (fetched.kind === 'refused') {
      await store.giveUp(key, clock.now() + REST_MS);
      return fetched;
    }
    const { accessToken: value, lifeMs } = fetched;
    const token = { value, issuedAt: now, expiresAt: now + lifeMs };
    await store.put(key, token);
    return granted(token);
  }

  function granted(token: AccessToken): Access {
    current = token;
    return { kind: 'granted', accessToken: token.value };
  }

  async function renew(): Promise<Access> {
    const started = performance.now();
    while (performance.now() - started < PATIENCE_MS) {
      const access = await look(clock.now());
      if (access !== undefined) return access;
      await pause(LOOK_AGAIN_MS);
    }
    return { kind: 'refused', outcome: NOBODY_HAS_ONE };
  }

  function get(): Promise<Access> {
    const now = clock.now();
    if (isGood(current, now) && now < renewAt(current)) return Promise.resolve(granted(current));
    if (rest !== undefined && now < rest.until) return Promise.resolve(rest.access);
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  return {
    get,
    replace(refused) {
      if (current === undefined || current.value === refused) {
        refusedValue = refused;
        if (rest?.access.kind === 'granted') rest = undefined;
      }
      return get();
    },
  };
}

/** Access as far as it comes in time: a send has a deadline, and waits for a token no longer than that. */
export async function accessInTime(access: Promise<Access>, leftMs: number): Promise<Access> {
  return (await inTime(access, leftMs)) ?? { kind: 'refused', outcome: NOBODY_HAS_ONE };
}

function renewAt({ issuedAt, expiresAt }: AccessToken): EpochMs {
  return Math.max(expiresAt - RENEW_BEFORE_MS, (issuedAt + expiresAt) / 2);
}

const NOBODY_HAS_ONE: SendOutcome = {
  kind: 'unavailable',
  reason: { code: 'access-token', text: 'no access token could be had in time' },
};
