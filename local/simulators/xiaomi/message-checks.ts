import { checkChannel, maxTimeToLiveMs, type XiaomiChannels } from './channels';
import { type Refusal, refuse } from './codes';

/** A message as it was posted, each field once. */
export interface MessageForm {
  readonly version: 'v2' | 'v3' | 'v4';
  readonly fields: ReadonlyMap<string, string>;
}

export interface MessageRules {
  /** Packages of the app. */
  readonly packages: readonly string[];
  /** Undefined: channels are not looked at. */
  readonly channels?: XiaomiChannels | undefined;
}

type Check = (form: MessageForm, rules: MessageRules) => Refusal | undefined;

/** Bits of `extra.callback.type` (dev.mi.com receipts; 16–1024 as read by open-source gateways). */
export const RECEIPT_BITS = { delivered: 1, clicked: 2, invalidTarget: 16 } as const;
const ALL_RECEIPT_BITS = 1 | 2 | 16 | 32 | 64 | 128 | 1024;

const TOP_LEVEL_FIELDS: ReadonlySet<string> = new Set([
  'registration_id',
  'restricted_package_name',
  'title',
  'description',
  'payload',
  'pass_through',
  'notify_type',
  'notify_id',
  'time_to_live',
  'time_to_send',
  'collapse_key',
]);

/** `extra.*` keys with a meaning for the vendor; all others are the app's own. */
const VENDOR_EXTRAS =
  /^extra\.(notify_effect|intent_uri|web_uri|notify_foreground|channel_(id|name|description)|template_(id|param)|sound_uri|ticker|flow_control|jobkey|only_send_once|callback(\.param|\.type)?|badge|(locale|model|app_version)(_not_in)?|connpt|notification_[a-zA-Z_]+)$/;

