import type { VendorRequest } from '../exchange';
import { parseForm } from '../strict-form';
import { type Refusal, refuse } from './codes';

/** The fields of a form, or what is wrong with it. */
export type ReadForm =
  | { readonly fields: ReadonlyMap<string, string>; readonly refusal?: never }
  | { readonly refusal: Refusal };

/** Reads a form that has these fields and no others, each once; the Java SDK adds its version to all. */
export function readForm(
  { headers, body }: Pick<VendorRequest, 'headers' | 'body'>,
  names: readonly string[],
): ReadForm {
  const contentType = (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
  if (!/^application\/x-www-form-urlencoded(;charset="?utf-8"?)?$/.test(contentType)) {
    return { refusal: refuse(25, 'Content-Type must be a UTF-8 form') };
  }
  const form = parseForm(body);
  if (!form.ok) return { refusal: refuse(25, form.problem) };
  const fields = new Map<string, string>();
  for (const [name, [value = '', ...more]] of form.fields) {
    if (more.length > 0) return { refusal: refuse(41, `${name} is given more than once`) };
    if (!names.includes(name) && name !== 'sdk_version') {
      return { refusal: refuse(41, `${name}: no such parameter`) };
    }
    fields.set(name, value);
  }
  return { fields };
}
