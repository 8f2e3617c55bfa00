import fc from 'fast-check';
import { type Counting, createVendorLimit } from '../../bench/limiter/vendor-limit';

/** When requests come: in order, some at the same time, in milliseconds. */
const arrivals = fc
  .array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 })
  .map((gaps) => {
    let at = 0;
    return gaps.map((gap) => {
      at += gap % 7 === 0 ? 0 : gap;
      return at;
    });
  });

function acceptedOf(counting: Counting, perSecond: number, times: readonly number[]): number[] {
  const limit = createVendorLimit(counting, perSecond);
  return times.filter((at) => limit.admit(at));
}

test('a sliding window accepts what leaves every second within the limit, and nothing else', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 20 }), (times, perSecond) => {
      const accepted: number[] = [];
      for (const at of times) {
        const isRoom = accepted.filter((one) => one > at - 1_000).length < perSecond;
        if (isRoom) accepted.push(at);
      }
      expect(acceptedOf('sliding window', perSecond, times)).toEqual(accepted);
    }),
  );
});

test('a fixed window accepts the first ones of each second', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 20 }), (times, perSecond) => {
      const bySecond = Map.groupBy(times, (at) => Math.floor(at / 1_000));
      const first = [...bySecond.values()].flatMap((some) => some.slice(0, perSecond));
      expect(acceptedOf('fixed window', perSecond, times)).toEqual(first);
    }),
  );
});

test('a token bucket accepts in any span of time no more than it fills, and its burst', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 10, max: 50 }), (times, perSecond) => {
      const accepted = acceptedOf('token bucket', perSecond, times);
      for (const [index, from] of accepted.entries()) {
        for (const [more, to] of accepted.slice(index).entries()) {
          const room = perSecond * 0.1 + ((to - from) / 1_000) * perSecond;
          expect(more + 1).toBeLessThanOrEqual(room + 1e-6);
        }
      }
    }),
  );
});

test.each(['sliding window', 'fixed window', 'token bucket'] as const)(
  'a %s counts nothing that it refused, and takes a new limit at once',
  (counting) => {
    const limit = createVendorLimit(counting, 100);
    const admitted = (at: number) =>
      Array.from({ length: 300 }, () => limit.admit(at)).filter((isIn) => isIn).length;
    const burst = counting === 'token bucket' ? 10 : 100;

    const first = admitted(500);
    limit.perSecond = 50;
    const second = admitted(2_500);

    expect([first, second]).toEqual([burst, burst / 2]);
  },
);
