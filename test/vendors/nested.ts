import { isJsonObject, type JsonObject } from '../../lib/model/json-of';

/** A value under a path: `nested('a.b', 1)` is `{a: {b: 1}}`. */
export function nested(path: string, value: unknown): JsonObject {
  const [first = '', ...rest] = path.split('.');
  return { [first]: rest.length === 0 ? value : nested(rest.join('.'), value) };
}

/** Objects in one, member by member; the later one wins. */
export function merged(objects: readonly JsonObject[]): JsonObject {
  const all = new Map<string, unknown>();
  for (const [name, value] of objects.flatMap(Object.entries)) {
    const known = all.get(name);
    all.set(name, isJsonObject(known) && isJsonObject(value) ? merged([known, value]) : value);
  }
  return Object.fromEntries(all);
}
