import type { Account } from '../model/account';
import type { AppSettings } from '../model/app-settings';
import type { Notification } from '../model/notification';
import type { Push, PushTarget } from '../model/push-job';
import { entryOf } from './entry-of';
import { hiddenTexts } from './message-texts';
import { withoutTexts } from './push-payload';
import { hidesDetail, languagesOf } from './user-settings';

/**
 * A push that was rendered some time ago, as its targets are to see it by what users have set since: those that hide
 * details by now get a push of their own that says neither who writes nor what, one for all that are to see the same.
 * What is hidden stays so. `accounts` by account id.
 */
export function hideDetails(
  push: Push,
  accounts: ReadonlyMap<string, Account>,
  settings: AppSettings,
): Push[] {
  // a withdrawal shows nothing
  if (push.withdraws) return [push];
  const shown = push.targets.map((target) => ({
    target,
    notification: notificationFor(target, push.notification, accounts, settings),
  }));
  const bySight = Map.groupBy(shown, ({ notification }) =>
    notification === push.notification ? '' : JSON.stringify(notification),
  );
  return [...bySight.values()].flatMap(([first, ...rest]) =>
    first === undefined
      ? []
      : [
          {
            ...push,
            notification: first.notification,
            targets: [first.target, ...rest.map(({ target }) => target)] as const,
          },
        ],
  );
}

function notificationFor(
  { accountId, deviceId }: PushTarget,
  notification: Notification,
  accounts: ReadonlyMap<string, Account>,
  settings: AppSettings,
): Notification {
  const account = accounts.get(accountId);
  const device = account && entryOf(account.devices, deviceId);
  if (account === undefined || device === undefined || !hidesDetail(account, device)) {
    return notification;
  }
  const { fields, stack } = notification;
  const languages = languagesOf(account, device);
  const { stack: text, ...texts } = hiddenTexts(device.facts.textSet, languages, settings);
  return {
    ...notification,
    ...texts,
    ...(fields && { fields: withoutTexts(fields) }),
    ...(stack && { stack: { ...stack, text } }),
  };
}
