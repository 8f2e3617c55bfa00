import fc from 'fast-check';
import { fingerprint, sha256 } from '../../lib/aws/fingerprint';
import { numberIn, packJson, unpackJson } from '../../lib/aws/stored-json';

test('whatever is packed is read back, small or large, in any script', () => {
  const value = fc.jsonValue({ stringUnit: 'binary' });
  fc.assert(
    fc.property(value, fc.constantFrom(0, 2_000), (inner, padding) => {
      const whole = { inner, padding: '填'.repeat(padding) };
      expect(unpackJson(packJson(whole))).toEqual(JSON.parse(JSON.stringify(whole)));
    }),
  );
});

test('a value is deflated from a kilobyte on', () => {
  const ofLength = (length: number) => 'x'.repeat(length - 2);

  expect(packJson(ofLength(1_023))).toBe(`"${ofLength(1_023)}"`);
  const packed = packJson(ofLength(1_024));
  expect(packed).toBeInstanceOf(Uint8Array);
  expect(packed.length).toBeLessThan(50);
  expect(packJson('填'.repeat(341))).toBeInstanceOf(Uint8Array);
});

test.each([undefined, 7, { S: 'text' }])('%j was not packed by us and is refused', (stored) => {
  expect(() => unpackJson(stored)).toThrow('neither text nor deflated text');
});

test('what is no number counts as none', () => {
  const item = { version: 3, text: '3' };

  expect(['version', 'text', 'missing'].map((name) => numberIn(item, name))).toEqual([3, 0, 0]);
});

test('a fingerprint is the beginning of a SHA-256', () => {
  // of the empty text: FIPS 180-4
  expect(sha256('')).toBe('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
  expect(fingerprint('')).toBe('47DEQpj8HBSa');
});
