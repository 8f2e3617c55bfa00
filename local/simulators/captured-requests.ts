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

/** The last requests of one simulator, for a person to look at. */
export class CapturedRequests {
  readonly #ring: Ring<Kept>;
  readonly #secretField: RegExp;

  /** `secretField` names a form field whose value is blacked out in bodies. */
  constructor(keep: number, secretField = 'assertion') {
    this.#ring = new Ring(keep);
    this.#secretField = new RegExp(`(^|&)${secretField}=[^&]*`, 'g');
  }

  add(req: Incoming, body: Buffer, status: number): void {
    const { method = '', url: path = '', rawHeaders } = req;
    this.#ring.push({ at: Date.now(), method, path, rawHeaders, body, status });
  }

  last(count?: number): readonly CapturedRequest[] {
    return this.#ring.last(count).map(({ rawHeaders, body, ...kept }) => ({
      ...kept,
      headers: readHeaders(rawHeaders),
      body: body.toString().replaceAll(this.#secretField, '$1assertion=[redacted]'),
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
    const secret = name.toLowerCase() === 'authorization';
    headers[name] = secret ? '[redacted]' : (raw[index + 1] ?? '');
  }
  return headers;
}
