import { createDynamoDb } from '../../lib/aws/clients';
import { createFlowControl } from '../../lib/aws/flow-control';
import type { FlowGate, FlowPass } from '../../lib/model/vendor-ports';
import { type Aws, startAws } from '../support/aws';
import { sleep } from '../support/flow-rig';

// every test is a certificate of its own, and takes as long as leases do: they run side by side

const LIMIT = 50;
const TABLE = 'flow';

let aws: Aws;
let certificates = 0;

beforeAll(async () => {
  aws = await startAws();
});

afterAll(() => aws.close());

/** One container's way through, without work of its own. */
function aGateOf(
  ratePerSecond: number,
  certificate = `certificate ${certificates++}`,
): FlowGate & { calls: number } {
  const client = createDynamoDb();
  const flow = { vendor: 'xiaomi', appKey: 'app', certificate } as const;
  const limit = { ...flow, ratePerSecond, largestRequest: 1 };
  const gate = createFlowControl(client, TABLE).gate(limit, 'direct');
  const counted = { ...gate, calls: 0 };
  client.middlewareStack.add((next) => (args) => {
    counted.calls += 1;
    return next(args);
  });
  return counted;
}

async function enterAll(gate: FlowGate, count: number): Promise<FlowPass[]> {
  const passes = await Promise.all(Array.from({ length: count }, () => gate.enter(1, 2_000)));
  return passes.flatMap((pass) => pass ?? []);
}

test.concurrent('not even a new lease brings a credit back whose answer is still out', async () => {
  const gate = aGateOf(LIMIT);
  const passes = await enterAll(gate, LIMIT);
  // lease and rest are over
  await sleep(4_600);

  const tooEarly = await gate.enter(1, 400);
  passes[0]?.leave();
  const inTime = await gate.enter(1, 1_300);

  expect(passes).toHaveLength(LIMIT);
  expect(tooEarly).toBeUndefined();
  expect(inTime).toBeDefined();
});

test.concurrent('who asks for room hears of a credit before it is ready, and has it only then', async () => {
  const gate = aGateOf(1);
  const [pass] = await enterAll(gate, 1);
  pass?.leave();
  const left = performance.now();
  const msSince = () => performance.now() - left;

  const room = await gate.awaitRoom(1, 1_000);
  const toldMs = msSince();
  const own = await gate.enter(1, 200);
  const sentMs = msSince();

  expect(room).toEqual({ kind: 'ready' });
  expect(own).toBeDefined();
  expect(toldMs).toBeLessThan(1_000);
  // one answer says too little of how far the vendor is
  expect(sentMs).toBeGreaterThanOrEqual(999);
});

test.concurrent('a container takes two calls for its first pass, and hardly more for all it can have', async () => {
  const gate = aGateOf(LIMIT);
  await gate.enter(1, 1_000);
  const callsForOne = gate.calls;
  const passes = await enterAll(gate, LIMIT - 1);

  expect(callsForOne).toBe(2);
  expect(passes).toHaveLength(LIMIT - 1);
  expect(gate.calls).toBeLessThanOrEqual(6);
});

test.concurrent('of ten containers with a push each none has to wait for another', async () => {
  const gates = Array.from({ length: 10 }, () => aGateOf(LIMIT, 'shared'));

  const calls: number[] = [];
  for (const gate of gates) {
    const pass = await gate.enter(1, 1_000);
    expect(pass).toBeDefined();
    calls.push(gate.calls);
    pass?.leave();
  }

  // one look and one lease: who has to wait looks again
  expect(calls).toEqual(Array(10).fill(2));
});
