import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as v from 'valibot';
import { parseJson } from '../json-body';
import { type ApnsRefusal, refuse } from './reasons';

/**
 * A provider token is good for an hour, and a new one may be made once in 20 minutes.
 * Source: developer.apple.com, "Establishing a token-based connection to APNs".
 */
export const LIFE_SECONDS = 3_600;
export const UPDATE_SECONDS = 1_200;

/** ECDSA over P-256, r and s of 32 bytes each, as JWS has it (RFC 7518, section 3.4). */
const SIGNATURE_BYTES = 64;

const header = v.strictObject({
  alg: v.literal('ES256'),
  kid: v.string(),
  typ: v.optional(v.literal('JWT')),
});

const claims = v.strictObject({ iss: v.string(), iat: v.pipe(v.number(), v.integer()) });

const PART = /^[A-Za-z0-9_-]+$/;

export interface ProviderKey {
  /** 10 characters: `iss` of the token. */
  readonly teamId: string;
  /** 10 characters: `kid` of the token. */
  readonly keyId: string;
  /** PEM, as Apple's .p8 file has it; the public half is taken from it. */
  readonly privateKey: string;
}

/** Judges the tokens of one team, and how often it makes new ones. */
export class ProviderTokens {
  lifeSeconds = LIFE_SECONDS;
  /** 0: new tokens may come at any time. */
  updateSeconds = UPDATE_SECONDS;
  readonly #key: ProviderKey;
  readonly #publicKey: KeyObject;
  /** Tokens that were taken, with their `iat`. */
  readonly #taken = new Map<string, number>();
  readonly #expired = new Set<string>();
  #newestAt = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(key: ProviderKey) {
    this.#key = key;
    this.#publicKey = createPublicKey(key.privateKey);
  }

  /** Different tokens taken since the start or the last reset. */
  get count(): number {
    return this.#count;
  }

  /** What is wrong with an `authorization` header, if anything. */
  check(authorization: string | undefined, now: number): ApnsRefusal | undefined {
    const token = tokenIn(authorization);
    if (token === '') return refuse('MissingProviderToken');
    if (this.#expired.has(token)) return refuse('ExpiredProviderToken', 'expired on request');
    const known = this.#taken.get(token);
    const iat = known ?? this.#read(token);
    if (typeof iat === 'string') return refuse('InvalidProviderToken', iat);
    const seconds = now / 1_000;
    if (iat > seconds) return refuse('InvalidProviderToken', 'iat is in the future');
    if (seconds - iat > this.lifeSeconds) return refuse('ExpiredProviderToken');
    return known === undefined ? this.#take(token, iat, now) : undefined;
  }

  /** Whether a token was checked before and found right. */
  hasTaken(authorization: string | undefined): boolean {
    return this.#taken.has(tokenIn(authorization));
  }

  /** Every token taken so far is expired, and a new one may come at once. */
  expireAll(): void {
    for (const token of this.#taken.keys()) this.#expired.add(token);
    this.#taken.clear();
    this.#newestAt = Number.NEGATIVE_INFINITY;
  }

  /** Forgets all tokens and sets the limits back. */
  reset(): void {
    this.#taken.clear();
    this.#expired.clear();
    this.#newestAt = Number.NEGATIVE_INFINITY;
    this.#count = 0;
    this.lifeSeconds = LIFE_SECONDS;
    this.updateSeconds = UPDATE_SECONDS;
  }

  #take(token: string, iat: number, now: number): ApnsRefusal | undefined {
    if (now - this.#newestAt < this.updateSeconds * 1_000) {
      return refuse('TooManyProviderTokenUpdates');
    }
    for (const [old, since] of this.#taken) {
      if (now / 1_000 - since > this.lifeSeconds) this.#taken.delete(old);
    }
    this.#taken.set(token, iat);
    this.#newestAt = now;
    this.#count++;
    return undefined;
  }

  /** The token's `iat`, or what is wrong with it. */
  #read(token: string): number | string {
    const parts = token.split('.');
    const [head = '', payload = '', signature = ''] = parts;
    if (parts.length !== 3 || !parts.every((part) => PART.test(part))) {
      return 'not three parts in base64url without padding';
    }
    const parsedHead = v.safeParse(header, parsePart(head));
    if (!parsedHead.success) return `header: ${v.summarize(parsedHead.issues)}`;
    const parsedClaims = v.safeParse(claims, parsePart(payload));
    if (!parsedClaims.success) return `claims: ${v.summarize(parsedClaims.issues)}`;
    if (parsedHead.output.kid !== this.#key.keyId) return 'kid is not a key of the team';
    if (parsedClaims.output.iss !== this.#key.teamId) return 'iss is not the team';
    const bytes = Buffer.from(signature, 'base64url');
    if (bytes.length !== SIGNATURE_BYTES) return 'the signature is not 64 bytes long';
    const key = { key: this.#publicKey, dsaEncoding: 'ieee-p1363' as const };
    const isRight = verify('sha256', Buffer.from(`${head}.${payload}`), key, bytes);
    return isRight ? parsedClaims.output.iat : 'the signature is wrong';
  }
}

/** The scheme is written in lower case in all of Apple's examples. */
function tokenIn(authorization: string | undefined): string {
  return /^bearer (.*)$/.exec(authorization ?? '')?.[1] ?? '';
}

function parsePart(part: string): unknown {
  return parseJson(Buffer.from(part, 'base64url').toString());
}
