import { generateKeyPairSync } from 'node:crypto';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Server } from 'node:net';
import type { Certificate } from '../../../lib/model/certificate';
import type { Answer, Captured, VendorServer } from '../support';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const APNS_PUBLIC_KEY = publicKey;

export const APNS_CREDENTIALS = {
  teamId: 'DEF123GHIJ',
  keyId: 'ABC123DEFG',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  topic: 'com.example.demo',
};

export const DEVICE_TOKEN = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0';

export function anApnsCertificate(change: Partial<Certificate> = {}): Certificate {
  return {
    name: 'apns cert',
    appKey: 'app',
    vendor: 'apns',
    credentials: APNS_CREDENTIALS,
    receiptId: 'a'.repeat(22),
    ...change,
  };
}

/** A vendor's server that speaks HTTP/2 in cleartext. */
export interface Http2VendorServer extends VendorServer {
  /** Every session there was, the newest last. */
  readonly sessions: readonly ServerHttp2Session[];
  /** The most streams that were open at a time. */
  mostStreams: number;
}

/** Answers as `startVendorServer` does, over HTTP/2. `latencyMs` passes before an answer; a session starts with `maxStreams`. */
export async function startHttp2VendorServer({
  latencyMs = 0,
  maxStreams = 1_000,
} = {}): Promise<Http2VendorServer> {
  const sessions: ServerHttp2Session[] = [];
  let open = 0;
  const server = createServer({ settings: { maxConcurrentStreams: maxStreams } });
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => undefined);
  });
  server.on('stream', async (stream, headers, _flags, rawHeaders) => {
    stream.on('error', () => undefined);
    open += 1;
    vendor.mostStreams = Math.max(vendor.mostStreams, open);
    stream.once('close', () => {
      open -= 1;
    });
    const body = await bodyOf(stream);
    // the connection was broken under it
    if (body === undefined) return;
    const { ':method': method = '', ':path': path = '' } = headers;
    const captured: Captured = { method, path, headers, rawHeaders, body };
    vendor.requests.push(captured);
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const answer = vendor.answer(captured);
    if (answer === undefined) stream.session?.destroy();
    else if (answer !== 'silence') write(stream, answer);
  });
  const { url } = await listen(server);
  const vendor: Http2VendorServer = {
    url,
    requests: [],
    sessions,
    mostStreams: 0,
    answer: () => ({ status: 200 }),
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
  return vendor;
}

async function bodyOf(stream: ServerHttp2Stream): Promise<string | undefined> {
  try {
    return Buffer.concat(await stream.toArray()).toString();
  } catch {
    return undefined;
  }
}

/** Writes any status HTTP/2 knows; one below 200 ends nothing and is followed by no answer. */
function write(stream: ServerHttp2Stream, { status, headers = {}, body = '' }: Answer): void {
  if (stream.destroyed) return;
  if (status < 200) {
    if (status !== 101) stream.additionalHeaders({ ':status': status });
    stream.close();
    return;
  }
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const all = { ':status': status, 'content-type': 'application/json', ...Object.fromEntries(own) };
  if (status === 204 || status === 205 || status === 304) {
    stream.respond(all, { endStream: true });
    return;
  }
  stream.respond(all);
  stream.end(body);
}

/** Makes any server listen on a free port of this machine. */
export async function listen<Listener extends Server>(listener: Listener) {
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, port, server: listener };
}

export function someTokens(count: number): [string, ...string[]] {
  return ['t0', ...Array.from({ length: count - 1 }, (_, n) => `t${n + 1}`)];
}
