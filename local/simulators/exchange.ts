import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** A request on the wire, as `node:http` and the compatibility API of `node:http2` both give it. */
export type Incoming = Readable &
  Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders' | 'aborted'>;

/** Where its answer goes, likewise. */
export interface Outgoing {
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  end(body: string): unknown;
  destroy(): unknown;
}

/** What a vendor says, as a value. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request from its head alone, with the path as the vendor knows it (without our prefix). */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: IncomingMessage['headers'];
  /** Names and values in turn, as they were sent: here a header given twice is there twice. */
  readonly rawHeaders: readonly string[];
}

export interface VendorRequest extends RequestHead {
  readonly body: Buffer;
}

/** Larger bodies are cut off here, so that a vendor's own length checks still see "too long". */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

export function readBody(req: Incoming): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on('data', (chunk: Buffer) => {
      if (length < MAX_BODY_BYTES) chunks.push(chunk);
      length += chunk.length;
    });
    const hungUp = () => reject(new Error('the caller hung up before its request was whole'));
    req.on('end', () => {
      // over HTTP/2 a body that was broken off ends as if it were whole
      if (req.aborted) hungUp();
      else resolve(chunks[0] && chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    });
    req.on('error', reject);
    req.on('close', () => {
      if (!req.readableEnded) hungUp();
    });
  });
}

export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** The page a proxy in front of a vendor shows when the vendor itself is not there. */
export function htmlReply(
  status: number,
  title: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
    body: `<!DOCTYPE html><html lang=en><title>${title}</title><p><b>${status}.</b> ${title}</html>\n`,
  };
}

export function writeReply(res: Outgoing, { status, headers, body }: Reply): void {
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  // a string leaves together with the head in one write
  res.end(body);
}
