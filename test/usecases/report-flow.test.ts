import fc from 'fast-check';
import type { FlowGate, FlowGateState } from '../../lib/model/vendor-ports';
import { createFlowReport } from '../../lib/usecases/report-flow';
import { NOW } from '../support/builders';

/** A container's report with a clock to set, and all that it told. */
function aReport() {
  const told: (readonly [string, number])[] = [];
  const tell = (metric: string, value: number, dimensions: object = {}) => {
    expect(dimensions).toEqual({ vendor: 'vivo' });
    told.push([metric, value]);
  };
  let now = NOW;
  const report = createFlowReport('vivo', {
    telemetry: { count: tell, gauge: tell },
    clock: { now: () => now },
  });
  return {
    ...report,
    /** What is told at the end of an invocation that many milliseconds after the last. */
    tellAfter(ms: number) {
      now += ms;
      told.length = 0;
      report.report();
      return [...told];
    },
  };
}

function aGate(state?: () => FlowGateState | undefined, hasRoom = true): FlowGate {
  return {
    awaitRoom: async () => ({ kind: 'ready' }),
    enter: async () => (hasRoom ? { leave() {} } : undefined),
    rest: async () => undefined,
    refuse: () => undefined,
    ...(state && { state }),
  };
}

const of =
  (limitPerSecond: number, learnedPerSecond = limitPerSecond) =>
  () => ({
    limitPerSecond,
    learnedPerSecond,
  });
const [FIRST, SECOND] = [
  { appKey: 'app-1', name: '证书' },
  { appKey: 'app-2', name: '证书' },
];

test('limits are added up over certificates, once for both lanes', () => {
  const report = aReport();
  report.watch(FIRST, 'direct', aGate(of(500, 400)));
  report.watch(FIRST, 'bulk', aGate(of(500, 400)));
  report.watch(SECOND, 'bulk', aGate(of(30)));

  expect(report.tellAfter(0)).toEqual([
    ['FlowLimit', 530],
    ['FlowLearnedLimit', 430],
  ]);
});

test('a lane without a share leaves the word to the other', () => {
  const report = aReport();
  report.watch(
    FIRST,
    'direct',
    aGate(() => undefined),
  );
  report.watch(FIRST, 'bulk', aGate(of(500)));

  expect(report.tellAfter(0)).toContainEqual(['FlowLimit', 500]);
});

test('a gate made anew, for another limit, takes the place of the old one', () => {
  const report = aReport();
  report.watch(FIRST, 'direct', aGate(of(500)));
  report.watch(FIRST, 'direct', aGate(of(80)));

  expect(report.tellAfter(0)).toContainEqual(['FlowLimit', 80]);
});

test('where nothing passed and nobody knows of a limit, nothing is told', () => {
  const report = aReport();
  report.watch(FIRST, 'direct', aGate());
  report.watch(
    SECOND,
    'direct',
    aGate(() => undefined),
  );

  expect(report.tellAfter(0)).toEqual([]);
});

test('what got no pass is no use, and a pass is handed on as it is', async () => {
  const report = aReport();
  const pass = await report.watch(FIRST, 'direct', aGate()).enter(7, 0);
  const none = await report.watch(FIRST, 'bulk', aGate(undefined, false)).enter(5, 0);

  expect(pass).toEqual({ leave: expect.any(Function) });
  expect(none).toBeUndefined();
  expect(report.tellAfter(0)).toEqual([['FlowUnitsUsed', 7]]);
});

test('of daily totals the lowest share that is left is told, once', () => {
  const report = aReport();
  report.countQuota({}, 300, 1_000);
  report.countQuota({}, 40, 50);
  report.countQuota({ token: 'of one device' }, 2, 2);

  expect(report.tellAfter(0)).toEqual([['QuotaLeft', 20]]);
  expect(report.tellAfter(10_000)).toEqual([]);
  report.countQuota({}, 60, 50);
  expect(report.tellAfter(10_000)).toEqual([['QuotaLeft', 0]]);
});

test('however invocations come, what they used is told once, at most every 10 s', async () => {
  const invocation = fc.record({ ms: fc.nat(30_000), weights: fc.array(fc.integer({ min: 1 })) });
  await fc.assert(
    fc.asyncProperty(fc.array(invocation), async (invocations) => {
      const report = aReport();
      const gate = report.watch(FIRST, 'direct', aGate());
      let [used, sinceMs] = [0, Number.POSITIVE_INFINITY];
      for (const { ms, weights } of invocations) {
        for (const weight of weights) {
          await gate.enter(weight, 0);
          used += weight;
        }
        const told = report.tellAfter(ms);
        sinceMs += ms;
        if (sinceMs < 10_000) expect(told).toEqual([]);
        else {
          expect(told).toEqual(used > 0 ? [['FlowUnitsUsed', used]] : []);
          [used, sinceMs] = [0, 0];
        }
      }
    }),
  );
});
