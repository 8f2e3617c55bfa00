import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Certificate } from '../../../lib/model/certificate';
import { createSenderWithin } from '../../../lib/vendors/apns/sender';
import type { SenderPorts } from '../../../lib/vendors/vendor';
import { aGate, aSendRequest, somePorts } from '../support';
import { anApnsCertificate, type Http2VendorServer, startHttp2VendorServer } from './support';

let server: Http2VendorServer;
let certificates = 0;

beforeEach(async () => {
  server = await startHttp2VendorServer();
});

afterEach(() => server.close());

/** A certificate nobody has a connection for yet. */
function aFreshCertificate(change: Partial<Certificate> = {}): Certificate {
  certificates += 1;
  return anApnsCertificate({ name: `fresh ${certificates}`, endpoint: server.url, ...change });
}

const sender = (
  certificate = aFreshCertificate(),
  ports: SenderPorts = somePorts(),
  deadlineMs = 3_000,
) => createSenderWithin(deadlineMs, certificate, ports);
const tokens = (count: number): [string, ...string[]] => [
  't0',
  ...Array.from({ length: count - 1 }, (_, n) => `t${n + 1}`),
];
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const ACCEPTED = { kind: 'accepted' };

describe('one connection', () => {
  test('is kept from one send to the next', async () => {
    const { send } = sender();

    await send(aSendRequest({ tokens: tokens(5) }));
    await send(aSendRequest({ tokens: tokens(5) }));

    expect(server.requests).toHaveLength(10);
    expect(server.sessions).toHaveLength(1);
  });

  test('carries 100 requests at a time, however many calls there are', async () => {
    server.close();
    server = await startHttp2VendorServer({ latencyMs: 20 });
    const certificate = aFreshCertificate();
    const [one, other] = [sender(certificate), sender(certificate)];

    const sent = await Promise.all(
      [one, other, one].map(({ send }) => send(aSendRequest({ tokens: tokens(100) }))),
    );

    expect(sent.flat()).toMatchObject(Array(300).fill(ACCEPTED));
    expect(server.sessions).toHaveLength(1);
    expect(server.mostStreams).toBe(100);
  });

  test('carries no more than it may: one request until a good provider token was seen', async () => {
    server.close();
    server = await startHttp2VendorServer({ latencyMs: 20, maxStreams: 1 });
    const streams: number[] = [];
    server.answer = () => {
      streams.push(server.mostStreams);
      if (streams.length === 1) server.sessions[0]?.settings({ maxConcurrentStreams: 50 });
      return { status: 200 };
    };
    const gate = aGate();

    const outcomes = await sender(aFreshCertificate(), somePorts(gate)).send(
      aSendRequest({ tokens: tokens(100) }),
    );

    expect(outcomes).toMatchObject(Array(100).fill(ACCEPTED));
    expect([streams[0], server.mostStreams]).toEqual([1, 50]);
    // no stream was refused and sent again
    expect(gate).toMatchObject({ entered: 100, left: 100 });
  });

  test('makes way for another when the certificate changes', async () => {
    const certificate = aFreshCertificate();
    await sender(certificate).send(aSendRequest());
    const closed = new Promise((resolve) => server.sessions[0]?.once('close', resolve));

    await sender({
      ...certificate,
      credentials: { ...certificate.credentials, teamId: 'OTHERTEAM1' },
    }).send(aSendRequest());

    await closed;
    expect(server.sessions).toHaveLength(2);
  });
});

describe('a connection that was closed meanwhile', () => {
  test('is opened again', async () => {
    const { send } = sender();
    await send(aSendRequest());
    server.sessions[0]?.destroy();
    await sleep(20);

    expect(await send(aSendRequest())).toMatchObject([ACCEPTED]);
    expect(server.sessions).toHaveLength(2);
  });

  test('by GOAWAY too, while its last requests still get their answers', async () => {
    const gate = aGate();
    let seen = 0;
    server.answer = () => {
      seen += 1;
      if (seen === 2) server.sessions[0]?.goaway(0);
      return { status: 200 };
    };
    const { send } = sender(aFreshCertificate(), somePorts(gate));

    expect(await send(aSendRequest({ tokens: tokens(3) }))).toMatchObject(Array(3).fill(ACCEPTED));
    await sleep(20);
    expect(await send(aSendRequest())).toMatchObject([ACCEPTED]);

    expect(server.sessions).toHaveLength(2);
    expect(server.requests).toHaveLength(4);
    expect(gate).toMatchObject({ entered: 4, left: 4 });
  });
});

