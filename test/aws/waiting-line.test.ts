import { createWaitingLine, type Waiter } from '../../lib/aws/waiting-line';

const PASS = { leave: () => undefined };

/** Somebody who waits, and what he was told: a pass, nothing, or not a word yet. */
function aWaiter(units: number, deadline = 10_000): Waiter & { told?: 'pass' | 'nothing' } {
  const waiter: Waiter & { told?: 'pass' | 'nothing' } = {
    units,
    lane: 'direct',
    deadline,
    resolve: (pass) => {
      waiter.told = pass === undefined ? 'nothing' : 'pass';
    },
    reject: () => undefined,
  };
  return waiter;
}

/** Serves the line with so many credits; answers how many are left. */
function serve(line: ReturnType<typeof createWaitingLine>, credits: number, now = 0): number {
  let left = credits;
  const take = (units: number) => {
    if (units > left) return undefined;
    left -= units;
    return PASS;
  };
  line.serve(now, take, (units) => units <= left);
  return left;
}

test('a small request does not overtake a large one', () => {
  const line = createWaitingLine();
  const [large, small] = [aWaiter(5), aWaiter(1)];
  line.enter(large);
  line.enter(small);

  expect(serve(line, 3)).toBe(3);
  expect(small.told).toBeUndefined();
  expect(serve(line, 6)).toBe(0);
  expect([large.told, small.told]).toEqual(['pass', 'pass']);
});

test('one credit is not room for all who ask, until the first has come for it', () => {
  const line = createWaitingLine();
  const asking = [aWaiter(1), aWaiter(1), aWaiter(1)];
  for (const one of asking) line.look(one);

  serve(line, 1);
  expect(asking.map(({ told }) => told)).toEqual(['pass', undefined, undefined]);

  line.enter(aWaiter(1));
  expect(serve(line, 1)).toBe(0);
  serve(line, 1);
  expect(asking.map(({ told }) => told)).toEqual(['pass', 'pass', undefined]);
});

test('a promise that nobody comes for is void after a second', () => {
  const line = createWaitingLine();
  const [first, second] = [aWaiter(1), aWaiter(1)];
  line.look(first);
  line.look(second);
  serve(line, 1);

  serve(line, 1, 1_001);

  expect(second.told).toBe('pass');
});

test('who wants to send goes before who only asks', () => {
  const line = createWaitingLine();
  const [asking, sending] = [aWaiter(1), aWaiter(2)];
  line.look(asking);
  line.enter(sending);

  serve(line, 1);

  expect([asking.told, sending.told]).toEqual([undefined, undefined]);
});

test('who waited long enough is told that there is nothing', () => {
  const line = createWaitingLine();
  const [patient, hasty] = [aWaiter(1), aWaiter(1, 500)];
  line.enter(hasty);
  line.enter(patient);

  line.dismiss(500, false);
  expect([patient.told, hasty.told]).toEqual([undefined, 'nothing']);

  line.dismiss(500, true);
  expect(patient.told).toBe('nothing');
  expect(line.all()).toEqual([]);
});

test('who is next needs what was promised to others as well, unless he comes to send', () => {
  const line = createWaitingLine();
  expect(line.next(0)).toBeUndefined();
  for (const units of [2, 3]) line.look(aWaiter(units));
  expect(line.next(0)).toEqual({ units: 2, isAsking: true });

  serve(line, 2);
  expect(line.next(0)).toEqual({ units: 5, isAsking: true });
  expect(line.next(1_000)).toEqual({ units: 3, isAsking: true });

  line.enter(aWaiter(4));
  expect(line.next(0)).toEqual({ units: 4, isAsking: false });
});
