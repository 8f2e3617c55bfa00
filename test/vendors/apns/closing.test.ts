import { createServer } from 'node:http2';
import { aGate, aSendRequest, somePorts } from '../support';
import { listen, someTokens } from './support';
import { useApns } from './use-apns';

const apns = useApns();
const { aFreshCertificate, sender } = apns;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const ACCEPTED = { kind: 'accepted' };

describe('a connection that was closed meanwhile', () => {
  test('is opened again', async () => {
    const { send } = sender();
    await send(aSendRequest());
    apns.server.sessions[0]?.destroy();
    await sleep(20);

    expect(await send(aSendRequest())).toMatchObject([ACCEPTED]);
    expect(apns.server.sessions).toHaveLength(2);
  });

  test('by GOAWAY too, while its last requests still get their answers', async () => {
    const gate = aGate();
    let seen = 0;
    apns.server.answer = () => {
      seen += 1;
      if (seen === 2) apns.server.sessions[0]?.goaway(0);
      return { status: 200 };
    };
    const { send } = sender(aFreshCertificate(), somePorts(gate));

    expect(await send(aSendRequest({ tokens: someTokens(3) }))).toMatchObject(
      Array(3).fill(ACCEPTED),
    );
    await sleep(20);
    expect(await send(aSendRequest())).toMatchObject([ACCEPTED]);

    expect(apns.server.sessions).toHaveLength(2);
    expect(apns.server.requests).toHaveLength(4);
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
      apns.server.answer = () => {
        if (apns.server.sessions.length === 1) {
          // nothing after the first two streams was looked at
          if (apns.server.requests.length === 4) apns.server.sessions[0]?.goaway(code, 3);
          return 'silence';
        }
        return { status: 200 };
      };
      const { send } = sender(aFreshCertificate(), somePorts(gate), 400);

      const outcomes = await send(aSendRequest({ tokens: someTokens(4) }));

      expect(outcomes.map(({ kind }) => kind)).toEqual([
        'unavailable',
        'unavailable',
        'accepted',
        'accepted',
      ]);
      expect(apns.server.sessions).toHaveLength(2);
      expect(gate).toMatchObject({ entered: 6, left: 6 });
    },
  );

  test('and refused streams, but not for ever', async () => {
    const refusing = await startRefusingServer();
    const gate = aGate();

    const outcomes = await sender(
      aFreshCertificate({ endpoint: refusing.url }),
      somePorts(gate),
    ).send(aSendRequest({ tokens: someTokens(2) }));
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
    apns.server.answer = () => (apns.server.sessions.length === 1 ? refusal : { status: 200 });

    const outcomes = await sender().send(aSendRequest({ tokens: someTokens(20) }));

    expect(outcomes).toMatchObject(Array(20).fill(ACCEPTED));
    expect(apns.server.sessions).toHaveLength(2);
    expect(apns.server.requests).toHaveLength(40);
  });

  test('again is the end of it, for Apple takes rapid reconnecting for an attack', async () => {
    apns.server.answer = () => refusal;

    const outcomes = await sender().send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'unavailable', reason: { code: reason } }]);
    expect(apns.server.requests).toHaveLength(2);
  });
});

/** A server that refuses every stream without a look (REFUSED_STREAM). */
async function startRefusingServer() {
  const refusing = createServer();
  refusing.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.close(7);
  });
  const { url } = await listen(refusing);
  return { url, close: () => refusing.close() };
}
