import { createHash } from 'node:crypto';
import type { JsonObject } from '../../model/json-of';
import type { Notification } from '../../model/notification';
import type { HttpRequest } from '../../model/vendor-ports';
import { fitText } from '../../rules/fit-text';
import { omit } from '../given-fields';
import { formPost } from '../posts';
import { isVisible } from '../texts';
import { addressOf, readLimits, type SendRequest } from '../vendor';
import { categoryOf, isRestricted } from './categories';
import limitsJson from './limits.json' with { type: 'json' };
import { fieldsOf, type OppoFields, SHOW_SECONDS } from './payload';
import { type OppoTemplate, templateOf } from './templates';

const UNICAST_PATH = '/server/v1/message/notification/unicast';
const UNICAST_BATCH_PATH = '/server/v1/message/notification/unicast_batch';

const limits = readLimits(limitsJson);

/**
 * A body of the standard style (1) may have 50 or 200 characters: copies of the document differ, so 50. One of the long style (2),
 * which the phone unfolds, has 128 in all of them.
 */
const STANDARD_BODY_CHARACTERS = 50;
const STANDARD_STYLE = 1;
const LONG_TEXT_STYLE = 2;

/** `click_action_type`: the app gets the parameters. */
const OPENS_APP = 0;
/** `notify_level`: in the tray, and nothing to see on the lock screen, hear or feel. */
const BAR_ONLY = 1;

/** Of an address 200 (https://open.oppomobile.com/new/developmentDoc/info?id=11239); of its parameter 100, or 50 in the SDK. */
const CALLBACK_URL_CHARACTERS = 200;
const CALLBACK_PARAMETER_CHARACTERS = 50;

/** A notification in OPPO's terms, the same for all phones: https://open.oppomobile.com/new/developmentDoc/info?id=11236 (checked 2026-11-24). */
export interface OppoContent extends OppoTemplate {
  readonly style?: number;
  readonly title: string;
  readonly content: string;
  readonly click_action_type: number;
  readonly action_parameters?: string;
  readonly off_line: boolean;
  readonly off_line_ttl: number;
  readonly channel_id?: string;
  readonly category: string;
  readonly notify_level?: number;
  readonly notify_id: number;
  readonly call_back_url?: string;
  readonly call_back_parameter?: string;
  readonly show_ttl?: number;
}

/** What is ours to say: whom it reaches, what shows once, where receipts go. `push_time_type` can only be 0. */
const OURS = [
  'app_message_id',
  'auth_token',
  'target_type',
  'target_value',
  'verify_registration_id',
  'call_back_url',
  'call_back_parameter',
  'push_time_type',
];

/** Puts a request into OPPO's terms, every limit kept. What `oppoField` says wins, but for what is ours. */
export function contentOf(request: SendRequest, packageName: string | undefined): OppoContent {
  const { notification } = request;
  const { title, body } = notification;
  const fields = fieldsOf(notification.fields);
  const {
    title: ownTitle,
    content: ownContent,
    style: ownStyle,
    click_action_type = OPENS_APP,
    action_parameters,
    off_line = true,
    off_line_ttl = request.ttlSeconds,
    channel_id: _channel,
    category: _category,
    notify_level: _level,
    notify_id = notification.notifyId,
    show_ttl,
    private_msg_template_id: _template,
    private_title_parameters: _titleParameters,
    private_content_parameters: _contentParameters,
    ...others
  } = fields;
  const classing = classingOf(request, fields);
  const most = ownStyle === STANDARD_STYLE ? STANDARD_BODY_CHARACTERS : limits.bodyCharacters;
  const content = visible([ownContent, body, title, packageName], most);
  const isLong =
    content.length > STANDARD_BODY_CHARACTERS || classing.private_msg_template_id !== undefined;
  const style = ownStyle ?? (isLong ? LONG_TEXT_STYLE : undefined);
  const parameters = parametersOf(notification.data, action_parameters);
  const { channel_id, category, notify_level, ...template } = classing;
  const mostShown = isRestricted(category) ? SHOW_SECONDS / 2 : SHOW_SECONDS;
  return {
    ...(style === undefined ? {} : { style }),
    title: visible([ownTitle, title, body, packageName], limits.titleCharacters),
    content,
    click_action_type,
    ...(parameters === undefined ? {} : { action_parameters: parameters }),
    off_line,
    off_line_ttl: Math.min(request.ttlSeconds, off_line_ttl, limits.maxTtlSeconds),
    ...(channel_id === undefined ? {} : { channel_id }),
    category,
    ...(notify_level === undefined ? {} : { notify_level }),
    notify_id,
    ...template,
    ...receiptFields(request),
    ...(show_ttl === undefined ? {} : { show_ttl: Math.min(show_ttl, mostShown) }),
    ...omit(others, OURS),
  };
}

