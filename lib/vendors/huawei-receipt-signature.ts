import { createHmac, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../model/errors';
import { MINUTE_MS } from '../model/time';
import type { ReceiptRequest } from './vendor';

/** `timestamp=<ms>; nonce=<uuid>; value=<base64>`, sent where the console has both a user name and a secret. */
const HEADER = 'x-huawei-callback-id';

/** How far Huawei's clock and ours may differ. */
const MAX_SKEW_MS = 5 * MINUTE_MS;

/**
 * Refuses a receipt call that Huawei did not sign: `value` is Base64(HMAC-SHA256(key, timestamp + nonce + user name)).
 * The key is the secret's Base64-decoded bytes for secrets made today and its UTF-8 bytes for older ones
 * (developer.huawei.com, harmonyos-guides/push-msg-receipt, 2026-04-20): both are tried.
 * The same call again is let through: reading a receipt twice changes nothing, and Huawei may post one anew.
 */
export function checkHuaweiSignature({ headers, receivedAt, check }: ReceiptRequest): void {
  if (check === undefined) {
    return;
  }
  const { timestamp, nonce, value } = readHeader(headers[HEADER] ?? '');
  if (timestamp === undefined || nonce === undefined || value === undefined) {
    throw new Refusal(401, 'the call is not signed: X-HUAWEI-CALLBACK-ID is missing or not whole');
  }
  const signed = `${timestamp}${nonce}${check.user ?? ''}`;
  // no short cut: how long it takes tells nothing
  const isSigned = keysOf(check.secret).map((key) => isSignature(value, signed, key));
  if (!isSigned.includes(true)) {
    throw new Refusal(401, 'the signature in X-HUAWEI-CALLBACK-ID is not ours to accept');
  }
  if (!(Math.abs(receivedAt - Number(timestamp)) <= MAX_SKEW_MS)) {
    throw new Refusal(401, 'the signature in X-HUAWEI-CALLBACK-ID is too old, or a clock is wrong');
  }
}

function readHeader(header: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    header.split(';').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1).trim()];
    }),
  );
}

/** Decoded only where the secret is Base64 through and through: what else decodes to may be short, or nothing. */
function keysOf(secret: string): readonly Buffer[] {
  const raw = Buffer.from(secret);
  const decoded = Buffer.from(secret, 'base64');
  const isBase64 = unpadded(decoded.toString('base64')) === unpadded(secret);
  return isBase64 && decoded.length > 0 ? [decoded, raw] : [raw];
}

function unpadded(base64: string): string {
  return base64.replace(/=+$/, '');
}

function isSignature(value: string, signed: string, key: Buffer): boolean {
  const expected = createHmac('sha256', key).update(signed).digest('base64');
  const given = Buffer.from(value);
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
}
