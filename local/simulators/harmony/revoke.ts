import * as v from 'valibot';
import { type Refusal, refuse } from '../huawei/codes';
import { checkSize, type JsonObject, MAX_TOKENS } from '../huawei/json-request';
import { describeIssue } from '../huawei/schema-refusal';

/** Source: developer.huawei.com, harmonyos-references/push-msg-revoke. */
const revokeRequest = v.strictObject({
  notifyId: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_147_483_647)),
  token: v.pipe(v.array(v.string()), v.minLength(1)),
});

/** What is to be taken back. */
export type Revocation = v.InferOutput<typeof revokeRequest>;

/** A request that may be carried out, or why not. */
export type CheckedRevocation =
  | { readonly revocation: Revocation; readonly refusal?: undefined }
  | { readonly revocation?: undefined; readonly refusal: Refusal };

/** Checks the body of `messages:revoke`. */
export function checkRevocation(json: JsonObject, body: Buffer): CheckedRevocation {
  const tokens = revokedTokens(json);
  const early = tokens.length > MAX_TOKENS ? refuse(80300010) : checkSize(body, tokens);
  if (early !== undefined) return { refusal: early };
  const parsed = v.safeParse(revokeRequest, json);
  return parsed.success
    ? { revocation: parsed.output }
    : { refusal: refuse(80100001, describeIssue(parsed.issues[0])) };
}

/** The tokens of a body that need not be right. */
export function revokedTokens({ token }: JsonObject): readonly unknown[] {
  return Array.isArray(token) ? token : [];
}
