import type { Lane } from '../../lib/model/push-job';
import { isWorthReleasing, planRelease } from '../../lib/rules/release-share';
import { aHolder, anOwn, someShares } from '../support/shares';

test('a share is worth giving up when others lack it or little is free, and it is not too small', () => {
  const holders = new Map([['other', aHolder({ credits: 50 })]]);
  const wanting = someShares({ free: 40, holders });
  const served = someShares({ free: 50, holders });
  const content = someShares({ free: 25, holders: new Map([['other', aHolder()]]) });
  const bare = someShares({ free: 24, holders: new Map([['other', aHolder()]]) });

  expect(isWorthReleasing('me', 10, wanting)).toBe(true);
  expect(isWorthReleasing('me', 0, wanting)).toBe(false);
  expect(isWorthReleasing('me', 10, served)).toBe(false);
  expect(isWorthReleasing('me', 10, content)).toBe(false);
  expect(isWorthReleasing('me', 10, bare)).toBe(true);
});

test('what was not used for a window is free at once, the rest may be used when it would have been', () => {
  const released = (lane: Lane, ready: number, units: number) => {
    const own = anOwn({ lane, held: ready + units, stored: aHolder() });
    return planRelease(own, ready, { units, coolMs: 99.5, overMs: 400.1 });
  };
  const cooling = { need: 0, lane: undefined, until: 100, overMs: 401, write: 'w1' };

  for (const lane of ['direct', 'bulk'] as const) {
    expect(released(lane, 4, 6)).toMatchObject({
      free: 4,
      others: new Map([['w1', { to: { ...cooling, credits: 6, by: lane } }]]),
    });
  }
  expect(released('direct', 1, 0).others.size).toBe(0);
});
