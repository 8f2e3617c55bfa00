import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FromVendor, ToVendor, VendorSettings } from '../limiter/rig-messages';
import { createVendorLimit } from '../limiter/vendor-limit';

/** A vendor behind a network, in a process of its own: it counts what arrives, and refuses what is too much. */
const { counting, perSecond, network }: VendorSettings = JSON.parse(process.argv[2] ?? '');
const [leastMs, mostMs] = network.roundTripMs;

const limit = createVendorLimit(counting, perSecond);
let accepted = 0;
let refused = 0;
let countedFrom = performance.now();

const oneWayMs = () => (leastMs + (mostMs - leastMs) * Math.random()) / 2;
const tell = (message: FromVendor) => process.send?.(message);

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.once('end', () => {
    const isLost = Math.random() < network.lostShare;
    const isLostOnTheWay = isLost && Math.random() < 0.5;
    setTimeout(() => {
      if (isLostOnTheWay) return setTimeout(lose, oneWayMs(), response);
      const status = count() ? 200 : 429;
      return setTimeout(isLost ? lose : answer, oneWayMs(), response, status);
    }, oneWayMs());
  });
});

function count(): boolean {
  const isAdmitted = limit.admit(performance.now());
  if (isAdmitted) accepted += 1;
  else refused += 1;
  return isAdmitted;
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(status === 200 ? '{"code":0}' : '{"code":429}');
}

function lose(response: ServerResponse): void {
  if (network.lostBy === 'reset') response.destroy();
}

process.on('message', (message: ToVendor) => {
  if (message.kind === 'limit') {
    limit.perSecond = message.perSecond;
    return;
  }
  const now = performance.now();
  tell({ kind: 'counts', accepted, refused, elapsedMs: now - countedFrom });
  accepted = 0;
  refused = 0;
  countedFrom = now;
});
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  tell({ kind: 'ready', url: `http://127.0.0.1:${port}/send` });
});