/** Category, channel, level and template. Those of the class are for its own kind of messages, its template for its own channel. */
function classingOf(request: SendRequest, fields: OppoFields) {
  const own = categoryOf(request.messageClass);
  const category = fields.category ?? own;
  const isItsKind = isRestricted(category) === isRestricted(own);
  const messageClass = isItsKind ? request.messageClass : undefined;
  const channel_id = fields.channel_id ?? messageClass?.channelId;
  const isItsChannel = channel_id === messageClass?.channelId;
  const ownLevel = isSilent(request.notification) ? BAR_ONLY : messageClass?.notifyLevel;
  return {
    channel_id,
    category,
    // refused for content and marketing (67)
    notify_level: isRestricted(category) ? undefined : (fields.notify_level ?? ownLevel),
    ...templateOf(request, isItsChannel ? messageClass : undefined, fields),
  };
}

/** Sound without vibration, or vibration alone, only a channel can have. */
function isSilent({ alert }: Notification): boolean {
  return alert !== undefined && !alert.sound && !alert.vibration;
}

/** What the app gets on a click: both, else what the field says, else the data. */
function parametersOf(data: JsonObject, given: JsonObject = {}): string | undefined {
  return [{ ...data, ...given }, given, data]
    .map((parameters) => JSON.stringify(parameters))
    .find((json) => json !== '{}' && json.length <= limits.payloadBytes);
}

/**
 * The first text with something to see, fitted: OPPO requires title and content. Counted in UTF-16 units as the Java SDK does,
 * although the document counts an emoji as one.
 */
function visible(texts: readonly (string | undefined)[], limit: number): string {
  return texts.map((text = '') => fitText(text, limit, 'utf16-units')).find(isVisible) ?? '…';
}

function receiptFields({ receiptUrl, jobId }: SendRequest) {
  if (receiptUrl === undefined || receiptUrl.length > CALLBACK_URL_CHARACTERS) {
    return {};
  }
  return {
    call_back_url: receiptUrl,
    ...(jobId.length > CALLBACK_PARAMETER_CHARACTERS ? {} : { call_back_parameter: jobId }),
  };
}

/** What is sent, and by which key a repeat of it is known. */
export interface OppoMessage {
  readonly content: OppoContent;
  readonly dedupeKey: string;
}

/** The HTTP request of a message to one or more registration ids, at a base address. */
export function buildRequest(
  { content, dedupeKey }: OppoMessage,
  [first, ...others]: readonly [string, ...string[]],
  to: { readonly address: string; readonly authToken: string; readonly timeoutMs: number },
): HttpRequest {
  const messageTo = (token: string) => ({
    // a registration id
    target_type: 2,
    target_value: token,
    notification: { app_message_id: appMessageId(dedupeKey, token), ...content },
  });
  const [path, name, messages] =
    others.length === 0
      ? ([UNICAST_PATH, 'message', messageTo(first)] as const)
      : ([UNICAST_BATCH_PATH, 'messages', [first, ...others].map(messageTo)] as const);
  return formPost(
    addressOf(to.address, path),
    [
      ['auth_token', to.authToken],
      [name, JSON.stringify(messages)],
    ],
    { timeoutMs: to.timeoutMs, weight: others.length + 1 },
  );
}

/**
 * The same id reaches the same phone once (info?id=11236), so a repeat is not shown again. One of its own for each phone: should
 * OPPO ever look at the id alone, nobody's message is taken for a repeat of somebody else's.
 */
function appMessageId(dedupeKey: string, token: string): string {
  return `${dedupeKey}-${createHash('sha256').update(token).digest('hex').slice(0, 16)}`;
}
