import { createFlowControl } from '../../lib/aws/flow-control';
import type { SendOutcome } from '../../lib/model/send-outcome';
import type { FlowGate } from '../../lib/model/vendor-ports';
import { HELD } from '../../lib/vendors/outcomes';
import type { SendRequest } from '../../lib/vendors/vendor';
import { xiaomi } from '../../lib/vendors/xiaomi';
import { type DeliveryRig, startDeliveryRig } from '../support/delivery-rig';

let rig: DeliveryRig;
let jobs = 0;
beforeAll(async () => {
  rig = await startDeliveryRig();
});
afterEach(() => rig.simulators.xiaomi.reset());
afterAll(() => rig.close());

const ACCEPTED: SendOutcome = { kind: 'accepted' };
const TOO_FAST: SendOutcome = {
  kind: 'throttled',
  scope: 'second',
  reason: { code: '503', text: 'flow control' },
};

function aJob(phones: number) {
  const [first = '', ...rest] = Array.from({ length: phones }, (_, index) => `phone-${index}`);
  return { ...rig.job(first, ...rest), jobId: `learned-${jobs++}` };
}

/** A gate of its own certificate, and what it was told to take out. */
function aGate(ratePerSecond: number) {
  const certificate = `certificate ${jobs++}`;
  const limit = { vendor: 'xiaomi', appKey: 'app-1', certificate, ratePerSecond } as const;
  const flow = createFlowControl(rig.aws.dynamoDb, 'flow', rig.clock);
  const gate = flow.gate({ ...limit, largestRequest: 1_000 }, 'direct');
  const refused: number[] = [];
  const refuse = (units: number) => {
    refused.push(units);
    gate.refuse(units);
  };
  return { gate: { ...gate, refuse }, refused };
}

const learnedOf = (gate: FlowGate) => gate.state?.()?.learnedPerSecond ?? Number.NaN;

test.each([
  ['its rate', 200002, [1]],
  ['calls for invalid tokens', 10030, []],
  ['calls for statistics', 10039, []],
  ['calls of the address', 10022, []],
])('a refusal of %s takes credits away only where it is the rate', async (_what, code, units) => {
  const { gate, refused } = aGate(500);
  rig.simulators.xiaomi.control({ failNext: 1, code });

  const left = await rig.deliver(rig.container({ gate: () => gate }), aJob(2));

  expect(left.flatMap(({ job }) => job.pushes.flatMap(({ targets }) => targets))).toHaveLength(2);
  expect(refused).toEqual(units);
});

/** A container of a vendor that counts tokens, takes a thousand in a request, and says what it is told to. */
function aTokenVendor(gate: FlowGate) {
  const sizes: number[] = [];
  const vendor = { says: TOO_FAST };
  async function send({ tokens }: SendRequest) {
    const pass = await gate.enter(tokens.length, 1_000);
    if (pass !== undefined) sizes.push(tokens.length);
    pass?.leave();
    const outcome = pass === undefined ? HELD : vendor.says;
    return [outcome, ...tokens.slice(1).map(() => outcome)] as const;
  }
  const limits = { ...xiaomi.limits, rateCounts: 'tokens', ratePerSecond: 3_000 } as const;
  const ports = rig.container({
    vendor: { ...xiaomi, limits },
    gate: () => gate,
    sender: () => ({ send }),
  });
  return { vendor, sizes, ports };
}

test('once a limit is learned that is too low for a whole request, requests are cut to it', async () => {
  const { gate, refused } = aGate(3_000);
  const { vendor, sizes, ports } = aTokenVendor(gate);
  await rig.deliver(ports, aJob(1_000));
  // the table hears of it with the next write
  while (learnedOf(gate) === 3_000) (await gate.enter(1, 1_000))?.leave();
  vendor.says = ACCEPTED;
  const before = sizes.splice(0);

  const left = await rig.deliver(ports, aJob(1_000));

  expect(before).toEqual([1_000]);
  expect(refused).toEqual([1_000]);
  expect(left).toEqual([]);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_000);
  expect(Math.max(...sizes)).toBe(Math.floor(learnedOf(gate) / 10));
});

test('a job waits for no more room than its first request needs under the learned limit', async () => {
  const { gate } = aGate(3_000);
  const asked: number[] = [];
  const { ports } = aTokenVendor({
    ...gate,
    awaitRoom(weight) {
      asked.push(weight);
      return Promise.resolve({ kind: 'full' });
    },
    state: () => ({ limitPerSecond: 3_000, learnedPerSecond: 150 }),
  });

  await rig.deliver(ports, aJob(1_000));

  expect(asked).toEqual([15]);
});
