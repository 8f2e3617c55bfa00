import { randomInt } from 'node:crypto';

/** So many decimal digits, as vendors' ids have them. */
export function randomDigits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
