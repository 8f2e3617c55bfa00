import { type Aws, startAws } from '../support/aws';
import {
  type BusyContainer,
  type ContainerOptions,
  CountingVendor,
  sleep,
  startContainer,
} from '../support/flow-rig';

// every test is a certificate of its own, and takes as long as leases do: they run side by side

const LIMIT = 50;
const TABLE = 'flow';

let aws: Aws;
const started: BusyContainer[] = [];
let certificates = 0;

beforeAll(async () => {
  aws = await startAws();
});

afterAll(async () => {
  await Promise.all(started.map(({ die }) => die()));
  await aws.close();
});

/** A vendor, and containers that share one certificate for it. */
function aRig(ratePerSecond: number, trip?: CountingVendor['trip']) {
  const vendor = new CountingVendor(trip);
  const certificate = `certificate ${certificates++}`;
  const start = (name: string, options: Partial<ContainerOptions> = {}): BusyContainer => {
    const shared = { table: TABLE, certificate, ratePerSecond, vendor };
    const container = startContainer({ name, ...shared, ...options });
    started.push(container);
    return container;
  };
  return { vendor, start };
}

test.concurrent('a container that starts later gets a share', async () => {
  const { vendor, start } = aRig(LIMIT);
  start('early');
  await sleep(1_000);
  start('late');

  await sleep(2_500);
  const handingOver = performance.now();
  await sleep(2_000);
  const leftToEarly = vendor.countSince(handingOver, 'early');
  await sleep(2_000);
  const since = performance.now();
  await sleep(2_000);

  // half is given away once, however often the other asks until it has it
  expect(leftToEarly).toBeGreaterThan(0.3 * LIMIT);
  expect(vendor.countSince(since, 'late')).toBeGreaterThan(0.25 * LIMIT);
  expect(vendor.countSince(since, 'early')).toBeGreaterThan(0.25 * LIMIT);
  expect(vendor.countSince(since)).toBeGreaterThan(0.75 * LIMIT);
  expect(vendor.mostInASecond).toBeLessThanOrEqual(LIMIT);
});

test.concurrent('clocks a second slow and fast exceed nothing, even where a lease was not renewed', async () => {
  const { vendor, start } = aRig(LIMIT);
  const slow = start('slow', { clockAheadMs: -1_000 });
  await sleep(1_000);
  start('fast', { clockAheadMs: 1_000 });
  start('right');
  // its lease is renewed no more, and used to the end
  slow.cutOff();

  await sleep(6_500);

  expect(vendor.countSince(0, 'slow')).toBeGreaterThan(0.5 * LIMIT);
  expect(vendor.countSince(0) - vendor.countSince(0, 'slow')).toBeGreaterThan(0.25 * LIMIT);
  expect(vendor.mostInASecond).toBeLessThanOrEqual(LIMIT);
});

test.concurrent("a dead container's share comes back after its lease, and not before", async () => {
  const { vendor, start } = aRig(LIMIT);
  const dying = start('dying', { parallel: 200 });
  await sleep(1_000);
  const died = performance.now();
  void dying.die();
  start('heir');

  await sleep(5_000);
  const since = performance.now();
  await sleep(2_000);

  const first = vendor.arrivals.find(({ from }) => from === 'heir');
  expect(vendor.countSince(0, 'dying')).toBeGreaterThan(0.5 * LIMIT);
  // half of its lease was left at least, and the rest after it
  expect((first?.at ?? 0) - died).toBeGreaterThan(1_000 + 1_000);
  expect(vendor.countSince(since)).toBeGreaterThan(0.75 * LIMIT);
  expect(vendor.mostInASecond).toBeLessThanOrEqual(LIMIT);
});

test.concurrent.each([
  ['calls', 1, 'bulk', 'direct'],
  ['groups', 2, 'direct', 'bulk'],
] as const)('%s are not starved under a limit of %i', async (_jobs, limit, first, second) => {
  const { vendor, start } = aRig(limit);
  start('first', { lane: first, parallel: 3 });
  await sleep(400);
  start('second', { lane: second, parallel: 3 });

  // the only credit changes hands, and changes them again
  const handsOf = () => vendor.arrivals.map(({ from }) => from).join(' ');
  for (let tries = 0; tries < 100 && !/second.* first/.test(handsOf()); tries++) await sleep(250);

  expect(handsOf()).toMatch(/^first.* second.* first/);
  expect(vendor.mostInASecond).toBeLessThanOrEqual(limit);
});

test.concurrent('three containers together use most of the limit and never exceed it', async () => {
  const { vendor, start } = aRig(LIMIT);
  for (const name of ['a', 'b', 'c']) start(name);

  await sleep(1_000);
  const since = performance.now();
  await sleep(4_000);

  expect(vendor.countSince(since)).toBeGreaterThan(0.2 * 4 * LIMIT);
  expect(vendor.mostInASecond).toBeLessThanOrEqual(LIMIT);
});

test.concurrent('a credit stays taken until the answer, however slow it is', async () => {
  let turn = 0;
  // half of the requests reach the vendor only just before their answer
  const { vendor, start } = aRig(LIMIT, () => ({
    thereMs: turn++ % 2 === 0 ? 5 : 300 + 1_200 * Math.random(),
    backMs: 5,
  }));
  start('alone', { parallel: 100 });

  await sleep(5_000);

  expect(vendor.mostInFlight).toBeGreaterThan(10);
  expect(vendor.mostInFlight).toBeLessThanOrEqual(LIMIT);
  expect(vendor.mostInASecond).toBeLessThanOrEqual(LIMIT);
});

test.concurrent('a lease is used to its end though it cannot be renewed, and no longer', async () => {
  const { vendor, start } = aRig(LIMIT);
  const began = performance.now();
  const container = start('alone');
  await sleep(500);
  container.cutOff();

  await sleep(3_500);

  // its renewal was due after half of the lease
  expect(vendor.countSince(began + 1_500)).toBeGreaterThan(0);
  expect(vendor.countSince(began + 3_000)).toBe(0);
});

test.concurrent('a container whose monotonic clock stood still looks its lease up before it sends', async () => {
  const { vendor, start } = aRig(LIMIT);
  const container = start('thawed');
  await sleep(700);
  container.cutOff();
  // frozen for a minute: only the wall clock tells
  container.leap(60_000);
  const since = performance.now();
  await sleep(600);

  expect(vendor.countSince(0)).toBeGreaterThan(0);
  // one request of each worker may have been on its way
  expect(vendor.countSince(since + 100)).toBe(0);
});

test.concurrent('calls find credits at once while groups use all of theirs', async () => {
  const { vendor, start } = aRig(LIMIT);
  start('groups', { lane: 'bulk' });
  await sleep(1_000);
  const since = performance.now();
  start('calls', { lane: 'direct', parallel: 1 });
  await sleep(600);

  expect(vendor.countSince(since, 'calls')).toBeGreaterThan(0);
  expect(vendor.countSince(0, 'groups')).toBeGreaterThan(0.1 * LIMIT);
});
