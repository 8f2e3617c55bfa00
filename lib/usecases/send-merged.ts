import type { Certificate } from '../model/certificate';
import type { Notification } from '../model/notification';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { SendOutcome } from '../model/send-outcome';
import type { EpochMs } from '../model/time';
import { FLOW_CONTROL_CODE } from '../rules/after-send';
import { entryOf } from '../rules/entry-of';
import { textForMany } from '../rules/merge-waiting';
import { pickText } from '../rules/pick-text';
import { languagesOf } from '../rules/user-settings';
import type { DeliveryPorts } from './deliver-jobs';
import type { MergedNotification } from './meet-waiting';
import { withTargets } from './pick-due';
import { type RenderedPush, rememberPushes } from './remember-pushes';
import { type SentTarget, sendPushes, sendRendered } from './send-pushes';

/**
 * Sends a job's targets, with those messages as one that wait for the same place; the other jobs of the meeting do the same.
 * What a newer notification stands for is not sent: it ends like that notification if the vendor takes it, and else is to be sent again.
 */
export async function sendMerged(
  job: PushJob,
  pushes: readonly Push[],
  certificate: Certificate,
  ports: DeliveryPorts,
  lastStartAt: EpochMs,
): Promise<SentTarget[]> {
  const merged = (await ports.waiting?.join(job, pushes)) ?? [];
  if (merged.length === 0) return sendPushes(job, pushes, certificate, ports, lastStartAt);
  const led = merged.filter(({ newest }) => newest.job === job);
  const rendered = await renderAll(job, pushes, merged, led, ports);
  const sent = await sendRendered(job, rendered, certificate, ports, lastStartAt);
  const outcomes = new Map(sent.map(({ target, outcome }) => [target, outcome]));
  for (const { newest, tell } of led) tell(outcomes.get(newest.target));
  return [...sent, ...(await sentBehind(job, merged, ports))];
}

/** What this job shows. Everything is counted that it stands for, and that first, or the number on the icon would be too small. */
async function renderAll(
  job: PushJob,
  pushes: readonly Push[],
  merged: readonly MergedNotification[],
  led: readonly MergedNotification[],
  ports: DeliveryPorts,
): Promise<RenderedPush[]> {
  const taken = new Set(
    merged.flatMap(({ newest, behind }) => [newest, ...behind].map(({ target }) => target)),
  );
  const alone = pushes.flatMap((push) =>
    withTargets(
      push,
      push.targets.filter((target) => !taken.has(target)),
    ),
  );
  const behind = led.flatMap((one) =>
    one.behind.map(({ push, target }): Push => ({ ...push, targets: [target] })),
  );
  const counted = await rememberPushes(job, behind, ports);
  const heard = new Set(counted.filter(isHeard).flatMap(({ targets }) => targets.map(placeOf)));
  const forMany = await showMany(job, led, ports);
  const shown = await rememberPushes(job, [...alone, ...forMany.keys()], ports);
  return shown.flatMap((one) => {
    const push = forMany.get(one.push);
    if (push === undefined) return [one];
    const original = { ...one, push };
    if (isHeard(one)) return [original];
    // of several messages one is to be heard, so their one notification is
    const [loud, silent] = [true, false].map((isLoud) =>
      one.targets.filter((target) => heard.has(placeOf(target)) === isLoud),
    );
    const { alert: _silent, ...notification } = one.notification;
    const { alert } = push.notification;
    return [
      { ...original, targets: silent ?? [] },
      {
        ...original,
        targets: loud ?? [],
        notification: { ...notification, ...(alert && { alert }) },
      },
    ].filter(({ targets }) => targets.length > 0);
  });
}

/** Pushes that say for how many messages they stand, each with the push of the job that it is made of. */
async function showMany(
  job: PushJob,
  led: readonly MergedNotification[],
  ports: DeliveryPorts,
): Promise<ReadonlyMap<Push, Push>> {
  const templates = await templatesFor(job, led, ports);
  const made = new Map<Push, Push>();
  for (const [push, same] of Map.groupBy(led, ({ newest }) => newest.push)) {
    const told = same.map((one) => ({
      target: one.newest.target,
      notification: notificationFor(one, templates(one.newest.target)),
    }));
    const alike = Map.groupBy(told, ({ notification: { body, badge } }) =>
      JSON.stringify([body, badge]),
    );
    for (const [first, ...rest] of alike.values()) {
      if (first === undefined) continue;
      const targets = [first.target, ...rest.map(({ target }) => target)] as const;
      made.set({ ...push, notification: first.notification, targets }, push);
    }
  }
  return made;
}

function notificationFor({ newest, behind }: MergedNotification, template: string): Notification {
  const { notification } = newest.push;
  const { body, badge, stack } = notification;
  const added = [newest, ...behind].reduce((sum, { push }) => sum + addedBy(push), 0);
  const count = new Set(behind.map(({ push }) => push.messageId)).size + 1;
  return {
    ...notification,
    // a stack counts for itself, and older ones too
    ...(stack === undefined ? { body: textForMany(template, count, body) } : {}),
    ...(badge && 'add' in badge ? { badge: { add: added } } : {}),
  };
}

/** What a push adds to the number on the icon. */
function addedBy({ notification: { badge } }: Push): number {
  return badge !== undefined && 'add' in badge ? badge.add : 0;
}

/** The text for several messages, in the language of each phone. */
async function templatesFor(
  { appKey }: PushJob,
  led: readonly MergedNotification[],
  { accounts, apps }: DeliveryPorts,
): Promise<(target: PushTarget) => string> {
  const ids = led.flatMap(({ newest: { push, target } }) =>
    push.notification.stack === undefined ? [target.accountId] : [],
  );
  if (ids.length === 0) return () => '{text}';
  const [app, known] = await Promise.all([apps.get(appKey), accounts.getMany(appKey, ids)]);
  return ({ accountId, deviceId }) => {
    const account = known.get(accountId);
    const device = account && entryOf(account.devices, deviceId);
    const languages = account && device ? languagesOf(account, device) : [];
    return app === undefined ? '{text}' : pickText('stack', languages, app.settings);
  };
}

/** What became of this job's messages that newer notifications stand for. */
async function sentBehind(
  job: PushJob,
  merged: readonly MergedNotification[],
  { clock }: DeliveryPorts,
): Promise<SentTarget[]> {
  const ends = await Promise.all(
    merged.map(async ({ newest, behind, outcome }) => {
      const own = behind.filter((one) => one.job === job);
      if (own.length === 0) return [];
      const isShown = (await outcome)?.kind === 'accepted';
      return own.map(({ push, target }): SentTarget => {
        const sent = { push, target, sendBeganAt: clock.now() };
        return isShown
          ? { ...sent, outcome: { kind: 'accepted' }, mergedInto: newest.push.messageId }
          : { ...sent, outcome: NOT_SHOWN };
      });
    }),
  );
  return ends.flat();
}

/** Our own doing: no retry is counted. */
const NOT_SHOWN: SendOutcome = {
  kind: 'throttled',
  scope: 'second',
  reason: {
    code: FLOW_CONTROL_CODE,
    text: 'the notification that was to stand for it was not taken; it is sent again',
  },
};

/** Whether it makes itself heard as its push says. */
function isHeard({ push, notification }: RenderedPush): boolean {
  return notification.alert === push.notification.alert;
}

function placeOf({ accountId, deviceId, token }: PushTarget): string {
  return JSON.stringify([accountId, deviceId, token]);
}
