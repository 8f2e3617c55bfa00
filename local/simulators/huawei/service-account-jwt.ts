import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as v from 'valibot';
import { type Refusal, refuse } from './codes';
import { HUAWEI_TOKEN_URL, type HuaweiServiceAccount } from './service-account';

/** A JWT valid for longer is refused with 80300036. Source: harmonyos-references/push-scenariozed-api-response. */
const MAX_LIFE_SECONDS = 86_400;
/** PS256 has salts as long as its hash (RFC 7518, 3.5). */
const SALT_BYTES = 32;

const jwtHeader = v.object({
  alg: v.literal('PS256'),
  typ: v.literal('JWT'),
  kid: v.string(),
});

const seconds = v.pipe(v.number(), v.integer());
const jwtClaims = v.object({ aud: v.string(), iss: v.string(), iat: seconds, exp: seconds });

/** What is known here of the holder of a service account. */
export interface JwtIssuer {
  readonly keyId: string;
  readonly subAccount: string;
  readonly publicKey: KeyObject;
}

/** The vendor keeps only the public half of the key. */
export function issuerOf(account: HuaweiServiceAccount): JwtIssuer {
  return {
    keyId: account.key_id,
    subAccount: account.sub_account,
    publicKey: createPublicKey(account.private_key),
  };
}

/**
 * What is wrong with a JWT that is used as a bearer token, if anything.
 * Source: developer.huawei.com, harmonyos-guides/push-jwt-token ("SHA256withRSA/PSS").
 */
export function checkJwt(jwt: string, issuer: JwtIssuer, now: number): Refusal | undefined {
  const [header = '', payload = '', signature = '', ...more] = jwt.split('.');
  if (more.length > 0 || ![header, payload, signature].every(isBase64Url)) {
    return refuse(80200001, 'not a JWT');
  }
  const head = v.safeParse(jwtHeader, parsePart(header));
  if (!head.success) return refuse(80200001, 'the JWT must have alg PS256, typ JWT and a kid');
  const claims = v.safeParse(jwtClaims, parsePart(payload));
  if (!claims.success) return refuse(80200001, 'the JWT must have aud, iss, iat and exp');
  const key = {
    key: issuer.publicKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: SALT_BYTES,
  };
  const signed = Buffer.from(`${header}.${payload}`);
  if (
    head.output.kid !== issuer.keyId ||
    !verify('sha256', signed, key, Buffer.from(signature, 'base64url'))
  ) {
    return refuse(80200001, 'the JWT is signed with another key');
  }
  return checkClaims(claims.output, issuer, Math.floor(now / 1_000));
}

function checkClaims(
  { aud, iss, iat, exp }: v.InferOutput<typeof jwtClaims>,
  issuer: JwtIssuer,
  nowSeconds: number,
): Refusal | undefined {
  if (aud !== HUAWEI_TOKEN_URL) return refuse(80200001, `aud must be ${HUAWEI_TOKEN_URL}`);
  if (iss !== issuer.subAccount) return refuse(80200001, 'iss must be the sub_account');
  if (iat > nowSeconds || exp <= iat) return refuse(80200001, 'iat and exp are not in order');
  if (exp - iat > MAX_LIFE_SECONDS) return refuse(80300036);
  return exp <= nowSeconds ? refuse(80200005) : undefined;
}

function isBase64Url(part: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(part);
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
