import { createLaneLeases, GUARD_MS, type LaneLeases, LEASE_MS } from '../../lib/aws/lane-leases';
import type { Lane } from '../../lib/model/push-job';
import { type Aws, after, holdClock, refuseWith, startAws } from '../support/aws';
import { NOW } from '../support/builders';

let aws: Aws;
let clock: ReturnType<typeof holdClock>;
let last = 0;

beforeAll(async () => {
  aws = await startAws();
});

beforeEach(() => {
  last += 1;
  clock = holdClock();
});

afterEach(() => clock.release());

afterAll(() => aws.close());

/** One gate's leases on the three lanes of this test's certificate. */
function leasesOf(container: string, lane: Lane = 'direct', rate = 15): LaneLeases {
  const flow = {
    pk: `flow/app/${last}`,
    container,
    gate: `${rate}/${lane}`,
    laneCount: 3,
  } as const;
  return createLaneLeases(aws.dynamoDb, 'flow', flow);
}

/** Looks before it leases, as every gate does. */
async function take(leases: LaneLeases, lanes: readonly number[], now = NOW): Promise<boolean> {
  await leases.read(now);
  return leases.lease(lanes, now);
}

test('lanes nobody has leased are free, leased ones are held by one', async () => {
  const [one, other] = [leasesOf('one'), leasesOf('other')];

  expect(await one.read(NOW)).toEqual({ held: [], free: [0, 1, 2] });
  expect(await take(one, [0, 2])).toBe(true);
  expect(await one.read(NOW)).toEqual({ held: [0, 2], free: [1] });
  expect(await other.read(NOW)).toEqual({ held: [], free: [1] });
});

test('of two who lease the same lane one gets it, and the other nothing at all', async () => {
  const [one, other] = [leasesOf('one'), leasesOf('other')];
  await Promise.all([one.read(NOW), other.read(NOW)]);

  const got = await Promise.all([one.lease([0, 1], NOW), other.lease([1, 2], NOW + 1)]);
  const tables = [await one.read(NOW), await other.read(NOW)];

  expect(got.toSorted()).toEqual([false, true]);
  expect(tables.map(({ held }) => held)).toEqual(got[0] ? [[0, 1], []] : [[], [1, 2]]);
});

test('a renewal does not take back a lane that went to somebody else', async () => {
  const [one, other] = [leasesOf('one'), leasesOf('other')];
  await take(one, [0, 1]);
  await one.read(NOW + LEASE_MS - 1);
  // it stalls between its look and its write
  await take(other, [1], NOW + 60_000);

  expect(await one.lease([0, 1], NOW + LEASE_MS - 1)).toBe(false);
  expect(await other.read(NOW + 60_000)).toMatchObject({ held: [1] });
});

test('a lease is over for its holder when its time is', async () => {
  const one = leasesOf('one');
  await take(one, [0]);

  expect(await one.read(NOW + LEASE_MS - 1)).toMatchObject({ held: [0] });
  expect(await one.read(NOW + LEASE_MS)).toMatchObject({ held: [] });
});

test('after its lease a lane rests', async () => {
  const [one, other] = [leasesOf('one'), leasesOf('other')];
  await take(one, [0]);
  const end = NOW + LEASE_MS + GUARD_MS;

  // the same clock: the guard alone
  expect(await one.read(end)).toMatchObject({ free: [1, 2] });
  expect(await one.read(end + 1)).toMatchObject({ free: [0, 1, 2] });
  // another clock, which may be two seconds ahead
  expect(await other.read(end + 2_000)).toMatchObject({ free: [1, 2] });
  expect(await other.read(end + 2_001)).toMatchObject({ free: [0, 1, 2] });
});

test('however wrong the clocks, a lease that stands still is over in time', async () => {
  const [fast, right] = [leasesOf('fast'), leasesOf('right')];
  await take(fast, [0, 1], NOW + 3_600_000);
  await right.read(NOW);
  clock.pass(LEASE_MS + GUARD_MS - 500);
  await take(fast, [1], NOW + 3_600_000 + 1_500);
  expect(await right.read(NOW)).toMatchObject({ free: [2] });

  clock.pass(600);

  expect(await right.read(NOW)).toMatchObject({ free: [0, 2] });
  expect(await right.lease([0, 2], NOW)).toBe(true);
});

test('gates of one container do not take each other for themselves', async () => {
  const gates = [leasesOf('one'), leasesOf('one', 'bulk'), leasesOf('one', 'direct', 16)];
  for (const [lane, gate] of gates.entries()) await take(gate, [lane]);

  const tables = await Promise.all(gates.map((gate) => gate.read(NOW)));

  expect(tables.map(({ held }) => held)).toEqual([[0], [1], [2]]);
});

test('a lease whose answer got lost is had all the same', async () => {
  const one = leasesOf('one');
  await one.read(NOW);
  aws.wire.next('UpdateItem', async (_body, goOn) => {
    await goOn();
    return { status: 500, body: { __type: 'InternalServerError' } };
  });

  expect(await one.lease([0, 1], NOW)).toBe(true);
  expect(await one.read(NOW)).toMatchObject({ held: [0, 1] });
});

test('a lane leased between look and write is not taken', async () => {
  const [one, other] = [leasesOf('one'), leasesOf('other')];
  await one.read(NOW);
  aws.wire.next(
    'UpdateItem',
    after(() => take(other, [1])),
  );

  expect(await one.lease([0, 1], NOW)).toBe(false);
  expect(await one.read(NOW)).toMatchObject({ held: [], free: [0, 2] });
});

test('a table that is out of order is no lost race', async () => {
  const one = leasesOf('one');
  await one.read(NOW);
  aws.wire.next('UpdateItem', refuseWith('ResourceNotFoundException'));

  await expect(one.lease([0], NOW)).rejects.toThrow('refused');
});

describe('a wish for a lane', () => {
  test('is heard by others, for two seconds', async () => {
    const [one, other] = [leasesOf('one'), leasesOf('other')];
    await one.want(NOW);

    expect((await one.read(NOW)).wish).toBeUndefined();
    expect((await other.read(NOW)).wish).toEqual({ by: 'direct', hasNone: true });
    clock.pass(2_001);
    expect((await other.read(NOW)).wish).toBeUndefined();
    await one.want(NOW + 1);
    expect((await other.read(NOW)).wish).toBeDefined();
  });

  test('is not heard when it is long past, by whoever has not looked since', async () => {
    const [one, other] = [leasesOf('one'), leasesOf('other')];
    await one.want(NOW);

    expect((await other.read(NOW + 3_999)).wish).toBeDefined();
    expect((await leasesOf('third').read(NOW + 4_000)).wish).toBeUndefined();
  });

  test('is over once who wished has a lane', async () => {
    const [one, other] = [leasesOf('one', 'bulk'), leasesOf('other')];
    await one.want(NOW);
    await take(one, [2]);

    expect((await other.read(NOW)).wish).toBeUndefined();
  });

  test('tells whether anybody has a lane for such jobs', async () => {
    const [holder, wisher, third] = [leasesOf('a', 'bulk'), leasesOf('b', 'bulk'), leasesOf('c')];
    await wisher.want(NOW);
    expect((await third.read(NOW)).wish).toEqual({ by: 'bulk', hasNone: true });

    await take(holder, [2]);

    expect((await third.read(NOW)).wish).toEqual({ by: 'bulk', hasNone: false });
    // its lease has run out
    expect((await third.read(NOW + 3_000)).wish).toEqual({ by: 'bulk', hasNone: true });
  });
});
