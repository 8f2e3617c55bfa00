import { createHash } from 'node:crypto';
import type { MessageClass } from '../../model/app-settings';
import type { HttpRequest } from '../../model/vendor-ports';
import { fitText } from '../../rules/fit-text';
import { formPost } from '../posts';
import { templateValues } from '../template-values';
import { isVisible } from '../texts';
import { addressOf, readLimits, type SendRequest } from '../vendor';
import { CONTENT_AND_MARKETING, categoryOf } from './categories';
import limitsJson from './limits.json' with { type: 'json' };

const UNICAST_PATH = '/server/v1/message/notification/unicast';
const UNICAST_BATCH_PATH = '/server/v1/message/notification/unicast_batch';

const limits = readLimits(limitsJson);

/**
 * A body of the standard style (1) may have 50 or 200 characters: copies of the document differ, so 50. One of the long style (2),
 * which the phone unfolds, has 128 in all of them.
 */
const STANDARD_BODY_CHARACTERS = 50;
const LONG_TEXT_STYLE = 2;

/** Of an address 200 (https://open.oppomobile.com/new/developmentDoc/info?id=11239); of its parameter 100, or 50 in the SDK. */
const CALLBACK_URL_CHARACTERS = 200;
const CALLBACK_PARAMETER_CHARACTERS = 50;

/**
 * What a template's values may have together: its own words need room in the 50 and 128 characters too. OPPO publishes no
 * limit of a single value.
 */
const TITLE_VALUES_CHARACTERS = 30;
const BODY_VALUES_CHARACTERS = 100;

/** A notification in OPPO's terms, the same for all phones: https://open.oppomobile.com/new/developmentDoc/info?id=11236 (checked 2026-11-24). */
export interface OppoContent {
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
  readonly private_msg_template_id?: string;
  readonly private_title_parameters?: Readonly<Record<string, string>>;
  readonly private_content_parameters?: Readonly<Record<string, string>>;
  readonly call_back_url?: string;
  readonly call_back_parameter?: string;
}

/** Puts a request into OPPO's terms, every limit kept. */
export function contentOf(request: SendRequest, packageName: string | undefined): OppoContent {
  const { notification, messageClass } = request;
  const { title, body, data } = notification;
  const category = categoryOf(messageClass);
  const parameters = JSON.stringify(data);
  const content = visible([body, title, packageName], limits.bodyCharacters);
  const isLong =
    content.length > STANDARD_BODY_CHARACTERS || messageClass?.templateId !== undefined;
  return {
    ...(isLong ? { style: LONG_TEXT_STYLE } : {}),
    title: visible([title, body, packageName], limits.titleCharacters),
    content,
    // opens the app, which gets the parameters
    click_action_type: 0,
    ...(parameters !== '{}' && parameters.length <= limits.payloadBytes
      ? { action_parameters: parameters }
      : {}),
    off_line: true,
    off_line_ttl: Math.min(request.ttlSeconds, limits.maxTtlSeconds),
    ...(messageClass?.channelId === undefined ? {} : { channel_id: messageClass.channelId }),
    category,
    // refused for content and marketing (67)
    ...(messageClass?.notifyLevel === undefined || CONTENT_AND_MARKETING.has(category)
      ? {}
      : { notify_level: messageClass.notifyLevel }),
    notify_id: notification.notifyId,
    ...templateFields(request, messageClass),
    ...receiptFields(request),
  };
}

/**
 * The first text with something to see, fitted: OPPO requires title and content. Counted in UTF-16 units as the Java SDK does,
 * although the document counts an emoji as one.
 */
function visible(texts: readonly (string | undefined)[], limit: number): string {
  return texts.map((text = '') => fitText(text, limit, 'utf16-units')).find(isVisible) ?? '…';
}

/**
 * An approved template with its variables (`${name}$` in OPPO's console, info?id=12391). One without variables gets no parameters
 * at all: OPPO refuses an empty object.
 */
function templateFields({ notification }: SendRequest, messageClass: MessageClass | undefined) {
  if (messageClass?.templateId === undefined) {
    return {};
  }
  const values = (characters: number, parameters: Readonly<Record<string, string>> = {}) => {
    const count = Object.keys(parameters).length;
    return count === 0
      ? undefined
      : templateValues(parameters, notification.parts, {
          clean: (text) => cleanValue(text, Math.floor(characters / count)),
          fallback: '…',
        });
  };
  const titleParameters = values(TITLE_VALUES_CHARACTERS, messageClass.titleParameters);
  const contentParameters = values(BODY_VALUES_CHARACTERS, messageClass.templateParameters);
  return {
    private_msg_template_id: messageClass.templateId,
    ...(titleParameters && { private_title_parameters: titleParameters }),
    ...(contentParameters && { private_content_parameters: contentParameters }),
  };
}

/** One line, and nothing in it that looks like a variable. */
function cleanValue(text: string, characters: number): string {
  const plain = text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/\$+\{/g, '{')
    .trim();
  const value = fitText(plain, Math.max(1, characters), 'utf16-units');
  return isVisible(value) ? value : '';
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