describe('requests GOAWAY left unprocessed', () => {
  test.each([
    ['a clean end', 0],
    ['an error', 2],
  ])(
    'are sent again on a new connection after %s, each with a pass of its own',
    async (_how, code) => {
      const gate = aGate();
      server.answer = () => {
        if (server.sessions.length === 1) {
          // nothing after the first two streams was looked at
          if (server.requests.length === 4) server.sessions[0]?.goaway(code, 3);
          return 'silence';
        }
        return { status: 200 };
      };
      const { send } = sender(aFreshCertificate(), somePorts(gate), 400);

      const outcomes = await send(aSendRequest({ tokens: tokens(4) }));

      expect(outcomes.map(({ kind }) => kind)).toEqual([
        'unavailable',
        'unavailable',
        'accepted',
        'accepted',
      ]);
      expect(server.sessions).toHaveLength(2);
      expect(gate).toMatchObject({ entered: 6, left: 6 });
    },
  );

  test('and refused streams, but not for ever', async () => {
    const refusing = await startRefusingServer();
    const gate = aGate();

    const outcomes = await sender(
      aFreshCertificate({ endpoint: refusing.url }),
      somePorts(gate),
    ).send(aSendRequest({ tokens: tokens(2) }));
    refusing.close();

    expect(outcomes).toMatchObject(
      Array(2).fill({ kind: 'unavailable', reason: { code: 'network' } }),
    );
    expect(gate).toMatchObject({ entered: 8, left: 8 });
  });
});

describe.each([
  ['IdleTimeout', 400],
  ['Shutdown', 503],
])('%s', (reason, status) => {
  const refusal = { status, body: JSON.stringify({ reason }) };

  test('is answered by a new connection and a repeat', async () => {
    server.answer = () => (server.sessions.length === 1 ? refusal : { status: 200 });

    const outcomes = await sender().send(aSendRequest({ tokens: tokens(20) }));

    expect(outcomes).toMatchObject(Array(20).fill(ACCEPTED));
    expect(server.sessions).toHaveLength(2);
    expect(server.requests).toHaveLength(40);
  });

  test('again is the end of it, for Apple takes rapid reconnecting for an attack', async () => {
    server.answer = () => refusal;

    const outcomes = await sender().send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'unavailable', reason: { code: reason } }]);
    expect(server.requests).toHaveLength(2);
  });
});

describe('after a pause', () => {
  /** Ports whose clock the test sets. */
  function portsAt(clock: { at: number }): SenderPorts {
    return { ...somePorts(), clock: { now: () => clock.at } };
  }

  test('the connection is pinged before it is used again', async () => {
    const clock = { at: Date.now() };
    const { send } = sender(aFreshCertificate(), portsAt(clock));
    await send(aSendRequest());
    let pings = 0;
    server.sessions[0]?.on('ping', () => {
      pings += 1;
    });

    clock.at += 9_999;
    await send(aSendRequest());
    expect(pings).toBe(0);
    clock.at += 10_000;
    await send(aSendRequest({ tokens: tokens(20) }));

    expect(pings).toBe(1);
    expect(server.sessions).toHaveLength(1);
  });

  test('one that does not answer is given up for a new one', async () => {
    const wire = await startWire(Number(new URL(server.url).port));
    const clock = { at: Date.now() };
    const { send } = sender(aFreshCertificate({ endpoint: wire.url }), portsAt(clock), 5_000);
    await send(aSendRequest());
    wire.cut();

    clock.at += 60_000;
    const began = performance.now();
    const outcomes = await send(aSendRequest({ tokens: tokens(3) }));
    wire.close();

    expect(outcomes).toMatchObject(Array(3).fill(ACCEPTED));
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(server.sessions).toHaveLength(2);
  });

  test('and so after a request that got no answer', async () => {
    const wire = await startWire(Number(new URL(server.url).port));
    const ports = somePorts();
    const certificate = aFreshCertificate({ endpoint: wire.url });
    await sender(certificate, ports).send(aSendRequest());
    wire.cut();

    const lost = await sender(certificate, ports, 200).send(aSendRequest());
    const next = await sender(certificate, ports, 5_000).send(aSendRequest());
    wire.close();

    expect(lost).toMatchObject([{ kind: 'unavailable', reason: { code: 'timeout' } }]);
    expect(next).toMatchObject([ACCEPTED]);
  });
});

