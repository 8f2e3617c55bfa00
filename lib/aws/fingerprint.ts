import { hash } from 'node:crypto';

/** SHA-256 as base64url, 43 characters. */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** What is shown and stored of a push token where the token itself must not be: 12 characters of its hash. */
export function fingerprint(token: string): string {
  return sha256(token).slice(0, 12);
}
