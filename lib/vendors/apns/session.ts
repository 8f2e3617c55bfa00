import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { SECOND_MS } from '../../model/time';
import type { HttpResult } from '../../model/vendor-ports';

/** Streams at a time; Apple allows some more, and more were no faster. */
const STREAMS = 100;
const PING_TIMEOUT_MS = SECOND_MS;
const CONNECT_TIMEOUT_MS = 3 * SECOND_MS;
/** Apple's answers have under 100 bytes; the rest of a longer one is not read. */
const BODY_LIMIT_BYTES = 16 * 1024;

/** One request on a session. */
export interface StreamRequest {
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
  readonly timeoutMs: number;
}

/** How a request ended. `unprocessed`: the other side says, or cannot have helped, that it did nothing with it. */
export type StreamResult = Exclude<HttpResult, { kind: 'held' }> | { readonly kind: 'unprocessed' };

/** One HTTP/2 session, with no more streams at a time than the other side allows. */
export class Session {
  readonly #http2: ClientHttp2Session;
  readonly #waiting: (() => void)[] = [];
  #streams = 0;
  /** The highest stream a closing other side took on. */
  #lastTaken: number | undefined;

  /** Opens a session to an address, or says why there is none. */
  static open(origin: string): Promise<Session | string> {
    return new Promise((resolve) => {
      const http2 = connect(origin, { settings: { enablePush: false } });
      // an idle session keeps no process alive; a request under way does, by its timer
      http2.unref();
      const session = new Session(http2);
      const timer = setTimeout(() => {
        resolve('timeout');
        http2.destroy();
      }, CONNECT_TIMEOUT_MS);
      const end = (result: Session | string) => {
        clearTimeout(timer);
        resolve(result);
      };
      http2.on('error', (error) => end(codeOf(error)));
      http2.once('close', () => end('network'));
      // not before: a new session of Apple's takes one stream until a good provider token came with it
      http2.once('remoteSettings', () => end(session));
    });
  }

  private constructor(http2: ClientHttp2Session) {
    this.#http2 = http2;
    http2.on('remoteSettings', () => this.#admit());
    http2.on('close', () => this.#admit());
    http2.on('goaway', (_code, lastStreamId) => {
      this.#lastTaken = Math.min(this.#lastTaken ?? lastStreamId, lastStreamId);
      this.#admit();
    });
  }

  /** It takes further requests, as far as anyone knows. */
  get isOpen(): boolean {
    return !(this.#http2.closed || this.#http2.destroyed || this.#lastTaken !== undefined);
  }

  /** Takes a stream, at once or when one is free or the session no longer open. It must be given back with `leave`. */
  enter(): Promise<void> | undefined {
    if (this.isOpen && this.#streams >= this.#limit) {
      return new Promise((resolve) => this.#waiting.push(resolve));
    }
    this.#streams += 1;
    return undefined;
  }

  leave(): void {
    this.#streams -= 1;
    this.#admit();
  }

  /** Sends a request in a stream that was entered; on a session that is no longer open it is unprocessed. */
  request(request: StreamRequest): Promise<StreamResult> {
    return this.isOpen ? this.#exchange(request) : Promise.resolve({ kind: 'unprocessed' });
  }

  answersPing(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
      const end = (isAlive: boolean) => {
        clearTimeout(timer);
        resolve(isAlive);
      };
      try {
        if (!this.#http2.ping((error) => end(error === null))) end(false);
      } catch {
        end(false);
      }
    });
  }

  /** Takes no further requests; those under way end as they may. */
  close(): void {
    this.#http2.close();
    this.#admit();
  }

  /** Ends at once, with all that is under way. */
  destroy(): void {
    this.#http2.destroy();
  }

  get #limit(): number {
    const allowed = this.#http2.remoteSettings.maxConcurrentStreams ?? STREAMS;
    return Math.max(1, Math.min(STREAMS, allowed));
  }

  /** Lets those in who wait, as many as there is room for; all of them if there will never be any. */
  #admit(): void {
    while (this.#waiting.length > 0 && (!this.isOpen || this.#streams < this.#limit)) {
      this.#streams += 1;
      this.#waiting.shift()?.();
    }
  }

  #exchange({ headers, body, timeoutMs }: StreamRequest): Promise<StreamResult> {
    return new Promise((resolve) => {
      let stream: ClientHttp2Stream;
      try {
        stream = this.#http2.request(headers);
      } catch {
        // a header no request can be made of
        resolve({ kind: 'failed', code: 'invalid-request', sent: false });
        return;
      }
      const timer = setTimeout(() => {
        resolve({ kind: 'failed', code: 'timeout', sent: true });
        stream.close(constants.NGHTTP2_CANCEL);
      }, timeoutMs);
      let status = 0;
      let answerHeaders: Record<string, string> = {};
      let failure = 'network';
      let bytes = 0;
      const chunks: Buffer[] = [];
      const finish = () => {
        const text = Buffer.concat(chunks).subarray(0, BODY_LIMIT_BYTES).toString();
        resolve({ kind: 'response', status, headers: answerHeaders, body: text });
      };
      stream.on('response', (received) => {
        status = Number(received[':status']);
        answerHeaders = flatten(received);
      });
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes >= BODY_LIMIT_BYTES) {
          finish();
          stream.close(constants.NGHTTP2_CANCEL);
        }
      });
      stream.on('end', () => {
        if (status > 0) finish();
      });
      stream.on('error', (error) => {
        failure = codeOf(error);
      });
      stream.on('close', () => {
        clearTimeout(timer);
        resolve(
          this.#wasTaken(stream)
            ? { kind: 'failed', code: failure, sent: true }
            : { kind: 'unprocessed' },
        );
      });
      stream.end(body);
    });
  }

  /** Whether the other side may have acted on a stream (RFC 9113, 6.8 and 8.7). */
  #wasTaken({ id, rstCode }: ClientHttp2Stream): boolean {
    return (
      id !== undefined &&
      rstCode !== constants.NGHTTP2_REFUSED_STREAM &&
      id <= (this.#lastTaken ?? Number.POSITIVE_INFINITY)
    );
  }
}

function flatten(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

/** Node's code alone: its messages may hold the address, which is not for everyone's eyes. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'network';
}
