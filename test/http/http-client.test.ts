import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { createGatedHttpClient } from '../../lib/http/gated-http-client';
import { createHttpClient } from '../../lib/http/http-client';
import type { FlowGate, HttpRequest } from '../../lib/model/vendor-ports';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let answer: Answer = (_request, response) => response.end();
let connections = 0;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
  }
  answer(request, response, body);
});
server.on('connection', () => {
  connections += 1;
});
let base = '';

beforeAll(async () => {
  base = await listen(server);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const client = createHttpClient();
const post = (change: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url: `${base}/v3/message/regid`,
  headers: { 'Content-Type': 'text/plain' },
  body: 'a=包裹',
  timeoutMs: 2_000,
  ...change,
});

async function listen(listener: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): AddressInfo | string | null;
}): Promise<string> {
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const address = listener.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
}

test('the request arrives as given, and the answer comes back with lower-case header names', async () => {
  answer = (request, response, body) => {
    response.setHeader('X-Seen', [`${request.method} ${request.url}`, body.length.toString()]);
    response.statusCode = 418;
    response.end(`${request.headers['content-type']} ${request.headers['content-length']} ${body}`);
  };

  const result = await client.send(post());

  expect(result).toMatchObject({
    kind: 'response',
    status: 418,
    headers: { 'x-seen': 'POST /v3/message/regid, 4' },
    body: 'text/plain 8 a=包裹',
  });
});

test('connections are kept and used again', async () => {
  answer = (_request, response) => response.end('ok');
  const one = createHttpClient();
  await one.send(post());
  const before = connections;

  for (let turn = 0; turn < 5; turn += 1) {
    await one.send(post());
  }

  expect(connections).toBe(before);
});

test('a body over 1 MiB is cut there', async () => {
  answer = (_request, response) => response.end('x'.repeat(2 * 1024 * 1024));

  const result = await client.send(post());

  expect(result.kind === 'response' && result.body.length).toBe(1024 * 1024);
});

test('no connection means not sent', async () => {
  const closed = createServer();
  const url = await listen(closed);
  await new Promise((done) => closed.close(done));

  const result = await client.send(post({ url }));

  expect(result).toEqual({ kind: 'failed', code: 'ECONNREFUSED', sent: false });
});

test('a name nobody knows means not sent', async () => {
  const result = await client.send(post({ url: 'https://vendor.invalid/' }));

  expect(result).toMatchObject({ kind: 'failed', sent: false });
});

test('an address or a header nothing can be sent with is a failure, not an exception', async () => {
  const unsent = { kind: 'failed', code: 'invalid-request', sent: false };

  expect(await client.send(post({ url: 'not an address' }))).toEqual(unsent);
  expect(await client.send(post({ url: 'ftp://127.0.0.1/' }))).toEqual(unsent);
  expect(await client.send(post({ headers: { Authorization: 'key=a\nb' } }))).toEqual(unsent);
});

test('silence ends as a time-out of a request that may have been read', async () => {
  answer = () => undefined;

  const result = await client.send(post({ timeoutMs: 60 }));

  expect(result).toEqual({ kind: 'failed', code: 'timeout', sent: true });
});

test('an answer that never ends is a time-out too', async () => {
  answer = (_request, response) => response.write('{"code":');

  const result = await client.send(post({ timeoutMs: 60 }));

  expect(result).toEqual({ kind: 'failed', code: 'timeout', sent: true });
});

test('a connection that is never made is a time-out of a request that was not sent', async () => {
  // TLS never gets an answer from a server that does not speak it
  const mute = createTcpServer((socket) => socket.on('error', () => socket.destroy()));
  const url = (await listen(mute)).replace('http:', 'https:');

  const result = await client.send(post({ url, timeoutMs: 60 }));

  expect(result).toEqual({ kind: 'failed', code: 'timeout', sent: false });
  mute.close();
});

test('a reset before or within the answer is a failure of a request that may have been read', async () => {
  answer = (request) => request.socket.destroy();
  const before = await client.send(post());
  answer = (request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"code":0', () => request.socket.destroy());
  };
  const within = await client.send(post());

  expect(before).toMatchObject({ kind: 'failed', sent: true });
  expect(within).toMatchObject({ kind: 'failed', sent: true });
});

test('what does not speak HTTP is a failure', async () => {
  const rude = createTcpServer((socket) => socket.end('SSH-2.0-rude\r\n'));
  const url = await listen(rude);

  const result = await client.send(post({ url }));

  expect(result).toMatchObject({ kind: 'failed', sent: true });
  rude.close();
});

describe('the gate', () => {
  function gateWith(passes: number): FlowGate & { readonly entered: number[]; left: number } {
    const entered: number[] = [];
    const gate = {
      entered,
      left: 0,
      awaitRoom: () => Promise.resolve({ kind: 'ready' } as const),
      refuse: () => undefined,
      rest: () => Promise.resolve(),
      enter(weight: number) {
        entered.push(weight);
        const pass = {
          leave() {
            gate.left += 1;
          },
        };
        return Promise.resolve(entered.length > passes ? undefined : pass);
      },
    };
    return gate;
  }

  test('nothing is sent without a pass', async () => {
    let served = 0;
    answer = (_request, response) => {
      served += 1;
      response.end();
    };
    const gate = gateWith(2);
    const gated = createGatedHttpClient(client, gate, 1_000);

    const results = [
      await gated.send(post()),
      await gated.send(post({ weight: 7 })),
      await gated.send(post()),
    ];

    expect(results.map((result) => result.kind)).toEqual(['response', 'response', 'held']);
    expect(served).toBe(2);
    expect(gate.entered).toEqual([1, 7, 1]);
    expect(gate.left).toBe(2);
  });

  test('a limiter out of order lets nothing through, and is no exception', async () => {
    let served = 0;
    answer = (_request, response) => {
      served += 1;
      response.end();
    };
    const broken = { ...gateWith(1), enter: () => Promise.reject(new Error('no such table')) };

    const result = await createGatedHttpClient(client, broken, 1_000).send(post());

    expect(result).toEqual({ kind: 'held' });
    expect(served).toBe(0);
  });

  test('a pass is given back when a request fails', async () => {
    answer = (request) => request.socket.destroy();
    const gate = gateWith(1);

    await createGatedHttpClient(client, gate, 1_000).send(post());

    expect(gate.left).toBe(1);
  });

  test('a request that does not count needs no pass', async () => {
    answer = (_request, response) => response.end();
    const gate = gateWith(0);

    const result = await createGatedHttpClient(client, gate, 1_000).send(post({ weight: 0 }));

    expect(result.kind).toBe('response');
    expect(gate.entered).toEqual([]);
  });
});
