import type { PushJob } from '../../lib/model/push-job';
import { createFlowPauses } from '../../lib/usecases/flow-pauses';
import { huawei } from '../../lib/vendors/huawei';
import type { Vendor } from '../../lib/vendors/vendor';
import { xiaomi } from '../../lib/vendors/xiaomi';
import { aPushJob, aTarget, NOW } from '../support/builders';

const certificate = {
  name: 'cert',
  appKey: 'app-1',
  vendor: 'xiaomi',
  receiptId: 'receipt',
  credentials: {},
  limits: { ratePerSecond: 10 },
} as const;

function aGate(learnedPerSecond?: number) {
  return {
    awaitRoom: () => Promise.resolve({ kind: 'full' } as const),
    enter: () => Promise.resolve(undefined),
    rest: () => Promise.resolve(),
    refuse: () => undefined,
    state: () =>
      learnedPerSecond === undefined ? undefined : { limitPerSecond: 10, learnedPerSecond },
  };
}

const pausesOf = (vendor: Vendor = xiaomi) => createFlowPauses(vendor, { now: () => NOW }, () => 0);

function aGroup(size: number, changes: Partial<PushJob> = {}): PushJob {
  const [push] = aPushJob().pushes;
  const targets = Array.from({ length: size - 1 }, (_, index) => aTarget({ token: `t${index}` }));
  return aPushJob({ pushes: [{ ...push, targets: [aTarget(), ...targets] }], ...changes });
}

function waitOf(pauses: ReturnType<typeof pausesOf>, job: PushJob, gate = aGate()): number {
  return pauses.turnedAway(job, job.pushes, certificate, gate);
}

test('a group counts as many as the vendor counts of it', () => {
  const tokens = { ...huawei, limits: { ...huawei.limits, rateCounts: 'tokens' as const } };

  expect(waitOf(pausesOf(xiaomi), aGroup(20))).toBe(waitOf(pausesOf(xiaomi), aGroup(1)));
  expect(waitOf(pausesOf(tokens), aGroup(20))).toBeGreaterThan(waitOf(pausesOf(tokens), aGroup(1)));
});

test('certificates and lanes wait for themselves alone', () => {
  const pauses = pausesOf();
  const first = waitOf(pauses, aGroup(1));
  for (let turn = 0; turn < 20; turn += 1) waitOf(pauses, aGroup(1));

  expect(waitOf(pauses, aGroup(1))).toBeGreaterThan(first);
  expect(waitOf(pauses, aGroup(1, { lane: 'bulk' }))).toBe(first);
  expect(waitOf(pauses, aGroup(1, { certificate: 'other' }))).toBe(first);
});

test('where the vendor takes less than is configured, jobs come back more slowly', () => {
  const after20 = (gate: ReturnType<typeof aGate>) => {
    const pauses = pausesOf();
    return Array.from({ length: 20 }, () => waitOf(pauses, aGroup(1), gate)).at(-1) ?? 0;
  };

  expect(after20(aGate(8))).toBeGreaterThan(after20(aGate(10)));
  expect(after20(aGate())).toBe(after20(aGate(10)));
});
