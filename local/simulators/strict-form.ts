/** Form fields in the order they came; a name may come more than once. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

export type ParsedForm =
  | { readonly ok: true; readonly fields: FormFields }
  | { readonly ok: false; readonly problem: string };

/** What encoders of `application/x-www-form-urlencoded` never leave as it is. */
const UNENCODED = /[^A-Za-z0-9*\-._~!'()+%&=]/;

/**
 * Reads a form body without forgiving anything: a raw character, a bad percent sequence or bytes that
 * are not UTF-8 would reach the phone as a different text, so they are refused instead of repaired.
 */
export function parseForm(body: Buffer): ParsedForm {
  const text = body.toString('latin1');
  const raw = UNENCODED.exec(text);
  if (raw)
    return problem(`character ${JSON.stringify(raw[0])} at byte ${raw.index} is not encoded`);
  const fields = new Map<string, string[]>();
  if (text === '') return { ok: true, fields };
  for (const pair of text.split('&')) {
    const [name, value, ...more] = pair.split('=');
    if (!name || value === undefined || more.length > 0) return problem('a pair is not name=value');
    const decodedName = decode(name);
    const decodedValue = decode(value);
    if (decodedName === undefined || decodedValue === undefined) {
      return problem(`a percent sequence in ${name} is malformed or not UTF-8`);
    }
    const values = fields.get(decodedName);
    if (values === undefined) fields.set(decodedName, [decodedValue]);
    else values.push(decodedValue);
  }
  return { ok: true, fields };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function problem(text: string): ParsedForm {
  return { ok: false, problem: text };
}
