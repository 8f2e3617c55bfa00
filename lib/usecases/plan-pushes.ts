import type { Account, Device } from '../model/account';
import type { ChosenToken } from '../model/decision';
import type { ExplicitPresence, Insistence, MessageEvent } from '../model/message-event';
import type { Notification } from '../model/notification';
import type { EpochMs } from '../model/time';
import type { AbilitiesByVendor } from '../model/vendor-abilities';
import type { PlannedPush } from '../rules/build-jobs';
import { subjectOf, unackedAfterMs } from '../rules/decide';
import { statedDesktops } from '../rules/device-checks';
import { entryOf } from '../rules/entry-of';
import { insistenceIn } from '../rules/insistence';
import { laneOf } from '../rules/lane-of';
import { mayMerge } from '../rules/merge-waiting';
import { clampAt } from '../rules/presence';
import { createRenderer, type Viewer } from '../rules/render-notification';
import { hidesDetail, languagesOf } from '../rules/user-settings';
import type { DecidedMessage, Situation } from './decide-messages';

export interface PlanFacts {
  readonly situation: Situation;
  readonly abilities: AbilitiesByVendor;
  /** SHA-256 as base64url. */
  readonly hash: (text: string) => string;
}

const NOTHING: readonly ExplicitPresence[] = [];

/** The pushes that a message's decisions ask for, each with what its device is to show. */
export function planPushes({ event, recipients }: DecidedMessage, facts: PlanFacts): PlannedPush[] {
  const { situation, abilities, hash } = facts;
  const { app, now } = situation;
  const insistenceOf = insistenceIn(event);
  const render = createRenderer(event, { settings: app.settings, abilities, hash });
  const lane = laneOf(event);
  const subject = subjectOf(event);
  // what changes a message that is there is not unread besides it
  const isNew = event.replaces === undefined;
  const merges = mayMerge(event, app.settings);
  const stated = new Map(
    event.recipients.flatMap(({ accountId, presence }) =>
      presence ? [[accountId, timed(presence, now)] as const] : [],
    ),
  );
  const planned: PlannedPush[] = [];
  for (const { accountId, devices } of recipients) {
    const insists = insistenceOf(accountId);
    const account = situation.accounts.get(accountId);
    const presences = stated.get(accountId) ?? NOTHING;
    const desktops =
      account && presences.length > 0 ? statedDesktops(account, presences, app) : NOTHING;
    for (const decision of devices) {
      const { deviceId, chosen } = decision;
      if (chosen === undefined) continue;
      const device = account && entryOf(account.devices, deviceId);
      const notification = render(viewerOf(account, device, chosen, insists));
      // in shadow mode what would be sent is rendered as well, or a mistake in it would show only once it is live
      if (!decision.push) continue;
      const presence = presences.find((one) => one.deviceId === deviceId);
      planned.push({
        messageId: event.messageId,
        subject,
        lane,
        notification,
        expiresAt: event.expiresAt,
        accountId,
        deviceId,
        chosen,
        ...(insists && { insists }),
        ...(merges && { mayMerge: true }),
        ...(isNew && isRemembered(notification, chosen, facts) ? { remembered: true } : {}),
        ...(device?.badge && { badge: device.badge }),
        ...(decision.because === 'unacked' ? waitFor(event, facts) : {}),
        ...(presence && { presence }),
        ...(desktops.length > 0 && { desktops }),
      });
    }
  }
  return planned;
}

/** Newer stored presence must be able to win while the job waits, and a clock far ahead must not prevent it. */
function timed(presences: readonly ExplicitPresence[], now: EpochMs): ExplicitPresence[] {
  return presences.map((one) => ({ ...one, at: clampAt(one.at, now) }));
}

function viewerOf(
  account: Account | undefined,
  device: Device | undefined,
  { vendor }: ChosenToken,
  insists: Insistence | undefined,
): Viewer {
  if (account === undefined || device === undefined) return { vendor, languages: [], insists };
  return {
    vendor,
    languages: languagesOf(account, device),
    insists,
    ...(hidesDetail(account, device) ? { hidden: { textSet: device.facts.textSet } } : {}),
  };
}

/** Kept in mind where something is made of it: the number on an icon, a stack, or taking it back once it is read. */
function isRemembered(
  { badge, stack }: Notification,
  { vendor }: ChosenToken,
  { abilities, situation }: PlanFacts,
): boolean {
  const own = abilities.get(vendor);
  return (
    (badge !== undefined && own?.badge === 'absolute') ||
    stack !== undefined ||
    (situation.app.settings.withdrawRead && own?.withdraws === true)
  );
}

/** The message's own wait, or else the app's. */
function waitFor(event: MessageEvent, { situation }: PlanFacts) {
  const afterMs = unackedAfterMs('connected-in-background', event, situation) ?? 0;
  return { unacked: true as const, notBefore: situation.now + afterMs };
}
