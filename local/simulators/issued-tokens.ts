import { randomBytes } from 'node:crypto';

/** Access tokens a simulated vendor has issued. */
export class IssuedTokens {
  /** How long tokens issued from now on are good. */
  lifeSeconds: number;
  readonly #expiries = new Map<string, number>();

  constructor(lifeSeconds: number) {
    this.lifeSeconds = lifeSeconds;
  }

  /** A new token; older ones stay good. */
  issue(prefix: string, now: number): string {
    for (const [token, expiresAt] of this.#expiries) {
      if (expiresAt <= now) this.#expiries.delete(token);
    }
    const token = `${prefix}${randomBytes(24).toString('base64url')}`;
    this.#expiries.set(token, now + this.lifeSeconds * 1_000);
    return token;
  }

  isGood(token: string, now: number): boolean {
    return (this.#expiries.get(token) ?? 0) > now;
  }

  expireAll(): void {
    this.#expiries.clear();
  }
}