/** Numbers are decimal digits, nothing else. */
function isInteger(text: string, min: number, max: number): boolean {
  return /^(0|-?[1-9]\d{0,15})$/.test(text) && Number(text) >= min && Number(text) <= max;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

function required(name: string): Check {
  return ({ fields }) => (fields.has(name) ? undefined : refuse(10016, `${name} is missing`));
}

/** A check of one field, skipped when it is absent. */
function field(
  name: string,
  isRight: (value: string) => boolean,
  code: number,
  must: string,
): Check {
  return ({ fields }) => {
    const value = fields.get(name);
    return value === undefined || isRight(value) ? undefined : refuse(code, `${name} ${must}`);
  };
}

/** A check of a field only notifications need. */
function ofNotification(check: Check): Check {
  return (form, rules) =>
    form.fields.get('pass_through') === '1' ? undefined : check(form, rules);
}

/** Every rule of one message, in the order they are applied; the first that fails is answered. */
const CHECKS: readonly Check[] = [
  ({ fields }) => {
    const unknown = [...fields.keys()].find(
      (name) => !TOP_LEVEL_FIELDS.has(name) && !name.startsWith('extra.'),
    );
    return unknown === undefined ? undefined : refuse(10008, `${unknown}: no such parameter`);
  },
  required('registration_id'),
  ({ fields }) => checkTargets(targetsOf(fields)),
  required('restricted_package_name'),
  checkPackages,
  required('pass_through'),
  field('pass_through', (value) => value === '0' || value === '1', 10017, 'must be 0 or 1'),
  ofNotification(required('title')),
  ofNotification(field('title', (value) => value.trim() !== '', 100, 'must not be blank')),
  // lengths count UTF-16 units, as the vendor's Java server does: an emoji counts 2
  field('title', (value) => value.length < 50, 10017, 'must have fewer than 50 characters'),
  ofNotification(required('description')),
  ofNotification(field('description', (value) => value.trim() !== '', 100, 'must not be blank')),
  field('description', (value) => value.length < 128, 10017, 'must have fewer than 128 characters'),
  field('payload', (value) => value.length < 4_096, 65009, 'must have fewer than 4096 characters'),
  ({ fields }) =>
    fields.get('pass_through') === '1' && !fields.get('payload')
      ? refuse(10016, 'payload is missing')
      : undefined,
  field('notify_type', (value) => isInteger(value, -1, 7), 10017, 'must be -1 or a sum of 1, 2, 4'),
  field('notify_id', (value) => isInteger(value, 0, 2_147_483_647), 22103, 'must be 0..2147483647'),
  ({ fields }, { channels }) => {
    const maxMs = maxTimeToLiveMs(channels?.[fields.get('extra.channel_id') ?? '']);
    const ttl = fields.get('time_to_live');
    return ttl === undefined || isInteger(ttl, 1, maxMs)
      ? undefined
      : refuse(10017, `time_to_live must be 1..${maxMs} ms`);
  },
  field('time_to_send', (value) => value === '0', 10017, ': scheduled messages are not simulated'),
  // "custom notification messages" without it are not delivered since 2024-09-30 (dev.mi.com pId=1856)
  ofNotification(({ fields }) =>
    fields.has('extra.notify_effect') ? undefined : refuse(22100, 'extra.notify_effect is missing'),
  ),
  checkNotifyEffect,
  field('extra.notify_foreground', (value) => /^[01]$/.test(value), 10017, 'must be 0 or 1'),
  field('extra.only_send_once', (value) => /^[01]$/.test(value), 10017, 'must be 0 or 1'),
  field('extra.connpt', (value) => value === 'wifi', 10017, 'must be wifi'),
  field('extra.notification_style_type', (value) => /^[12]$/.test(value), 10017, 'must be 1 or 2'),
  field(
    'extra.jobkey',
    (value) => /^[0-9A-Za-z-][0-9A-Za-z_-]{0,11}$/.test(value),
    10017,
    'must be at most 12 of 0-9A-Za-z_- and not begin with _',
  ),
  field(
    'extra.callback',
    (value) => byteLength(value) <= 128,
    65037,
    'must have at most 128 bytes',
  ),
  field('extra.callback', isWebAddress, 65038, 'must be an http or https URL'),
  field('extra.callback.param', (value) => byteLength(value) <= 64, 65036, 'is over 64 bytes'),
  field(
    'extra.callback.type',
    // 3 stands for 1 + 2 already; added to them it makes other bits, and no receipt ever comes
    (value) => isInteger(value, 1, 2_047) && (Number(value) & ~ALL_RECEIPT_BITS) === 0,
    10017,
    'must be a sum of 1, 2, 16, 32, 64, 128, 1024, each at most once',
  ),
  checkCustomExtras,
  ({ fields }, { channels }) => (channels ? checkChannel(fields, channels) : undefined),
];

/** The first rule a message breaks. */
export function findRefusal(form: MessageForm, rules: MessageRules): Refusal | undefined {
  for (const check of CHECKS) {
    const refusal = check(form, rules);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

export function targetsOf(fields: ReadonlyMap<string, string>): readonly string[] {
  return (fields.get('registration_id') ?? '').split(',');
}

export function checkTargets(targets: readonly string[]): Refusal | undefined {
  if (targets.length > 1_000) return refuse(10018, 'more than 1000 targets');
  if (targets.length === 1 && targets[0] === '') return refuse(100, 'registration_id is blank');
  return targets.includes('') ? refuse(10017, 'an empty registration_id among others') : undefined;
}

function checkPackages({ version, fields }: MessageForm, rules: MessageRules): Refusal | undefined {
  const named = (fields.get('restricted_package_name') ?? '').split(',');
  if (version === 'v2' && named.length > 1) return refuse(22022, 'v2 takes one package');
  return named.every((name) => rules.packages.includes(name))
    ? undefined
    : refuse(22022, 'restricted_package_name is not a package of the app');
}

function checkNotifyEffect({ fields }: MessageForm): Refusal | undefined {
  const effect = fields.get('extra.notify_effect');
  if (effect === undefined || effect === '1') return undefined;
  if (effect !== '2' && effect !== '3') return refuse(22100, 'extra.notify_effect must be 1, 2, 3');
  const needed = effect === '2' ? 'extra.intent_uri' : 'extra.web_uri';
  return fields.get(needed) ? undefined : refuse(22100, `notify_effect ${effect} needs ${needed}`);
}

function checkCustomExtras({ fields }: MessageForm): Refusal | undefined {
  let pairs = 0;
  let characters = 0;
  for (const [name, value] of fields) {
    if (!name.startsWith('extra.')) continue;
    if (name === 'extra.' || value.length > 1_024) {
      return refuse(65015, `${name} has no name, or over 1024 characters`);
    }
    if (VENDOR_EXTRAS.test(name)) continue;
    pairs++;
    characters += name.length - 'extra.'.length + value.length;
  }
  if (pairs > 10) return refuse(65014, `${pairs} custom extras, at most 10`);
  return characters > 1_024 ? refuse(65015, 'custom extras are over 1024 characters') : undefined;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text);
}
