import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as v from 'valibot';
import { jsonReply, type Reply } from '../exchange';
import { IssuedTokens } from '../issued-tokens';

/** Source: developers.google.com, "Using OAuth 2.0 for server to server applications". */
const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const MESSAGING_SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
/** Google's access tokens are good for an hour, less a second. */
export const LIFE_SECONDS = 3_599;
const MAX_ASSERTION_SECONDS = 3_600;
const CLOCK_SKEW_SECONDS = 300;
const LOOPBACK_TOKEN_URL = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/fcm)?\/token$/;

const assertionHeader = v.object({
  alg: v.literal('RS256'),
  typ: v.optional(v.literal('JWT')),
  kid: v.optional(v.string()),
});

const assertionClaims = v.object({
  iss: v.string(),
  aud: v.string(),
  scope: v.string(),
  iat: v.number(),
  exp: v.number(),
});

export interface OAuthAccount {
  readonly clientEmail: string;
  readonly privateKeyId: string;
  /** PEM; the public half is taken from it. */
  readonly privateKey: string;
}

/** The token endpoint of one service account: signed assertions in, opaque access tokens out. */
export class OAuth {
  readonly tokens = new IssuedTokens(LIFE_SECONDS);
  readonly #account: OAuthAccount;
  readonly #publicKey: KeyObject;

  constructor(account: OAuthAccount) {
    this.#account = account;
    this.#publicKey = createPublicKey(account.privateKey);
  }

  answer(body: string, now: number): Reply {
    const form = new URLSearchParams(body);
    const grantType = form.get('grant_type');
    if (grantType === null)
      return refuse('invalid_request', 'Required parameter is missing: grant_type');
    if (grantType !== GRANT_TYPE) {
      return refuse('unsupported_grant_type', `Invalid grant_type: ${grantType}`);
    }
    const assertion = form.get('assertion');
    if (assertion === null)
      return refuse('invalid_request', 'Required parameter is missing: assertion');
    return this.#check(assertion, Math.floor(now / 1_000)) ?? this.#issue(now);
  }

  #check(assertion: string, nowSeconds: number): Reply | undefined {
    const [header, payload, signature, ...more] = assertion.split('.');
    if (!header || !payload || !signature || more.length > 0) {
      return refuse('invalid_grant', 'Bad Request: the assertion is not a JWT');
    }
    const { clientEmail, privateKeyId } = this.#account;
    const head = v.safeParse(assertionHeader, parsePart(header));
    if (!head.success) return refuse('invalid_grant', 'Invalid JWT: RS256 is required');
    const claims = v.safeParse(assertionClaims, parsePart(payload));
    if (!claims.success) return refuse('invalid_grant', 'Invalid JWT: a required claim is missing');
    const { iss, aud, scope, iat, exp } = claims.output;
    if (iss !== clientEmail) return refuse('invalid_grant', 'Invalid grant: account not found');
    const { kid } = head.output;
    const signed = Buffer.from(`${header}.${payload}`);
    const bytes = Buffer.from(signature, 'base64url');
    if (
      (kid !== undefined && kid !== privateKeyId) ||
      !verify('RSA-SHA256', signed, this.#publicKey, bytes)
    ) {
      return refuse('invalid_grant', 'Invalid JWT Signature.');
    }
    if (aud !== GOOGLE_TOKEN_URL && !LOOPBACK_TOKEN_URL.test(aud)) {
      return refuse(
        'invalid_grant',
        `Failed audience check. The right audience is ${GOOGLE_TOKEN_URL}`,
      );
    }
    if (
      exp <= nowSeconds ||
      iat > nowSeconds + CLOCK_SKEW_SECONDS ||
      exp <= iat ||
      exp - iat > MAX_ASSERTION_SECONDS
    ) {
      return refuse(
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      );
    }
    return scope.split(' ').includes(MESSAGING_SCOPE)
      ? undefined
      : refuse('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  }

  #issue(now: number): Reply {
    return jsonReply(200, {
      access_token: this.tokens.issue('ya29.', now),
      expires_in: this.tokens.lifeSeconds,
      token_type: 'Bearer',
    });
  }
}

function refuse(error: string, description: string): Reply {
  return jsonReply(400, { error, error_description: description });
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
