import type { EpochMs } from '../model/time';
import type { FoldedUnread, UnreadMember, UnreadMessages } from '../model/unread';

/** So many messages of a device are remembered one by one. */
export const MAX_MEMBERS = 200;
/** So many stay so when the older ones become a number. */
const KEPT_MEMBERS = 100;

const HASH_CHARACTERS = 6;
const MEMBER = /^([\w-]{6})([\w-]{6})([0-9a-z]+)\.([0-9a-z]+)(-?)$/;
/** Where folded messages of conversations without a member are counted. */
const ELSEWHERE = '';

/** A name short enough to be stored with every message: 36 bits of the digest. `hash` is SHA-256 as base64url. */
export function shortName(id: string, hash: (text: string) => string): string {
  return hash(id).slice(0, HASH_CHARACTERS);
}

/** A member as one short text: conversation, message, `sentAt` and `notifyId` to base 36, and a dash if it does not count. */
export function encodeMember(member: UnreadMember): string {
  const { conversation, message, sentAt, notifyId, counts } = member;
  const numbers = `${sentAt.toString(36)}.${notifyId.toString(36)}`;
  return `${conversation}${message}${numbers}${counts ? '' : '-'}`;
}

/** What `encodeMember` wrote; undefined for anything else. */
export function decodeMember(text: string): UnreadMember | undefined {
  const [, conversation, message, sentAt, notifyId, dash] = MEMBER.exec(text) ?? [];
  if (!conversation || !message || !sentAt || !notifyId) return undefined;
  return {
    conversation,
    message,
    sentAt: Number.parseInt(sentAt, 36),
    notifyId: Number.parseInt(notifyId, 36),
    counts: dash === '',
  };
}

/** The number on the app's icon: what the device began with, and each message that counts once. */
export function badgeOf(base: number, { members, folded }: UnreadMessages): number {
  const before = Object.values(folded).reduce((sum, { counted }) => sum + counted, 0);
  return base + before + distinct(members.filter(({ counts }) => counts));
}

/**
 * How many messages a conversation's one notification stands for once `mine` is in it, and whether `mine` makes itself
 * heard: of the messages in the order they were sent, the first does, then each that was sent at least
 * `alertEverySeconds` after the last that did. It depends on the messages alone, so a repeat is told the same.
 */
export function stackOf(
  { members, folded }: UnreadMessages,
  mine: UnreadMember,
  alertEverySeconds: number | undefined,
): { readonly count: number; readonly alerts: boolean } {
  const { conversation } = mine;
  const own = encodeMember(mine);
  const texts = members.filter((one) => one.conversation === conversation).map(encodeMember);
  const stacked = [...new Set([...texts, own])].flatMap((text) => decodeMember(text) ?? []);
  const count = distinct(stacked) + (folded[conversation]?.messages ?? 0);
  if (alertEverySeconds === undefined) return { count, alerts: true };
  let heardAt = Number.NEGATIVE_INFINITY;
  for (const member of stacked.toSorted(bySending)) {
    const alerts = member.sentAt - heardAt >= alertEverySeconds * 1000;
    if (encodeMember(member) === own) return { count, alerts };
    if (alerts) heardAt = member.sentAt;
  }
  return { count, alerts: true };
}

/**
 * What is left to remember one by one when there are too many, and which members become a number; no count changes by
 * it. Undefined while there is room.
 */
export function foldOldest(
  unread: UnreadMessages,
): { readonly gone: readonly UnreadMember[]; readonly left: UnreadMessages } | undefined {
  if (unread.members.length <= MAX_MEMBERS) return undefined;
  const sorted = unread.members.toSorted(bySending);
  const gone = sorted.slice(0, -KEPT_MEMBERS);
  const kept = sorted.slice(-KEPT_MEMBERS);
  const names = new Set([
    ...Object.keys(unread.folded),
    ...gone.map(({ conversation }) => conversation),
  ]);
  const folded: Record<string, FoldedUnread> = {};
  for (const name of names) {
    const remaining = totalOf({ members: kept, folded: {} }, name);
    const before = totalOf(unread, name);
    const key = kept.some(({ conversation }) => conversation === name) ? name : ELSEWHERE;
    folded[key] = {
      messages: (folded[key]?.messages ?? 0) + before.messages - remaining.messages,
      counted: (folded[key]?.counted ?? 0) + before.counted - remaining.counted,
    };
  }
  return { gone, left: { members: kept, folded } };
}

/** What is unread once a conversation is read up to a time, and what leaves; older messages of it leave with them. */
export function readUpTo(
  { members, folded }: UnreadMessages,
  conversation: string,
  upTo: EpochMs,
): { readonly gone: readonly UnreadMember[]; readonly left: UnreadMessages } {
  const isRead = (one: UnreadMember) => one.conversation === conversation && one.sentAt <= upTo;
  const gone = members.filter(isRead);
  const { [conversation]: _read, ...others } = folded;
  return {
    gone,
    left: {
      members: members.filter((one) => !isRead(one)),
      folded: gone.length > 0 ? others : folded,
    },
  };
}

/** What is unread without one message, and what of it leaves; one that became a number alone stays in it. */
export function withoutMessage(
  { members, folded }: UnreadMessages,
  conversation: string,
  message: string,
): { readonly gone: readonly UnreadMember[]; readonly left: UnreadMessages } {
  const isIt = (one: UnreadMember) => one.conversation === conversation && one.message === message;
  return {
    gone: members.filter(isIt),
    left: { members: members.filter((one) => !isIt(one)), folded },
  };
}

function totalOf({ members, folded }: UnreadMessages, name: string): FoldedUnread {
  const own = members.filter(({ conversation }) => conversation === name);
  return {
    messages: (folded[name]?.messages ?? 0) + distinct(own),
    counted: (folded[name]?.counted ?? 0) + distinct(own.filter(({ counts }) => counts)),
  };
}

/** A message that came again with another time is still one. */
function distinct(members: readonly UnreadMember[]): number {
  return new Set(members.map(({ conversation, message }) => conversation + message)).size;
}

function bySending(one: UnreadMember, other: UnreadMember): number {
  if (one.sentAt !== other.sentAt) return one.sentAt - other.sentAt;
  return encodeMember(one) < encodeMember(other) ? -1 : 1;
}
