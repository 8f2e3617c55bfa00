import { jsonReply, type Reply } from '../exchange';

interface Meaning {
  readonly status: number;
  readonly msg: string;
}

/**
 * Push Kit's response codes: HMSCore-References/https-send-api-0000001050986197 for v1 and v2,
 * harmonyos-references/push-scenariozed-api-response for v3, both at developer.huawei.com. Neither says which
 * HTTP status comes with which code beyond "400 parameter error, 401 authentication failed, 500 internal error".
 */
const MEANINGS = {
  80000000: { status: 200, msg: 'Success' },
  80100000: { status: 200, msg: 'Check Parameter Partial Success.' },
  80100001: { status: 400, msg: 'Check Parameter Error.' },
  80100003: { status: 400, msg: 'Illegal payload' },
  80100004: { status: 400, msg: 'Illegal expiry time' },
  80100013: { status: 400, msg: 'Illegal collapse_key' },
  80100016: { status: 400, msg: 'The message contains sensitive information' },
  80200001: { status: 401, msg: 'Oauth authentication error.' },
  80200003: { status: 401, msg: 'Oauth Token expired.' },
  80200005: { status: 401, msg: 'Jwt token expired' },
  80300002: { status: 400, msg: 'No permission to send message to these tmIDs' },
  80300007: { status: 400, msg: 'All the tokens are invalid' },
  80300008: { status: 400, msg: 'The message body size exceeds the default value' },
  80300010: { status: 400, msg: 'The number of tokens in the message body is not 1 to 1000' },
  80300011: { status: 400, msg: 'No permission to send high-level notification messages' },
  80300013: { status: 400, msg: 'Invalid Receipt address' },
  80300029: { status: 400, msg: 'Test messages are sent too frequently' },
  80300030: { status: 400, msg: 'Too many tokens in a test message' },
  80300036: { status: 400, msg: 'The validity period of the JWT is longer than one day' },
  80300037: { status: 400, msg: 'The app is under penalty' },
  80600003: { status: 500, msg: 'Request OAuth service failed' },
  81000001: { status: 500, msg: 'System inner error.' },
} as const satisfies Readonly<Record<number, Meaning>>;

/** A code that the simulators of Push Kit give of themselves. */
export type PushCode = keyof typeof MEANINGS;

/** Any code with its meaning; those asked for from outside may be unknown here. */
function meaningOf(code: number | string): Meaning {
  const known: Readonly<Record<string, Meaning>> = MEANINGS;
  return known[code] ?? { status: 400, msg: 'error' };
}

/** The HTTP status a code comes with. */
export function statusOf(code: string): number {
  return meaningOf(code).status;
}

/** Why a request is refused, in the vendor's terms. */
export interface Refusal {
  readonly code: PushCode;
  readonly msg: string;
}

/** `detail` says what exactly is wrong, as in "Illegal payload, badge addNum value ranges from 1 to 99". */
export function refuse(code: PushCode, detail?: string): Refusal {
  const { msg } = meaningOf(code);
  return { code, msg: detail === undefined ? msg : `${msg.replace(/\.$/, '')}, ${detail}` };
}

/** An answer of the push API; `msg` replaces the code's usual words. The code is a string. */
export function pushReply(code: number | string, requestId: string, msg?: string): Reply {
  const meaning = meaningOf(code);
  return jsonReply(meaning.status, { code: `${code}`, msg: msg ?? meaning.msg, requestId });
}

let count = 0;

/** Digits only, as in the vendor's examples: the time and a count. */
export function newRequestId(): string {
  count = (count + 1) % 100_000;
  return `${Date.now()}${String(count).padStart(5, '0')}`;
}
