import type { VendorRequest } from './exchange';

/** A body’s value, or what is wrong with it. */
export type ParsedBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a JSON body that says it is one; bytes that are not UTF-8 are refused instead of repaired. */
export function readJsonBody({
  headers,
  body,
}: Pick<VendorRequest, 'headers' | 'body'>): ParsedBody {
  const contentType = (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
  if (!/^application\/json(;charset="?utf-8"?)?$/.test(contentType)) {
    return { ok: false, problem: 'Content-Type must be application/json in UTF-8' };
  }
  try {
    return { ok: true, value: JSON.parse(utf8.decode(body)) };
  } catch {
    return { ok: false, problem: 'the body is not JSON in UTF-8' };
  }
}

/** A JSON text's value; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
