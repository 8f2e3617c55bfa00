import { check, exactOptional, type InferOutput, pipe, record, string } from 'valibot';
import type { JsonObject } from '../../model/json-of';
import {
  anyObject,
  type FieldProblem,
  oneOf,
  oneOfNumbers,
  openObject,
  rule,
  shownText,
  text,
  truth,
  wholeNumber,
} from '../field-schemas';
import { givenFields, listOf, readFields } from '../given-fields';
import { readLimits, type VendorPayload } from '../vendor';
import { classificationOf, OPERATIONAL, SYSTEM } from './categories';
import limitsJson from './limits.json' with { type: 'json' };

const { payloadBytes: MAP_CHARACTERS } = readLimits(limitsJson);
const MAP_PAIRS = 10;

/** Names and values together (github.com/modood/pushapi, 2025; the pairs: github.com/cossim/vivo-push). */
export function fitsCustomMap(map: Readonly<Record<string, string>>): boolean {
  const pairs = Object.entries(map);
  const characters = pairs.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return pairs.length <= MAP_PAIRS && characters <= MAP_CHARACTERS;
}

const flag = exactOptional(truth);
const anyMembers = exactOptional(anyObject);

/**
 * The body of a single push: https://dev.vivo.com.cn/documentCenter/doc/362, as quoted by github.com/modood/pushapi (2025) and sent
 * by the official Java SDK 3.3. Numbers may come as texts, as in NIM's own sample.
 */
const message = openObject({
  notifyType: exactOptional(oneOfNumbers(1, 2, 3, 4)),
  title: exactOptional(shownText),
  content: exactOptional(shownText),
  timeToLive: exactOptional(wholeNumber(1, 604_800)),
  skipType: exactOptional(oneOfNumbers(1, 2, 3, 4)),
  skipContent: exactOptional(text(1_024)),
  networkType: exactOptional(oneOfNumbers(-1, 1)),
  classification: exactOptional(oneOfNumbers(0, 1)),
  category: exactOptional(oneOf(...SYSTEM, ...OPERATIONAL)),
  clientCustomMap: exactOptional(
    pipe(
      anyObject,
      record(string(), string('must be a string'), 'must be an object'),
      check(fitsCustomMap, 'must have at most 10 pairs and 1024 characters'),
      check((map) => !Object.hasOwn(map, ''), 'must have no blank name'),
    ),
  ),
  pushMode: exactOptional(oneOfNumbers(0, 1)),
  notifyId: exactOptional(wholeNumber(1, 2 ** 31 - 1)),
  foregroundShow: flag,
  sendOnline: flag,
  addBadge: flag,
  profileId: exactOptional(text(64)),
  auditReview: exactOptional(listOf(anyObject, Number.POSITIVE_INFINITY)),
  timedDisplay: anyMembers,
  marketing: anyMembers,
});

const schema = givenFields({ vivoField: exactOptional(pipe(message, rule(problemOf))) });

/** What of NIM's `pushPayload` is vivo's (doc.yunxin.163.com, "推送 payload 配置"): `vivoField`, the body of a request. */
export const payload: VendorPayload = { members: ['vivoField'], schema };

/** A message's own wishes in vivo's terms. */
export type VivoFields = InferOutput<typeof message>;

/** What a notification's fields say; nothing if they are not as they should be. */
export function fieldsOf(fields: JsonObject | undefined): VivoFields {
  return readFields(schema, fields).vivoField ?? {};
}

/** What only several members together show. */
function problemOf(fields: VivoFields): FieldProblem | undefined {
  const { skipType = 1, skipContent, category, classification } = fields;
  if (skipType !== 1 && !skipContent) return { path: ['skipType'], message: 'needs skipContent' };
  if (skipType === 2 && !isWebAddress(skipContent)) {
    return { path: ['skipContent'], message: 'must be an http or https URL with skipType 2' };
  }
  const isMismatch =
    category !== undefined &&
    classification !== undefined &&
    classificationOf(category) !== classification;
  // 10097
  return isMismatch
    ? { path: ['classification'], message: 'must fit the category: 1 for system messages, else 0' }
    : undefined;
}

function isWebAddress(url = ''): boolean {
  return /^https?:\/\/\S+$/.test(url) && URL.canParse(url);
}
