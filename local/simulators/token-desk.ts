import * as v from 'valibot';
import { IssuedTokens } from './issued-tokens';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The part of a control call that vendors with an auth call of their own share. */
export const tokenControl = {
  /** True: every access token issued so far is expired. */
  expireAccessTokens: v.optional(v.boolean()),
  /** How long access tokens issued from now on are good. */
  accessTokenSeconds: v.optional(v.pipe(count, v.minValue(1))),
  /** So many of the next requests for an access token fail as if the vendor were down. */
  failNextAuth: v.optional(count),
};

/** What a control call may say about access tokens. */
export interface TokenOrders {
  readonly expireAccessTokens?: boolean | undefined;
  readonly accessTokenSeconds?: number | undefined;
  readonly failNextAuth?: number | undefined;
}

/** Issues a vendor's access tokens, counts who asks for one, and fails on request. */
export class TokenDesk {
  readonly #tokens: IssuedTokens;
  readonly #lifeSeconds: number;
  #requests = 0;
  #failNext = 0;

  constructor(lifeSeconds: number) {
    this.#lifeSeconds = lifeSeconds;
    this.#tokens = new IssuedTokens(lifeSeconds);
  }

  /** Requests for an access token, refused ones included. */
  get requests(): number {
    return this.#requests;
  }

  /** How long a token issued now is good. */
  get lifeSeconds(): number {
    return this.#tokens.lifeSeconds;
  }

  /** Counts a request; true when it has to fail. */
  arrive(): boolean {
    this.#requests++;
    if (this.#failNext === 0) return false;
    this.#failNext--;
    return true;
  }

  issue(prefix: string, now: number): string {
    return this.#tokens.issue(prefix, now);
  }

  isGood(token: string, now: number): boolean {
    return this.#tokens.isGood(token, now);
  }

  control({ expireAccessTokens, accessTokenSeconds, failNextAuth }: TokenOrders): void {
    if (expireAccessTokens) this.#tokens.expireAll();
    if (accessTokenSeconds !== undefined) this.#tokens.lifeSeconds = accessTokenSeconds;
    if (failNextAuth !== undefined) this.#failNext = failNextAuth;
  }

  /** Ends all faults and counts anew; tokens that were issued stay good. */
  reset(): void {
    this.#tokens.lifeSeconds = this.#lifeSeconds;
    this.#requests = this.#failNext = 0;
  }
}
