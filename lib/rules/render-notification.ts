import { jsonOf } from '../model/json-of';
import type { MessageEvent, MessageType } from '../model/message-event';
import type { Notification } from '../model/notification';
import type { Lane } from '../model/push-job';

/** What is shown when a message brings no text of its own. */
const DEFAULT_TEXTS: Readonly<Record<MessageType, string>> = {
  text: '发来了一条消息',
  image: '发来了一张图片',
  audio: '发来了一段语音',
  video: '发来了一段视频',
  location: '发来了一个地理位置',
  file: '发来了一个文件',
  tip: '发来了一条消息',
  call: '发来了通话邀请',
  custom: '发来了一条消息',
};

/** NIM's numbers, as apps read them from a click. */
const SESSION_TYPES = { p2p: '0', team: '1', superTeam: '5' } as const;

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Vendors take notification ids of 1..2^31-1. */
const MAX_NOTIFY_ID = 2 ** 31 - 1;

/** A 1-to-1 message to more people than this is a mailing. */
const MAX_DIRECT_RECIPIENTS = 100;

/**
 * What the user is to see of a message; the same for all recipients.
 * `hash` answers the SHA-256 of a text as base64url.
 */
export function renderNotification(
  event: MessageEvent,
  hash: (text: string) => string,
): Notification {
  const { conversation, messageId, type } = event;
  const digest = hash(messageId);
  return {
    title: titleOf(event),
    body: bodyOf(event),
    notifyId: notifyIdOf(digest),
    dedupeKey: `k${digest.slice(0, 11).replaceAll('_', '-')}`,
    urgency: 'high',
    messageClass: type === 'call' ? 'call' : 'im',
    parts: {
      nick: nickOf(event),
      content: contentOf(event),
      conversation: (conversation.type !== 'p2p' && conversation.name) || nickOf(event),
    },
    data: {
      sessionId: conversation.id,
      sessionType: SESSION_TYPES[conversation.type],
      messageId,
      nim: '1',
    },
  };
}

/** Calls and 1-to-1 messages must not wait behind groups and mailings. */
export function laneOf(event: MessageEvent): Lane {
  const isDirect =
    event.type === 'call' ||
    (event.conversation.type === 'p2p' && event.recipients.length <= MAX_DIRECT_RECIPIENTS);
  return isDirect ? 'direct' : 'bulk';
}

function titleOf({ conversation, pushConfig, sender }: MessageEvent): string {
  const name = conversation.type === 'p2p' ? undefined : conversation.name;
  return pushTitleOf(pushConfig.pushPayload) || name || sender.nick || sender.accountId;
}

function bodyOf(event: MessageEvent): string {
  const { pushConfig, sender } = event;
  const content = contentOf(event);
  return pushConfig.pushNickEnabled && sender.nick ? `${sender.nick}:${content}` : content;
}

function contentOf({ type, body, pushConfig }: MessageEvent): string {
  const ownText = type === 'text' ? body : undefined;
  return pushConfig.pushContent || ownText || DEFAULT_TEXTS[type];
}

function nickOf({ sender }: MessageEvent): string {
  return sender.nick || sender.accountId;
}

/** Payloads were checked when the event was accepted; one that is broken all the same loses its title, not the push. */
function pushTitleOf(payload: string | undefined): string | undefined {
  const parsed = payload === undefined ? undefined : jsonOf(payload);
  return typeof parsed === 'object' &&
    parsed !== null &&
    'pushTitle' in parsed &&
    typeof parsed.pushTitle === 'string'
    ? parsed.pushTitle
    : undefined;
}

/** The first 36 bits of the digest, folded into the range. */
function notifyIdOf(digest: string): number {
  let bits = 0;
  for (const digit of digest.slice(0, 6)) {
    bits = bits * 64 + BASE64URL.indexOf(digit);
  }
  return (bits % MAX_NOTIFY_ID) + 1;
}
