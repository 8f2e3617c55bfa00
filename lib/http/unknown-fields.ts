import type { GenericSchema } from 'valibot';

const MOST = 50;

/** A schema with what those of optional fields, lists and objects have besides. */
type Looked = GenericSchema & {
  readonly wrapped?: Looked;
  readonly item?: Looked;
  readonly entries?: Readonly<Record<string, Looked>>;
};

/** For the answer of a device call: the fields we do not know were ignored, and are listed by path. */
export function warningsFor(body: unknown, schema: Looked): { warnings?: string[] } {
  const unknown = unknownFields(body, schema, '').slice(0, MOST);
  return unknown.length === 0
    ? {}
    : { warnings: unknown.map((path) => `${path} is not a known field and was ignored`) };
}

/** Paths of what the schema does not name, as deep as it looks into objects and lists. */
function unknownFields(value: unknown, schema: Looked, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { wrapped, item, entries } = schema;
  if (wrapped !== undefined) return unknownFields(value, wrapped, path);
  if (item !== undefined && Array.isArray(value)) {
    return value.flatMap((one, at) => unknownFields(one, item, `${path}[${at}]`));
  }
  if (entries === undefined) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const inside = path === '' ? name : `${path}.${name}`;
    const own = Object.hasOwn(entries, name) ? entries[name] : undefined;
    return own === undefined ? [inside] : unknownFields(one, own, inside);
  });
}
