import type { ErrorMeaning } from './vendor';

/** Rows of a vendor's error table. `text` is the vendor's meaning in a few words, for the trace. */

/** Nothing is wrong with the message: try again later. */
export const retry = (text: string): ErrorMeaning => ({ kind: 'unavailable', text });

/**
 * More a second than this app may send: the limiter sends less from now on. Not for what the vendor counts of anything else, nor
 * for its own overload.
 */
export const slowDown = (text: string): ErrorMeaning => ({
  kind: 'throttled',
  scope: 'second',
  text,
});

/** The day's total is used up. */
export const tomorrow = (text: string): ErrorMeaning => ({ kind: 'throttled', scope: 'day', text });

/** This device has had its share. */
export const deviceFull = (text: string): ErrorMeaning => ({
  kind: 'throttled',
  scope: 'device',
  text,
});

/** The token will never work again. */
export const dropToken = (text: string): ErrorMeaning => ({ kind: 'token-invalid', text });

/** This message never, but the token is fine. */
export const dropMessage = (text: string): ErrorMeaning => ({ kind: 'rejected', text });

/** The credentials, or the access token made from them, were refused. */
export const refused = (text: string): ErrorMeaning => ({ kind: 'unauthorized', text });

/** A person must change a setting. */
export const configure = (text: string): ErrorMeaning => ({ kind: 'misconfigured', text });

/** A person must change a setting, and until then every message would fail the same way. */
export const pause = (text: string): ErrorMeaning => ({
  kind: 'misconfigured',
  text,
  pauses: true,
});
