import fc from 'fast-check';
import { FirstInFirstOut } from '../../../local/sqs/first-in-first-out';
import { HiddenMessages } from '../../../local/sqs/hidden-messages';

test('whatever is added and removed, the one due first comes first', () => {
  const action = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ remove: fc.nat() }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const hidden = new HiddenMessages<{ hiddenUntilMs: number; heapIndex: number }>();
      const inside: { hiddenUntilMs: number; heapIndex: number }[] = [];

      for (const step of actions) {
        if ('add' in step) {
          const item = { hiddenUntilMs: step.add, heapIndex: -1 };
          inside.push(item);
          hidden.add(item);
        } else if (inside.length > 0) {
          const [item] = inside.splice(step.remove % inside.length, 1);
          if (item) hidden.remove(item);
        }
        const due = inside.map(({ hiddenUntilMs }) => hiddenUntilMs);
        expect(hidden.next?.hiddenUntilMs).toBe(due.length > 0 ? Math.min(...due) : undefined);
      }
    }),
  );
});

test('a line is left in the order it was joined, however long', () => {
  const line = new FirstInFirstOut<number>();
  const left: (number | undefined)[] = [];

  for (let number = 0; number < 10_000; number += 1) {
    line.push(number);
    if (number % 3 === 0) left.push(line.shift());
  }
  for (let item = line.shift(); item !== undefined; item = line.shift()) left.push(item);

  expect(left).toEqual(Array.from({ length: 10_000 }, (_, number) => number));
  expect(line.shift()).toBeUndefined();
});
