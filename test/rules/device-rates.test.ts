import fc from 'fast-check';
import { createDeviceRates, periodEndsAt, periodOf, toldLimit } from '../../lib/rules/device-rates';

const WINDOW = { limit: 240, seconds: 60 };

test('of a device pushed to now and then nobody else has to know', () => {
  const rates = createDeviceRates(10);

  const told = Array.from({ length: 6 }, () => rates.count(WINDOW, 'device', 0));

  expect(told).toEqual([0, 0, 0, 0, 0, 0]);
});

test('of one pushed to very often all is told at once, and from then on each push', () => {
  const rates = createDeviceRates(10);
  for (let push = 0; push < 6; push += 1) rates.count(WINDOW, 'device', 0);

  expect(rates.count(WINDOW, 'device', 0)).toBe(7);
  // the others could not be told: all of it is still to be told
  expect(rates.count(WINDOW, 'device', 0)).toBe(7);
  rates.told(WINDOW, 'device', 0);
  expect(rates.count(WINDOW, 'device', 0)).toBe(1);
});

test('every window begins anew, and each has counts of its own', () => {
  const rates = createDeviceRates(10);
  for (let push = 0; push < 10; push += 1) rates.count(WINDOW, 'device', 59_999);

  expect(rates.count({ limit: 5_000, seconds: 3_600 }, 'device', 59_999)).toBe(0);
  expect(rates.count(WINDOW, 'device', 60_000)).toBe(0);
});

test('a limit too small to be shared is told from the first push on', () => {
  expect(createDeviceRates(10).count({ limit: 10, seconds: 1_800 }, 'device', 0)).toBe(1);
});

test('a window ends where the next begins', () => {
  expect(periodOf(60, 119_999)).toBe(1);
  expect(periodEndsAt(60, 119_999)).toBe(120_000);
  expect(periodEndsAt(60, 120_000)).toBe(180_000);
});

test('however containers share out the pushes, a device never gets more than its limit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 300 }),
      fc.array(fc.nat(), { maxLength: 600 }),
      (containers, limit, senders) => {
        const window = { limit, seconds: 60 };
        const all = Array.from({ length: containers }, () => createDeviceRates(containers));
        let counted = 0;
        let sent = 0;
        for (const sender of senders) {
          const rates = all[sender % containers];
          const units = rates?.count(window, 'device', 0) ?? 0;
          if (units > 0 && counted + units > toldLimit(limit, containers)) continue;
          if (units > 0) rates?.told(window, 'device', 0);
          counted += units;
          sent += 1;
        }

        expect(sent).toBeLessThanOrEqual(limit);
      },
    ),
  );
});

test('three quarters of a limit can be used by one container alone', () => {
  const rates = createDeviceRates(10);
  let counted = 0;
  let sent = 0;
  for (let push = 0; push < 500; push += 1) {
    const units = rates.count(WINDOW, 'device', 0);
    if (counted + units > toldLimit(WINDOW.limit, 10)) continue;
    if (units > 0) rates.told(WINDOW, 'device', 0);
    counted += units;
    sent += 1;
  }

  expect(sent).toBeGreaterThanOrEqual(180);
});
