import { deflateRawSync, inflateRawSync } from 'node:zlib';

const DEFLATE_FROM_BYTES = 1_024;

/**
 * Packs a value of ours for one attribute: JSON text, deflated once that saves a write unit.
 * A string attribute costs a tenth of the CPU of a marshalled map.
 */
export function packJson(value: unknown): string | Uint8Array {
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) < DEFLATE_FROM_BYTES ? text : deflateRawSync(text);
}

/**
 * Reads back what `packJson` wrote. The caller names the type: these attributes are written by this
 * code only, under a key that carries their kind, and never hold anything a caller sent unparsed.
 */
export function unpackJson<Value>(stored: unknown): Value {
  if (typeof stored === 'string') return JSON.parse(stored) as Value;
  if (stored instanceof Uint8Array) return JSON.parse(inflateRawSync(stored).toString()) as Value;
  throw new Error('stored value is neither text nor deflated text');
}

/** Reads a number attribute, or the fallback where it is missing. */
export function numberIn(item: Readonly<Record<string, unknown>>, name: string): number {
  const value = item[name];
  return typeof value === 'number' ? value : 0;
}
