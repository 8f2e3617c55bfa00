import type { Incoming } from './exchange';
import { Ring } from './ring';

interface Kept {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly status: number;
}

/** One request as it was on the wire. */
export interface CapturedRequest {
  /** Epoch milliseconds of the answer. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Names as they were sent; credentials are blacked out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Status of the answer; 0 if there was none. */
  readonly status: number;
}

/** Form fields that hold a secret, or what was made with one: Google's, OAuth's, OPPO's. */
const SECRET_FIELDS = /(^|&)(assertion|client_secret|auth_token)=[^&]*/g;
/** Google's, Huawei's and others'; vivo's. */
const SECRET_HEADERS = ['authorization', 'authtoken'];

/** The last requests of one simulator, for a person to look at. */
export class CapturedRequests {
  readonly #ring: Ring<Kept>;

  constructor(keep: number) {
    this.#ring = new Ring(keep);
  }

  add(req: Incoming, body: Buffer, status: number): void {
    const { method = '', url: path = '', rawHeaders } = req;
    this.#ring.push({ at: Date.now(), method, path, rawHeaders, body, status });
  }

  last(count?: number): readonly CapturedRequest[] {
    return this.#ring.last(count).map(({ rawHeaders, body, ...kept }) => ({
      ...kept,
      headers: readHeaders(rawHeaders),
      body: body.toString().replaceAll(SECRET_FIELDS, '$1$2=[redacted]'),
    }));
  }

  clear(): void {
    this.#ring.clear();
  }
}

function readHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const isSecret = SECRET_HEADERS.includes(name.toLowerCase());
    headers[name] = isSecret ? '[redacted]' : (raw[index + 1] ?? '');
  }
  return headers;
}
