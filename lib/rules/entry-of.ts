/**
 * What is stored under a key that came from outside. A plain look-up would also find what every
 * object inherits: `constructor` is a valid device id and certificate name.
 */
export function entryOf<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
