import { isJsonObject, type JsonObject, jsonOf } from '../model/json-of';
import type { MessageEvent } from '../model/message-event';
import type { MessageOrigin } from '../model/submission';

/** How a message is recalled: what its recall shows, if anything, and who recalls. */
export interface RecallOrder {
  readonly messageId: string;
  /** Nothing is shown without. */
  readonly pushContent?: string;
  /** A JSON object as text. */
  readonly pushPayload?: string;
  /** Who recalls; the message's own sender if absent. */
  readonly sender?: { readonly accountId: string; readonly nick?: string };
}

/** Members that name a notification on the phone, in a `pushPayload` and in the vendors' fields. Sources: the vendors' payload schemas. */
const ID_MEMBERS = new Set(['notifyId', 'notify_id', 'notifyKey', 'tag', 'apns-collapse-id']);

/** The id under which a recall is kept and sent; no message can have it, for ids hold no `/`. */
export function recallIdOf(messageId: string): string {
  return `recall/${messageId}`;
}

/** What a recall of this message will have to know. */
export function originOf(event: MessageEvent): MessageOrigin {
  const { type, conversation, sentAt, expiresAt, replaces, pushConfig } = event;
  const { accountId, nick, role } = event.sender;
  const { messageClass, pushPayload } = pushConfig;
  const shownAs = idsIn(payloadOf(pushPayload));
  return {
    type,
    conversation,
    sender: {
      accountId,
      ...(nick === undefined ? {} : { nick }),
      ...(role === undefined ? {} : { role }),
    },
    sentAt,
    expiresAt,
    ...(replaces === undefined ? {} : { replaces }),
    ...(messageClass === undefined ? {} : { messageClass }),
    ...(Object.keys(shownAs).length === 0 ? {} : { shownAs }),
  };
}

/** The event "this message was recalled" for those it was pushed to; it overwrites what the message showed. */
export function recallEvent(
  { messageId, pushContent, pushPayload, sender }: RecallOrder,
  { shownAs = {}, messageClass, replaces, ...origin }: MessageOrigin,
  accountIds: readonly string[],
): MessageEvent {
  const isBySender = sender === undefined || sender.accountId === origin.sender.accountId;
  const payload = withIds(payloadOf(pushPayload), shownAs);
  return {
    ...origin,
    messageId: recallIdOf(messageId),
    kind: 'recall',
    replaces: replaces ?? messageId,
    // who acknowledges a message knows nothing of its recall
    pushIfUnackedMs: 0,
    sender: isBySender ? { ...origin.sender, ...sender } : sender,
    recipients: accountIds.map((accountId) => ({ accountId })),
    pushConfig: {
      pushEnabled: true,
      pushNickEnabled: true,
      ...(pushContent === undefined ? {} : { pushContent }),
      ...(Object.keys(payload).length === 0 ? {} : { pushPayload: JSON.stringify(payload) }),
      forcePush: false,
      unreadEnabled: false,
      ...(messageClass === undefined ? {} : { messageClass }),
    },
  };
}

function payloadOf(text: string | undefined): JsonObject {
  const value = text === undefined ? undefined : jsonOf(text);
  return isJsonObject(value) ? value : {};
}

/** A payload with nothing left but the ids of notifications. */
function idsIn(payload: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(payload).flatMap(([name, value]) => {
      if (!isJsonObject(value)) return ID_MEMBERS.has(name) ? [[name, value]] : [];
      const inside = idsIn(value);
      return Object.keys(inside).length === 0 ? [] : [[name, inside]];
    }),
  );
}

/** The payload with the ids under which the message is shown: with others it would not overwrite it. */
function withIds(payload: JsonObject, ids: JsonObject): JsonObject {
  const merged = new Map<string, unknown>(Object.entries(payload));
  for (const [name, id] of Object.entries(ids)) {
    const own = merged.get(name);
    merged.set(name, isJsonObject(id) && isJsonObject(own) ? withIds(own, id) : id);
  }
  return Object.fromEntries(merged);
}
