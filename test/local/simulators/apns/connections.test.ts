import { setTimeout as sleep } from 'node:timers/promises';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { ApnsClient, DEVICE } from './calls';

let simulators: Simulators;
let apns: ApnsClient;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.apns.reset();
  simulators.phones.clear();
  apns = new ApnsClient(simulators);
});
afterEach(() => apns.close());

function connectAgain(): ApnsClient {
  const again = new ApnsClient(simulators);
  again.token = apns.token;
  return again;
}

/** Waits until so many requests have arrived. */
async function arrived(requests: number): Promise<void> {
  while (simulators.apns.counters().requests < requests) await sleep(5);
}

test('APNs has an address of its own', () => {
  expect(simulators.endpoint('apns')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(simulators.endpoint('apns')).not.toContain(`:${simulators.port}`);
  expect(simulators.authEndpoint('apns')).toBeUndefined();
});

test('GOAWAY lets what is under way be answered and takes nothing new', async () => {
  await apns.push();
  simulators.apns.control({ latencyMs: 200 });
  const underWay = apns.push();
  await arrived(2);
  simulators.apns.control({ goAway: true, latencyMs: 0 });
  const late = apns.push().then(
    () => 'answered',
    () => 'broken',
  );
  expect((await underWay).status).toBe(200);
  expect(await late).toBe('broken');
  expect(apns.goAways).toEqual(['{"reason":"Shutdown"}']);

  const again = connectAgain();
  expect((await again.push()).status).toBe(200);
  await again.close();
  expect(simulators.apns.counters()).toMatchObject({ requests: 3, connections: 2, goAways: 1 });
});

test('an idle connection is closed by GOAWAY', async () => {
  await apns.push();
  const closed = new Promise((resolve) => apns.session.once('close', resolve));
  simulators.apns.control({ goAway: true });
  await closed;
  expect(apns.session.destroyed).toBe(true);
});

test('refused streams were not looked at', async () => {
  await apns.push();
  simulators.apns.control({ refuseStreams: 2 });
  for (let count = 0; count < 2; count++) {
    await expect(apns.push()).rejects.toMatchObject({
      code: 'ERR_HTTP2_STREAM_ERROR',
      message: expect.stringContaining('NGHTTP2_REFUSED_STREAM'),
    });
  }
  expect((await apns.push()).status).toBe(200);
  expect(simulators.apns.counters()).toMatchObject({ requests: 2, refusedStreams: 2 });
});

test('an answer that is dropped takes the connection with it, but the message was sent', async () => {
  await apns.push();
  simulators.apns.control({ dropAfterAccept: 1 });
  await expect(apns.push()).rejects.toThrow();
  expect(simulators.phones.look(DEVICE).arrivals).toHaveLength(2);
  expect(simulators.apns.counters()).toMatchObject({ accepted: 2, dropped: 1 });
  const again = connectAgain();
  expect((await again.push()).status).toBe(200);
  await again.close();
});

test('a connection has one stream until its first good provider token, then many', async () => {
  simulators.apns.control({ latencyMs: 100 });
  const fresh = connectAgain();
  const burst = () => Promise.allSettled(Array.from({ length: 5 }, () => fresh.push()));
  const cold = await burst();
  expect(cold.map(({ status }) => status).sort()).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'rejected',
    'rejected',
  ]);
  const warm = await burst();
  expect(warm.every(({ status }) => status === 'fulfilled')).toBe(true);
  await fresh.close();
});

test('a refused provider token opens no more streams', async () => {
  await apns.push({ authorization: 'bearer a.b.c' });
  expect(apns.session.remoteSettings.maxConcurrentStreams).toBe(1);
  await apns.push();
  expect(apns.session.remoteSettings.maxConcurrentStreams).toBe(100);
});

test('the streams before the first token can be set', async () => {
  simulators.apns.control({ streamsBeforeToken: 5 });
  const wide = connectAgain();
  const answers = await Promise.all(Array.from({ length: 5 }, () => wide.push()));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  await wide.close();
});

test('a request that is broken off counts as nothing', async () => {
  await apns.push();
  const stream = apns.session.request({
    ':method': 'POST',
    ':path': `/3/device/${DEVICE}`,
    authorization: `bearer ${apns.token}`,
  });
  stream.on('error', () => undefined);
  stream.write('{"aps":');
  await arrived(2);
  apns.session.destroy();
  await sleep(50);
  expect(simulators.apns.counters()).toMatchObject({ accepted: 1, refused: 0 });
});

test('the simulators close with connections open', async () => {
  const own = await startSimulators();
  const client = new ApnsClient(own);
  await client.push();
  await own.close();
  expect(client.session.destroyed || client.session.closed).toBe(true);
});
