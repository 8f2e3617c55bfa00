import { type AppSettings, type ClassSettings, SHIPPED_CLASSES } from '../model/app-settings';
import type { MessageEvent } from '../model/message-event';
import type { Notification } from '../model/notification';
import type { AbilitiesByVendor } from '../model/vendor-abilities';
import type { VendorId } from '../model/vendor-id';
import { entryOf } from './entry-of';
import { messageTexts, type Reader } from './message-texts';
import {
  customDataOf,
  MAX_NOTIFY_ID,
  readPayload,
  vendorFieldsOf,
  withoutTexts,
} from './push-payload';

/** NIM's numbers, as apps read them from a click. */
const SESSION_TYPES = { p2p: '0', team: '1', superTeam: '5' } as const;

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Vendors take about 4 KB for all of a push; the content has up to three bytes a character. */
const MAX_CONTENT_CHARACTERS = 1_000;

/** What a notification depends on besides its message. */
export interface Viewer extends Reader {
  readonly vendor: VendorId;
}

export interface RenderFacts {
  readonly settings: AppSettings;
  readonly abilities: AbilitiesByVendor;
  /** SHA-256 as base64url. */
  readonly hash: (text: string) => string;
}

/**
 * Renders one message for each of its viewers. Viewers who are to see the same get the very same object, so that
 * their pushes can travel as one.
 */
export function createRenderer(
  event: MessageEvent,
  facts: RenderFacts,
): (viewer: Viewer) => Notification {
  const frame = frameOf(event, facts);
  const byViewer = new Map<string, Notification>();
  const byContent = new Map<string, Notification>();
  return (viewer) => {
    const { vendor, languages, insists, hidden } = viewer;
    const viewerKey = JSON.stringify([vendor, languages, insists, hidden]);
    const known = byViewer.get(viewerKey);
    if (known !== undefined) return known;
    const { stack, ...shown } = messageTexts(event, viewer, facts.settings);
    // the stack's text differs by language even where nothing that is shown does
    const seen = frame.collapses ? { ...shown, stack } : shown;
    const contentKey = JSON.stringify([vendor, seen, hidden === undefined]);
    const given = frame.fieldsOf(vendor);
    const fields = given && hidden !== undefined ? withoutTexts(given) : given;
    const notification: Notification = byContent.get(contentKey) ?? {
      ...shown,
      ...frame.common,
      data: frame.dataFor(vendor),
      ...(fields === undefined ? {} : { fields }),
      ...(frame.collapses ? { stack: { text: stack, ...frame.alertEvery } } : {}),
    };
    byContent.set(contentKey, notification);
    byViewer.set(viewerKey, notification);
    return notification;
  };
}

/** The name of the class a message belongs to. */
export function messageClassOf({ pushConfig, type }: MessageEvent): string {
  return pushConfig.messageClass ?? (type === 'call' ? 'call' : 'im');
}

/** What the app, or else we, say of a class. */
export function classSettingsOf(name: string, settings: AppSettings): ClassSettings {
  return entryOf(settings.classes, name) ?? entryOf(SHIPPED_CLASSES, name) ?? {};
}

/** What the notification of a message is known by on the phone; `hash` is SHA-256 as base64url. */
export function notifyIdOf(
  event: MessageEvent,
  settings: AppSettings,
  hash: (text: string) => string,
): number {
  const { conversation, messageId, pushConfig, replaces } = event;
  const { collapse } = classSettingsOf(messageClassOf(event), settings);
  const own = replaces ?? messageId;
  const shownAs = collapse === 'conversation' ? `conversation/${conversation.id}` : own;
  return readPayload(pushConfig.pushPayload).notifyId ?? numberOf(hash(shownAs));
}

/** What is the same for all viewers. */
function frameOf(event: MessageEvent, { settings, abilities, hash }: RenderFacts) {
  const { conversation, messageId, pushConfig, replaces, sound } = event;
  const payload = readPayload(pushConfig.pushPayload);
  const messageClass = messageClassOf(event);
  const ofClass = classSettingsOf(messageClass, settings);
  const collapses = ofClass.collapse === 'conversation';
  const { alertEverySeconds, channelId } = ofClass;
  const common = {
    notifyId: notifyIdOf(event, settings, hash),
    dedupeKey: `k${hash(messageId).slice(0, 11).replaceAll('_', '-')}`,
    urgency: 'high' as const,
    messageClass,
    ...alertOf(ofClass),
    ...(channelId === undefined ? {} : { channelId }),
    ...(sound === undefined ? {} : { sound }),
    ...(countsAsUnread(event, settings) ? { badge: { add: 1 } } : {}),
  };
  return {
    common,
    collapses,
    alertEvery: alertEverySeconds === undefined ? {} : { alertEverySeconds },
    dataFor: (vendor: VendorId) => ({
      sessionId: conversation.id,
      sessionType: SESSION_TYPES[conversation.type],
      messageId: replaces ?? messageId,
      nim: '1',
      ...contentOf(event),
      ...customDataOf(payload, vendor, abilities),
    }),
    fieldsOf(vendor: VendorId) {
      const own = abilities.get(vendor);
      return own && vendorFieldsOf(payload.members, ofClass.payload ?? {}, own);
    },
  };
}

/** The content of a custom notification, which its app reads on a click; a longer one leaves no room for the rest. */
function contentOf({ kind, body = '' }: MessageEvent): { readonly content?: string } {
  const travels = kind === 'notification' && body !== '' && body.length <= MAX_CONTENT_CHARACTERS;
  return travels ? { content: body } : {};
}

/** What only changes what was there before, and what is no message, is not counted. */
function countsAsUnread({ kind = 'message', pushConfig }: MessageEvent, { badge }: AppSettings) {
  return badge && pushConfig.unreadEnabled && (kind === 'message' || kind === 'notification');
}

function alertOf({ sound, vibration }: ClassSettings): Pick<Notification, 'alert'> {
  return sound === undefined && vibration === undefined
    ? {}
    : { alert: { sound: sound ?? true, vibration: vibration ?? true } };
}

/** The first 36 bits of the digest, folded into the range. */
function numberOf(digest: string): number {
  let bits = 0;
  for (const digit of digest.slice(0, 6)) {
    bits = bits * 64 + BASE64URL.indexOf(digit);
  }
  return (bits % MAX_NOTIFY_ID) + 1;
}
