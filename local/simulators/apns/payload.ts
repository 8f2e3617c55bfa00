import * as v from 'valibot';
import { parseJson } from '../json-body';
import { anyJsonObject, jsonObject } from '../json-object';
import type { PushType } from './headers';
import { type ApnsRefusal, refuse } from './reasons';

/** Source: developer.apple.com, "Generating a remote notification": 4 KB, for VoIP 5 KB. */
const MAX_BYTES = 4_096;
const MAX_VOIP_BYTES = 5_120;

const text = v.optional(v.string());
const texts = v.optional(v.array(v.string()));
const number = v.optional(v.number());
const flag = v.optional(v.picklist([0, 1]));
const fraction = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));
const dictionary = v.optional(anyJsonObject);

const alert = jsonObject({
  title: text,
  subtitle: text,
  body: text,
  'launch-image': text,
  'title-loc-key': text,
  'title-loc-args': texts,
  'subtitle-loc-key': text,
  'subtitle-loc-args': texts,
  'loc-key': text,
  'loc-args': texts,
});

/** The keys Apple defines, and none besides. Source: developer.apple.com, "Generating a remote notification". */
const aps = jsonObject({
  alert: v.optional(v.union([v.string(), alert])),
  badge: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  sound: v.optional(
    v.union([v.string(), jsonObject({ critical: flag, name: v.string(), volume: fraction })]),
  ),
  'thread-id': text,
  category: text,
  'content-available': flag,
  'mutable-content': flag,
  'target-content-id': text,
  'interruption-level': v.optional(v.picklist(['passive', 'active', 'time-sensitive', 'critical'])),
  'relevance-score': number,
  'filter-criteria': text,
  'stale-date': number,
  'content-state': dictionary,
  timestamp: number,
  event: v.optional(v.picklist(['start', 'update', 'end'])),
  'dismissal-date': number,
  'attributes-type': text,
  attributes: dictionary,
  'content-changed': v.optional(v.boolean()),
});

const payload = v.looseObject({ aps });

export type ApnsPayload = v.InferOutput<typeof payload>;

/** Reads a request's body, or says what is wrong with it. */
export function readPayload(body: Buffer, pushType: PushType): ApnsPayload | ApnsRefusal {
  if (body.length === 0) return refuse('PayloadEmpty');
  if (body.length > (pushType === 'voip' ? MAX_VOIP_BYTES : MAX_BYTES)) {
    return refuse('PayloadTooLarge');
  }
  const parsed = v.safeParse(payload, parseJson(decode(body)));
  // there is no documented reason for a body that is there and wrong
  if (!parsed.success) return refuse('PayloadEmpty', v.summarize(parsed.issues));
  return checkType(parsed.output, pushType) ?? parsed.output;
}

/** The push type "must accurately reflect the contents of your notification's payload". */
function checkType({ aps }: ApnsPayload, pushType: PushType): ApnsRefusal | undefined {
  const interacts = aps.alert !== undefined || aps.badge !== undefined || aps.sound !== undefined;
  if (pushType === 'alert' && !interacts) {
    return refuse('InvalidPushType', 'alert without alert, badge or sound');
  }
  if (pushType !== 'background') return undefined;
  if (interacts) return refuse('InvalidPushType', 'background with alert, badge or sound');
  return aps['content-available'] === 1
    ? undefined
    : refuse('InvalidPushType', 'background without content-available');
}

/** What the user sees of it; undefined for a message that only the app or the icon sees. */
export function visiblePart({
  aps,
}: ApnsPayload): { readonly title: string; readonly body: string } | undefined {
  if (aps.alert === undefined) return undefined;
  if (typeof aps.alert === 'string') return { title: '', body: aps.alert };
  const { title, body } = aps.alert;
  // the app has the texts to the keys, so the keys stand for them
  return {
    title: title ?? aps.alert['title-loc-key'] ?? '',
    body: body ?? aps.alert['loc-key'] ?? '',
  };
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return '';
  }
}
