import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { aGate, aSendRequest, somePorts } from '../support';
import { listen, someTokens } from './support';
import { useApns } from './use-apns';

const apns = useApns();
const { aFreshCertificate, sender } = apns;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const ACCEPTED = { kind: 'accepted' };

describe('one connection', () => {
  test('is kept from one send to the next', async () => {
    const { send } = sender();

    await send(aSendRequest({ tokens: someTokens(5) }));
    await send(aSendRequest({ tokens: someTokens(5) }));

    expect(apns.server.requests).toHaveLength(10);
    expect(apns.server.sessions).toHaveLength(1);
  });

  test('carries 100 requests at a time, however many calls there are', async () => {
    await apns.restart({ latencyMs: 20 });
    const certificate = aFreshCertificate();
    const [one, other] = [sender(certificate), sender(certificate)];

    const sent = await Promise.all(
      [one, other, one].map(({ send }) => send(aSendRequest({ tokens: someTokens(100) }))),
    );

    expect(sent.flat()).toMatchObject(Array(300).fill(ACCEPTED));
    expect(apns.server.sessions).toHaveLength(1);
    expect(apns.server.mostStreams).toBe(100);
  });

  test('carries no more than it may: one request until a good provider token was seen', async () => {
    await apns.restart({ latencyMs: 20, maxStreams: 1 });
    const streams: number[] = [];
    apns.server.answer = () => {
      streams.push(apns.server.mostStreams);
      if (streams.length === 1) apns.server.sessions[0]?.settings({ maxConcurrentStreams: 50 });
      return { status: 200 };
    };
    const gate = aGate();

    const outcomes = await sender(aFreshCertificate(), somePorts(gate)).send(
      aSendRequest({ tokens: someTokens(100) }),
    );

    expect(outcomes).toMatchObject(Array(100).fill(ACCEPTED));
    expect([streams[0], apns.server.mostStreams]).toEqual([1, 50]);
    // no stream was refused and sent again
    expect(gate).toMatchObject({ entered: 100, left: 100 });
  });

  test('makes way for another when the certificate changes', async () => {
    const certificate = aFreshCertificate();
    await sender(certificate).send(aSendRequest());
    const closed = new Promise((resolve) => apns.server.sessions[0]?.once('close', resolve));

    await sender({
      ...certificate,
      credentials: { ...certificate.credentials, teamId: 'OTHERTEAM1' },
    }).send(aSendRequest());

    await closed;
    expect(apns.server.sessions).toHaveLength(2);
  });
});

describe('without a connection', () => {
  test('every token hears why', async () => {
    const gate = aGate();

    const outcomes = await sender(
      aFreshCertificate({ endpoint: 'http://127.0.0.1:1' }),
      somePorts(gate),
    ).send(aSendRequest({ tokens: someTokens(250) }));

    expect(outcomes).toMatchObject(
      Array(250).fill({
        kind: 'unavailable',
        reason: { code: 'network', text: 'not sent: ECONNREFUSED' },
      }),
    );
    expect(gate.entered).toBe(0);
  });

  test('nobody tries again for a second, and then somebody does', async () => {
    const port = Number(new URL(apns.server.url).port);
    apns.server.close();
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
  apns.server.answer = () => 'silence';
  const gate = aGate();
  const began = performance.now();

  const outcomes = await sender(aFreshCertificate(), somePorts(gate), 200).send(
    aSendRequest({ tokens: someTokens(3) }),
  );

  expect(outcomes).toMatchObject(
    Array(3).fill({ kind: 'unavailable', reason: { code: 'timeout', text: 'no answer: timeout' } }),
  );
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(gate).toMatchObject({ entered: 3, left: 3 });
});

test('one silent request does not keep its neighbours', async () => {
  apns.server.answer = ({ path }) => (path.endsWith('t1') ? 'silence' : { status: 200 });

  const outcomes = await sender(aFreshCertificate(), somePorts(), 200).send(
    aSendRequest({ tokens: someTokens(3) }),
  );

  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'unavailable', 'accepted']);
});
