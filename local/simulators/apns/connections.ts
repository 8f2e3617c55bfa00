import {
  constants,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
} from 'node:http2';

/** Streams a connection may have at once after its first good provider token; Apple tells no number. */
const STREAMS = 100;

export interface ConnectionCounts {
  /** Connections opened. */
  readonly connections: number;
  /** GOAWAY frames sent because that was asked for. */
  readonly goAways: number;
  /** Streams refused without being looked at, because that was asked for. */
  readonly refusedStreams: number;
}

type Handler = (req: Http2ServerRequest, res: Http2ServerResponse) => void;

/**
 * The HTTP/2 side of APNs, in clear text. A connection has one stream until a request with a good provider token came.
 * Source: developer.apple.com, "Sending notification requests to APNs".
 */
export class Connections {
  readonly #server: Http2Server;
  readonly #open = new Set<Http2Session>();
  readonly #trusted = new WeakSet<Http2Session>();
  #streamsBeforeToken = 1;
  #refuseNext = 0;
  #connections = 0;
  #goAways = 0;
  #refusedStreams = 0;

  constructor(handle: Handler) {
    this.#server = createServer({ settings: { maxConcurrentStreams: this.#streamsBeforeToken } });
    this.#server.on('session', (session) => {
      this.#connections++;
      this.#open.add(session);
      session.on('close', () => this.#open.delete(session));
      // a caller that vanishes is no concern of ours
      session.on('error', () => undefined);
    });
    this.#server.on('request', (req, res) => {
      if (this.#refuseNext === 0) return handle(req, res);
      this.#refuseNext--;
      this.#refusedStreams++;
      req.stream.close(constants.NGHTTP2_REFUSED_STREAM);
    });
  }

  /** Listens on a free port and answers which. */
  listen(host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, host, () => {
        const address = this.#server.address();
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no address'));
      });
    });
  }

  /** A request on this connection had a good provider token: it may have more streams. */
  trust(session: Http2Session | undefined): void {
    if (session === undefined || session.closed || this.#trusted.has(session)) return;
    this.#trusted.add(session);
    session.settings({ maxConcurrentStreams: STREAMS });
  }

  /**
   * Tells every caller to go: what is under way is answered, new streams are refused. The reason in JSON is
   * documented in "Sending notification requests to APNs".
   */
  goAway(): void {
    for (const session of this.#open) {
      if (session.closed || session.destroyed) continue;
      this.#goAways++;
      const reason = Buffer.from(JSON.stringify({ reason: 'Shutdown' }));
      session.goaway(constants.NGHTTP2_NO_ERROR, 0, reason);
      session.close();
    }
  }

  /** So many of the next streams are refused. */
  refuseStreams(count: number): void {
    this.#refuseNext = count;
  }

  /** Streams that new connections may have at once before a good provider token. */
  allowBeforeToken(streams: number): void {
    this.#streamsBeforeToken = streams;
    this.#server.updateSettings({ maxConcurrentStreams: streams });
  }

  counts(): ConnectionCounts {
    return {
      connections: this.#connections,
      goAways: this.#goAways,
      refusedStreams: this.#refusedStreams,
    };
  }

  reset(): void {
    this.#refuseNext = 0;
    this.#connections = this.#goAways = this.#refusedStreams = 0;
    this.allowBeforeToken(1);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const session of this.#open) session.destroy();
    await closed;
  }
}
