import { createHash, timingSafeEqual } from 'node:crypto';
import { APP_KEY } from '../model/app-settings';
import { Refusal } from '../model/errors';
import type { NonceStore } from '../model/nonce-store';
import type { SecretStore } from '../model/ports';
import { MINUTE_MS } from '../model/time';

type Headers = Readonly<Record<string, string | undefined>>;

/** A call that is signed as calls of NIM's server API are. */
export interface SignedCall {
  readonly appKey: string;
  readonly nonce: string;
}

/** How far the caller's clock may be from ours, either way. */
export const WINDOW_MS = 5 * MINUTE_MS;
/** From the latest moment a call may name to the latest at which it is still taken. */
const REMEMBER_MS = 2 * WINDOW_MS;
/** A key id that no secret has: asking for it makes the store look for secrets that are new. */
const NO_KEY_ID = '';

/** Whether a call is signed with a checksum; header names in lower case. */
export function hasChecksum(headers: Headers): boolean {
  return headers['checksum'] !== undefined;
}

/**
 * Checks the headers `AppKey`, `Nonce`, `CurTime` (seconds) and `CheckSum`, the lower-case hex SHA-1 of
 * app secret, nonce and time. Throws `Refusal` 401 with one fixed text per cause. Whether the nonce is new is for
 * `useNonce` to tell, once it is known that the caller may call at all.
 *
 * The scheme is that of NIM's server API, as its own SDK signs calls:
 * https://github.com/netease-im/yunxin-server-sdk-java (2025-12-30).
 */
export async function verifyChecksum(headers: Headers, secrets: SecretStore): Promise<SignedCall> {
  const { appkey: appKey = '', nonce = '', curtime: curTime = '', checksum = '' } = headers;
  const isWhole =
    APP_KEY.test(appKey) &&
    nonce !== '' &&
    nonce.length <= 128 &&
    // exactly ten digits: no end of a nonce may be taken for the beginning of the time, as both are signed as one
    /^[1-9]\d{9}$/.test(curTime) &&
    /^[0-9a-f]{40}$/.test(checksum);
  if (!isWhole)
    throw new Refusal(401, 'AppKey, Nonce, CurTime or CheckSum is missing or malformed');
  if (Math.abs(Date.now() - Number(curTime) * 1000) > WINDOW_MS) {
    throw new Refusal(401, 'CurTime is more than 5 minutes from the time here');
  }
  if (await isSignedFor(appKey, checksum, nonce + curTime, secrets)) return { appKey, nonce };
  throw new Refusal(401, 'the CheckSum is wrong');
}

/**
 * Whether a checksum is the SHA-1 of one of the app's secrets and this text after it. Time does not tell which secret it
 * was, nor how much of the checksum was right.
 */
export async function isSignedFor(
  appKey: string,
  checksum: string,
  text: string,
  secrets: SecretStore,
): Promise<boolean> {
  const isSigned = (known: ReadonlyMap<string, string>) =>
    [...known.values()].map((secret) => isSum(checksum, secret + text)).includes(true);
  const kept = await secrets.secretsOf(appKey);
  if (isSigned(kept)) return true;
  return kept.size > 0 && isSigned(await secrets.secretsOf(appKey, NO_KEY_ID));
}

/** Uses the nonce of a call up; throws `Refusal` 401 when another call did before. */
export async function useNonce({ appKey, nonce }: SignedCall, nonces: NonceStore): Promise<void> {
  const now = Date.now();
  if (await nonces.use(appKey, nonce, now + REMEMBER_MS, now)) return;
  throw new Refusal(401, 'the Nonce was used before');
}

function isSum(checksum: string, text: string): boolean {
  const own = createHash('sha1').update(text).digest();
  return timingSafeEqual(own, Buffer.from(checksum, 'hex'));
}
