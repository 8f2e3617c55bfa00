import pMap from 'p-map';
import type { MessageEvent } from '../model/message-event';
import type { UnreadStore } from '../model/unread';
import { entryOf } from '../rules/entry-of';
import { notifyIdOf } from '../rules/render-notification';
import { shortName, withoutMessage } from '../rules/unread';
import { mayRemember } from '../rules/withdrawal';
import { ABILITIES } from './check-payloads';
import type { Situation } from './decide-messages';
import type { ShownOn } from './plan-recall';
import { countOf } from './remember-pushes';

export interface ForgetPorts {
  readonly unread: Pick<UnreadStore, 'read' | 'removeMessage'>;
  /** SHA-256 as base64url. */
  readonly hash: (text: string) => string;
}

type Place = Pick<ShownOn, 'accountId' | 'deviceId'>;

const NOTHING = { members: [], folded: {} };
const PARALLEL_REMOVALS = 50;

/**
 * Takes a recalled message out of what devices have unread, so that it counts no more. Answers on which of them its
 * notification stands for other messages as well. Costs nothing for devices that the app remembers nothing of.
 */
export async function forgetUnread(
  recall: MessageEvent,
  devices: readonly ShownOn[],
  { accounts, app }: Situation,
  { unread, hash }: ForgetPorts,
): Promise<(place: Place) => boolean> {
  const counted = devices.flatMap(({ accountId, deviceId, certificate }) => {
    const device = entryOf(accounts.get(accountId)?.devices ?? {}, deviceId);
    const vendor = entryOf(app.certificates, certificate)?.vendor;
    const able = vendor && ABILITIES.get(vendor);
    if (device === undefined || !able || !mayRemember(able, app.settings)) return [];
    const { badge } = device;
    return [countOf(app, { accountId, deviceId, ...(badge && { badge }) })];
  });
  // a device may have been tried by several channels, and has one count
  const counts = [...new Map(counted.map((count) => [placeOf(count), count])).values()];
  if (counts.length === 0) return () => false;

  const conversation = shortName(recall.conversation.id, hash);
  const message = shortName(recall.replaces ?? recall.messageId, hash);
  const found = await unread.read(counts);
  const asked = counts.map((count, index) => ({
    count,
    ...withoutMessage(found[index] ?? NOTHING, conversation, message),
  }));
  await pMap(
    asked.filter(({ gone }) => gone.length > 0),
    ({ count }) => unread.removeMessage(count, conversation, message),
    { concurrency: PARALLEL_REMOVALS },
  );
  const notifyId = notifyIdOf(recall, app.settings, hash);
  const stands = asked.filter(({ left }) => left.members.some((one) => one.notifyId === notifyId));
  const places = new Set(stands.map(({ count }) => placeOf(count)));
  return (place) => places.has(placeOf(place));
}

function placeOf({ accountId, deviceId }: Place): string {
  return JSON.stringify([accountId, deviceId]);
}
