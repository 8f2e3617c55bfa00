import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A call as it came, before it went on. */
export interface RelayedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stands in front of an HTTP server: takes down what is said to it, and may answer in its place. */
export interface Relay {
  readonly url: string;
  readonly calls: RelayedCall[];
  /** Base address calls go on to. */
  target: string;
  /** Answers in the target's place; undefined lets a call go on. */
  answer: (call: RelayedCall) => { readonly status: number; readonly body: string } | undefined;
  close(): Promise<void>;
}

/** Headers of one connection, which the next one has its own of. */
const OF_CONNECTION = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'];

export async function startRelay(target = ''): Promise<Relay> {
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const body = await buffer(request);
    const call = { method, path, headers, body: body.toString() };
    relay.calls.push(call);
    const own = relay.answer(call);
    const answer =
      own === undefined
        ? await passOn(`${relay.target}${path}`, method, headers, body)
        : { ...own, type: 'application/json' };
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  const relay: Relay = {
    url: `http://127.0.0.1:${address.port}`,
    calls: [],
    target,
    answer: () => undefined,
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
  return relay;
}

async function passOn(url: string, method: string, headers: IncomingHttpHeaders, body: Buffer) {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || OF_CONNECTION.includes(name) ? [] : [[name, String(value)]],
  );
  const answer = await fetch(url, {
    method,
    headers: Object.fromEntries(kept),
    ...(body.length === 0 ? {} : { body }),
  });
  const type = answer.headers.get('content-type') ?? 'text/plain';
  return { status: answer.status, type, body: await answer.text() };
}
