import { type Database, type RigOptions, runRig, startDatabase } from '../../bench/limiter/rig';

const RIG: RigOptions = {
  strategy: 'ours',
  counting: 'sliding window',
  network: { roundTripMs: [15, 25], lostShare: 0, lostBy: 'reset' },
  containers: 2,
  perSecond: 100,
  requestsPerInvocation: 50,
  clocksOffByMs: 50,
  warmUpSeconds: 2,
  phases: [{ seconds: 3, truePerSecond: 100 }],
};

let database: Database;
beforeAll(async () => {
  database = await startDatabase('.');
});
afterAll(() => database.close());

test('containers that share a limit are let in, refused nothing, and ask DynamoDB far less often than the vendor', async () => {
  const [counts] = await runRig(RIG, database);

  expect(counts).toMatchObject({ refused: 0, killed: 0 });
  expect(counts?.accepted).toBeGreaterThan(0);
  expect(counts?.databaseWrites).toBeLessThan((counts?.accepted ?? 0) / 2);
});

test('a vendor that lets in less than was thought refuses, and each phase is counted by itself', async () => {
  const [whole, cut] = await runRig(
    {
      ...RIG,
      strategy: 'static',
      warmUpSeconds: 1,
      phases: [
        { seconds: 1, truePerSecond: 1_000 },
        { seconds: 2, truePerSecond: 20 },
      ],
    },
    database,
  );

  expect(whole).toMatchObject({ truePerSecond: 1_000, refused: 0, databaseWrites: 0 });
  expect(cut?.refused).toBeGreaterThan(0);
  expect(cut?.accepted).toBeLessThan(whole?.accepted ?? 0);
});

test('a container that is killed is replaced', async () => {
  const [counts] = await runRig(
    {
      ...RIG,
      strategy: 'static',
      warmUpSeconds: 0.5,
      killEverySeconds: 1,
      phases: [{ seconds: 2.5, truePerSecond: 1_000 }],
    },
    database,
  );

  expect(counts?.killed).toBeGreaterThanOrEqual(1);
  expect(counts?.accepted).toBeGreaterThan(0);
});
