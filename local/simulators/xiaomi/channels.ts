import * as v from 'valibot';
import { type Refusal, refuse } from './codes';

const DAY_MS = 86_400_000;

/** A notification category approved in the vendor's console. */
export interface XiaomiChannel {
  readonly kind: 'public' | 'private';
  /** Template id → names of its variables. A private message needs one of these. */
  readonly templates?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Approved channels by id. Where this is set, every message needs one of them. */
export type XiaomiChannels = Readonly<Record<string, XiaomiChannel>>;

/**
 * Longest time to live: two weeks by the classic statement (dev.mi.com pId=1559); where channels are
 * configured, the newer one of 1 day for public and 10 days for private channels.
 */
export function maxTimeToLiveMs(channel: XiaomiChannel | undefined): number {
  if (channel === undefined) return 14 * DAY_MS;
  return (channel.kind === 'public' ? 1 : 10) * DAY_MS;
}

const templateParam = v.record(
  v.string(),
  v.pipe(
    v.string(),
    v.regex(/^[^\p{Extended_Pictographic}\p{So}\p{Cn}]*$/u),
    v.regex(/\S/),
    v.check((value) => [...value].length <= 128),
  ),
);

/**
 * Channel and template rules: an approved channel, and for private messages an approved template with
 * exactly its variables, each of 1–128 characters, not blank, without emoji (dev.mi.com pId=2314, 2026-06-02).
 */
export function checkChannel(
  fields: ReadonlyMap<string, string>,
  channels: XiaomiChannels,
): Refusal | undefined {
  const channel = channels[fields.get('extra.channel_id') ?? ''];
  if (channel === undefined) return refuse(27001, 'invalid channel info!');
  if (channel.kind === 'public') return undefined;
  const variables = channel.templates?.[fields.get('extra.template_id') ?? ''];
  if (variables === undefined) return refuse(27001, 'invalid channel info!');
  const given = v.safeParse(templateParam, parseJson(fields.get('extra.template_param') ?? '{}'));
  if (!given.success) return refuse(10017, 'template_param: not variables of the allowed form');
  const names = Object.keys(given.output);
  const same = names.length === variables.length && variables.every((name) => names.includes(name));
  return same ? undefined : refuse(10017, 'template_param: not the variables of the template');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