describe('without a connection', () => {
  test('every token hears why', async () => {
    const gate = aGate();

    const outcomes = await sender(
      aFreshCertificate({ endpoint: 'http://127.0.0.1:1' }),
      somePorts(gate),
    ).send(aSendRequest({ tokens: tokens(250) }));

    expect(outcomes).toMatchObject(
      Array(250).fill({
        kind: 'unavailable',
        reason: { code: 'network', text: 'not sent: ECONNREFUSED' },
      }),
    );
    expect(gate.entered).toBe(0);
  });

  test('nobody tries again for a second, and then somebody does', async () => {
    const port = Number(new URL(server.url).port);
    server.close();
    const certificate = aFreshCertificate();
    const { send } = sender(certificate);
    expect(await send(aSendRequest())).toMatchObject([{ kind: 'unavailable' }]);

    let tries = 0;
    const late = createServer((socket) => {
      tries += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => late.listen(port, '127.0.0.1', done));
    await send(aSendRequest());
    expect(tries).toBe(0);
    await sleep(1_010);
    await send(aSendRequest());
    late.close();

    expect(tries).toBeGreaterThan(0);
  });

  test('a server of another protocol is an outcome', async () => {
    const http1 = createHttpServer((_request, response) => response.end());
    const { url } = await listen(http1);

    const outcomes = await sender(aFreshCertificate({ endpoint: url })).send(aSendRequest());
    http1.closeAllConnections();
    http1.close();

    expect(outcomes).toMatchObject([{ kind: 'unavailable' }]);
  });

  test('a TLS address is greeted by its own name, and with HTTP/2', async () => {
    const hellos: string[] = [];
    const { url, server: listener } = await listen(
      createServer((socket) => {
        socket.once('data', (hello) => {
          hellos.push(hello.toString('latin1'));
          socket.destroy();
        });
        socket.on('error', () => undefined);
      }),
    );
    const endpoint = url.replace('http://127.0.0.1', 'https://localhost');

    const outcomes = await sender(aFreshCertificate({ endpoint })).send(aSendRequest());
    listener.close();

    expect(outcomes).toMatchObject([{ kind: 'unavailable' }]);
    expect(hellos[0]?.charCodeAt(0)).toBe(0x16);
    expect(hellos[0]).toContain('localhost');
    expect(hellos[0]).toContain('\u0002h2');
  });
});

test('silence ends at the deadline, and gives its pass back', async () => {
  server.answer = () => 'silence';
  const gate = aGate();
  const began = performance.now();

  const outcomes = await sender(aFreshCertificate(), somePorts(gate), 200).send(
    aSendRequest({ tokens: tokens(3) }),
  );

  expect(outcomes).toMatchObject(
    Array(3).fill({ kind: 'unavailable', reason: { code: 'timeout', text: 'no answer: timeout' } }),
  );
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(gate).toMatchObject({ entered: 3, left: 3 });
});

test('one silent request does not keep its neighbours', async () => {
  server.answer = ({ path }) => (path.endsWith('t1') ? 'silence' : { status: 200 });

  const outcomes = await sender(aFreshCertificate(), somePorts(), 200).send(
    aSendRequest({ tokens: tokens(3) }),
  );

  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'unavailable', 'accepted']);
});

async function listen<Listener extends Server>(listener: Listener) {
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, server: listener };
}

/** A wire to a server that can be cut so that neither end notices. */
async function startWire(port: number) {
  const ends: Socket[] = [];
  const { url, server: listener } = await listen(
    createServer((near) => {
      const far = connect(port, '127.0.0.1');
      near.pipe(far).pipe(near);
      for (const end of [near, far]) end.on('error', () => undefined);
      ends.push(near, far);
    }),
  );
  return {
    url,
    cut() {
      for (const end of ends) {
        end.unpipe();
        end.pause();
      }
    },
    close() {
      for (const end of ends) end.destroy();
      listener.close();
    },
  };
}

/** A server that refuses every stream without a look (REFUSED_STREAM). */
async function startRefusingServer() {
  const { createServer: createHttp2Server } = await import('node:http2');
  const refusing = createHttp2Server();
  refusing.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.close(7);
  });
  const { url } = await listen(refusing);
  return { url, close: () => refusing.close() };
}
