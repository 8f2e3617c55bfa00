import type { SendOutcome, VendorReason } from '../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../model/time';
import type { HttpResult } from '../model/vendor-ports';
import { FLOW_CONTROL_CODE } from '../rules/after-send';
import { fitText } from '../rules/fit-text';
import type { ErrorTable } from './vendor';

/** The outcome a vendor's code stands for; codes in no table are retried, bounded, and alarmed. */
export function outcomeOf(
  table: ErrorTable,
  code: string,
  text: string,
  retryAfterMs?: number,
): SendOutcome {
  const meaning = table[code];
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (meaning === undefined) {
    return { kind: 'unavailable', reason: { code, text, unmapped: true }, ...wait };
  }
  const reason: VendorReason = { code, text: meaning.text };
  switch (meaning.kind) {
    case 'throttled':
      return { kind: 'throttled', scope: meaning.scope ?? 'second', reason, ...wait };
    case 'unavailable':
      return { kind: 'unavailable', reason, ...wait };
    case 'misconfigured':
      return { kind: 'misconfigured', reason, ...(meaning.pauses && { pauses: true }) };
    default:
      return { kind: meaning.kind, reason };
  }
}

/** Something for each token, in order. */
export function eachToken<T>(
  tokens: readonly [string, ...string[]],
  make: (token: string) => T,
): readonly [T, ...T[]] {
  const [first, ...others] = tokens;
  return [make(first), ...others.map(make)];
}

/** Our own flow limit had no room: nothing was sent, nobody has failed, and no attempt is spent. */
export const HELD: SendOutcome = {
  kind: 'throttled',
  scope: 'second',
  reason: { code: FLOW_CONTROL_CODE, text: 'our own flow limit has no room now' },
};

/** The outcome of a request that got no answer. */
export function outcomeWithoutAnswer(
  result: Exclude<HttpResult, { kind: 'response' }>,
): SendOutcome {
  if (result.kind === 'held') {
    return HELD;
  }
  const code = result.code === 'timeout' ? 'timeout' : 'network';
  const text = `${result.sent ? 'no answer' : 'not sent'}: ${result.code}`;
  return { kind: 'unavailable', reason: { code, text } };
}

/** `outcome` with the vendor's own words behind the meaning of its code. */
export function withWords(outcome: SendOutcome, words: string): SendOutcome {
  if (outcome.kind === 'accepted' || words === '' || outcome.reason.text === words) {
    return outcome;
  }
  const { code, text } = outcome.reason;
  return { ...outcome, reason: { ...outcome.reason, code, text: `${text}: ${words}` } };
}

const WORDS_CHARACTERS = 200;

/** A vendor's words without the secrets and tokens it may have echoed, on one line, cut to 200 characters. */
export function safeWords(words: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret), formEncoded(secret)])
    .sort((one, other) => other.length - one.length);
  const longest = forms[0]?.length ?? 0;
  const readable = words.slice(0, WORDS_CHARACTERS + longest);
  const safe = forms.reduce((text, form) => text.replaceAll(form, '…'), readable);
  // where the words were cut, the front half of a secret may be left
  const whole = readable.length < words.length ? safe.slice(0, -longest || undefined) : safe;
  return fitText(whole.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim(), WORDS_CHARACTERS, 'characters');
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** Milliseconds of a `Retry-After` header (seconds or a date); undefined when there is none to obey. */
export function retryAfterMsOf(header: string | undefined, now: EpochMs): number | undefined {
  if (header === undefined || header.trim() === '') {
    return undefined;
  }
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * SECOND_MS;
  return waitMs > 0 && Number.isFinite(waitMs) ? waitMs : undefined;
}
