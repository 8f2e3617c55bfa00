import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { SECOND_MS } from '../model/time';
import type { HttpClient, HttpRequest, HttpResult } from '../model/vendor-ports';

/** More of an answer is never read: vendors answer with a few hundred bytes. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * Connections to one host. Above what a sender keeps in flight (a vendor 200 ms away at 1,000 a second
 * needs 200), so that a request that has its pass never waits for a socket.
 */
const CONNECTIONS_PER_HOST = 256;

/** A connection idle for longer is closed, rather than found dead when a frozen function wakes up. */
const IDLE_MS = 20 * SECOND_MS;

/**
 * Makes the HTTP/1.1 client of one container, with keep-alive connections of its own.
 * Built on `node:http`: as fast as undici here, and nothing to bundle (undici adds 460 KB).
 * How a request ends is a value, `failed` included: `send` never rejects. Redirects are answers, not followed.
 * `lookup` finds the addresses of hosts; the system's own if absent.
 */
export function createHttpClient(own: { readonly lookup?: LookupFunction } = {}): HttpClient {
  const options = { keepAlive: true, maxSockets: CONNECTIONS_PER_HOST, timeout: IDLE_MS, ...own };
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  return {
    send: (request) => new Promise((resolve) => exchange(request, agents, resolve)),
  };
}

function exchange(
  request: HttpRequest,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
  resolve: (result: HttpResult) => void,
): void {
  let outgoing: ClientRequest;
  try {
    outgoing = open(request, agents);
  } catch {
    // an address or a header value no request can be made of
    resolve({ kind: 'failed', code: 'invalid-request', sent: false });
    return;
  }
  let connected = false;
  const end = (result: HttpResult) => {
    clearTimeout(timer);
    resolve(result);
  };
  const fail = (code: string) => end({ kind: 'failed', code, sent: connected });
  const timer = setTimeout(() => {
    fail('timeout');
    outgoing.destroy();
  }, request.timeoutMs);
  outgoing.on('socket', (socket) => {
    if (socket.connecting) {
      const secured = outgoing.protocol === 'https:' ? 'secureConnect' : 'connect';
      socket.once(secured, () => {
        connected = true;
      });
    } else {
      connected = true;
    }
  });
  outgoing.on('error', (error) => fail(codeOf(error)));
  outgoing.on('response', (response) => read(response, end, (error) => fail(codeOf(error))));
  outgoing.end(request.body);
}

function open(
  request: HttpRequest,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
): ClientRequest {
  const url = new URL(request.url);
  const length =
    request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) };
  const options = { method: request.method, headers: { ...request.headers, ...length } };
  return url.protocol === 'http:'
    ? requestHttp(url, { ...options, agent: agents.http })
    : requestHttps(url, { ...options, agent: agents.https });
}

function read(
  response: IncomingMessage,
  end: (result: HttpResult) => void,
  fail: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const finish = () =>
    end({
      kind: 'response',
      status: response.statusCode ?? 0,
      headers: flatten(response.headers),
      body: Buffer.concat(chunks).subarray(0, BODY_LIMIT_BYTES).toString(),
    });
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= BODY_LIMIT_BYTES) {
      finish();
      response.destroy();
    }
  });
  response.on('end', finish);
  response.on('error', fail);
}

function flatten(headers: IncomingMessage['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** Node's code alone: its messages may hold the address, which is not for everyone's eyes. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'network';
}
