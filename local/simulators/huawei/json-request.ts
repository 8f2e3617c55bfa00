import type { VendorRequest } from '../exchange';
import { readJsonBody } from '../json-body';
import { type Refusal, refuse } from './codes';

/** "The message body cannot exceed 4096 bytes (excluding the token)", in all versions of the API. */
const MAX_BODY_BYTES = 4_096;
/** "The maximum number of tokens cannot exceed 1000", in all versions of the API. */
export const MAX_TOKENS = 1_000;

/** A JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A body as an object, or why it is none. */
export type ParsedObject =
  | { readonly json: JsonObject; readonly refusal?: undefined }
  | { readonly json?: undefined; readonly refusal: Refusal };

/** Whether this is a JSON object, neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// the rate needs the tokens before the message is looked at: each body is read once all the same
const parsed = new WeakMap<Buffer, ParsedObject>();

/** Reads the body of a request, strictly. */
export function readJson(request: VendorRequest): ParsedObject {
  const known = parsed.get(request.body);
  if (known !== undefined) return known;
  const made = parseBody(request);
  parsed.set(request.body, made);
  return made;
}

/** Devices a request counts in the rate: its tokens, or 1 where there are none. */
export function countTokens(tokens: unknown): number {
  return Array.isArray(tokens) ? Math.max(1, tokens.length) : 1;
}

/** The size as it is on the wire, without the elements of the list of tokens. */
export function checkSize(body: Buffer, tokens: readonly unknown[]): Refusal | undefined {
  const list = Buffer.byteLength(JSON.stringify(tokens)) - '[]'.length;
  return body.length - list > MAX_BODY_BYTES ? refuse(80300008) : undefined;
}

/** A token no phone can have: not printable ASCII, or with a blank in it. */
export function isMalformedToken(token: string): boolean {
  return !/^[\x21-\x7e]+$/.test(token);
}

function parseBody(request: VendorRequest): ParsedObject {
  const read = readJsonBody(request);
  if (!read.ok) return { refusal: refuse(80100003, read.problem) };
  return isObject(read.value)
    ? { json: read.value }
    : { refusal: refuse(80100003, 'the body is not a JSON object') };
}
