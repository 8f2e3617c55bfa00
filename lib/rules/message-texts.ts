import type { AppSettings, TextKey } from '../model/app-settings';
import type { Insistence, MessageEvent } from '../model/message-event';
import type { NotificationParts } from '../model/notification';
import { EVERYONE } from './insistence';
import { pickHiddenText, pickText } from './pick-text';
import { readPayload } from './push-payload';

/** What one reader gets to see of a message. */
export interface MessageTexts {
  readonly title: string;
  readonly body: string;
  readonly parts: NotificationParts;
  /** Of a conversation's one notification, once it stands for several messages. */
  readonly stack: string;
}

/** Who reads, as far as texts depend on it. */
export interface Reader {
  /** Of the device, then of its account; the first that there are texts in counts. */
  readonly languages: readonly (string | undefined)[];
  readonly insists?: Insistence | undefined;
  /** Details are hidden; the name of the text shown instead may be the device's. */
  readonly hidden?: { readonly textSet?: string | undefined } | undefined;
}

/**
 * The texts of a message for one reader. NIM's composition: the sender's nick before the text where that is on and
 * there is a nick. Where details are hidden, neither who writes nor what is told.
 */
export function messageTexts(
  event: MessageEvent,
  reader: Reader,
  settings: AppSettings,
): MessageTexts {
  const { languages, hidden } = reader;
  if (hidden !== undefined) return hiddenTexts(hidden.textSet, languages, settings);
  const text = (key: TextKey) => pickText(key, languages, settings);
  const { conversation, pushConfig, sender } = event;
  const forcedContent = reader.insists === 'force' ? pushConfig.forcePushContent : undefined;
  const content =
    forcedContent || pushConfig.pushContent || ownText(event) || text(defaultKeyOf(event));
  const plain = pushConfig.pushNickEnabled && sender.nick ? `${sender.nick}:${content}` : content;
  const body = reader.insists === 'mention' ? withMention(plain, text(mentionKeyOf(event))) : plain;
  const nick = sender.nick || sender.accountId;
  const team = conversation.type === 'p2p' ? undefined : conversation.name;
  return {
    title: readPayload(pushConfig.pushPayload).title || team || nick,
    body,
    parts: { nick, content, conversation: team || nick },
    stack: text('stack'),
  };
}

/** What is shown where details are hidden, the same of every message; `textSet` is the name of a text the device asks for. */
export function hiddenTexts(
  textSet: string | undefined,
  languages: Reader['languages'],
  settings: AppSettings,
): MessageTexts {
  const title = pickText('hidden-title', languages, settings);
  const body = pickHiddenText(textSet, languages, settings);
  const parts = { nick: title, content: body, conversation: title };
  return { title, body, parts, stack: pickText('stack', languages, settings) };
}

function mentionKeyOf({ mentions = [] }: MessageEvent): TextKey {
  return mentions.includes(EVERYONE) ? 'mention-all' : 'mention';
}

function withMention(body: string, template: string): string {
  return template.replaceAll('{text}', () => body);
}

/** What a message says by itself: of a text, the text. An edited one is announced, not repeated. */
function ownText({ type, body, kind }: MessageEvent): string | undefined {
  return type === 'text' && kind !== 'modification' ? body : undefined;
}

function defaultKeyOf({ type, kind, callType }: MessageEvent): TextKey {
  if (kind === 'recall') return 'recall';
  if (kind === 'modification') return modifiedKeyOf(type);
  return type === 'call' && callType !== undefined ? `call-${callType}` : type;
}

function modifiedKeyOf(type: MessageEvent['type']): TextKey {
  switch (type) {
    case 'audio':
    case 'video':
    case 'location':
    case 'file':
      return `modified-${type}`;
    default:
      return 'modified';
  }
}
