import fc from 'fast-check';
import { entryOf } from '../../lib/rules/entry-of';

test('what is stored under a key is found, whatever it is', () => {
  const stored = { phone: 'a', constructor: 'b', '': 'c' };

  expect(entryOf(stored, 'phone')).toBe('a');
  expect(entryOf(stored, 'constructor')).toBe('b');
  expect(entryOf(stored, '')).toBe('c');
  expect(entryOf({ gone: undefined }, 'gone')).toBeUndefined();
});

test.each([
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__proto__',
  '__defineGetter__',
])('what every object inherits is not stored: %s', (key) => {
  expect(entryOf({ phone: 'a' }, key)).toBeUndefined();
});

test('a record from JSON answers for its own keys and for no others', () => {
  const keys = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'));
  fc.assert(
    fc.property(fc.dictionary(keys, fc.nat()), keys, (stored, asked) => {
      const record: Record<string, number> = JSON.parse(JSON.stringify(stored));

      const isStored = Object.keys(record).includes(asked);

      expect(entryOf(record, asked)).toBe(isStored ? record[asked] : undefined);
    }),
  );
});
