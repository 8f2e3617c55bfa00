import { createHash, randomUUID } from 'node:crypto';
import type { AppCredentials } from '../../local/one-machine';

/** What a test may want to be different in the signature of a call. */
export interface Signature {
  readonly nonce?: string;
  /** Epoch seconds as text. */
  readonly curTime?: string;
}

/** Headers of a call that is signed as NIM's server API wants it: now, and with a new nonce, if not told otherwise. */
export function signature(
  { key, secret }: AppCredentials,
  { nonce = randomUUID(), curTime = String(Math.floor(Date.now() / 1000)) }: Signature = {},
): Record<string, string> {
  const text = `${secret}${nonce}${curTime}`;
  return {
    AppKey: key,
    Nonce: nonce,
    CurTime: curTime,
    CheckSum: createHash('sha1').update(text).digest('hex'),
  };
}

/** Makes a call with these headers; answers its status and body. */
export async function callWith(
  headers: Readonly<Record<string, string>>,
  url: string,
  method = 'GET',
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}
