import { connect, createServer, type Socket } from 'node:net';
import type { SenderPorts } from '../../../lib/vendors/vendor';
import { aSendRequest, somePorts } from '../support';
import { listen, someTokens } from './support';
import { useApns } from './use-apns';

const apns = useApns();
const { aFreshCertificate, sender } = apns;
const ACCEPTED = { kind: 'accepted' };

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
    apns.server.sessions[0]?.on('ping', () => {
      pings += 1;
    });

    clock.at += 9_999;
    await send(aSendRequest());
    expect(pings).toBe(0);
    clock.at += 10_000;
    await send(aSendRequest({ tokens: someTokens(20) }));

    expect(pings).toBe(1);
    expect(apns.server.sessions).toHaveLength(1);
  });

  test('one that does not answer is given up for a new one', async () => {
    const wire = await startWire(Number(new URL(apns.server.url).port));
    const clock = { at: Date.now() };
    const { send } = sender(aFreshCertificate({ endpoint: wire.url }), portsAt(clock), 5_000);
    await send(aSendRequest());
    wire.cut();

    clock.at += 60_000;
    const outcomes = await send(aSendRequest({ tokens: someTokens(3) }));
    wire.close();

    expect(outcomes).toMatchObject(Array(3).fill(ACCEPTED));
    expect(apns.server.sessions).toHaveLength(2);
  });

  test('and so after a request that got no answer', async () => {
    const wire = await startWire(Number(new URL(apns.server.url).port));
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
