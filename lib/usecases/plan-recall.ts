import type { ChosenToken, RecipientDecision } from '../model/decision';
import type { MessageEvent } from '../model/message-event';
import { type EpochMs, MINUTE_MS } from '../model/time';
import type { PlannedPush } from '../rules/build-jobs';
import { entryOf } from '../rules/entry-of';
import { isMuted } from '../rules/muted-token';
import { isSentFor } from '../rules/rollout';
import { ABILITIES } from './check-payloads';
import { type DecidedMessage, decideMessage, type Situation } from './decide-messages';
import { planPushes } from './plan-pushes';

/** A device that a message was pushed to, and under which certificate. */
export interface ShownOn {
  readonly accountId: string;
  readonly deviceId: string;
  readonly certificate: string;
  /** Until then what sends the message may be at work: the recall is to arrive after it. */
  readonly notBefore?: EpochMs;
}

/** What had to wait goes out within so long, though the message's life is over by then. */
const LIFE_AFTER_WAIT_MS = MINUTE_MS;

/** What a recall does, and why. */
export interface RecallPlan {
  /** Of the devices that show the message; one whose vendor takes it back has its channel named, whatever the reason. */
  readonly decided: DecidedMessage;
  readonly pushes: readonly PlannedPush[];
  readonly withdrawals: readonly PlannedPush[];
}

/**
 * Decides a recall for the devices that show its message, each named once for every certificate that it may be shown under. Where
 * the recall is pushed it overwrites the message, and for that goes through the certificate that shows it, as long as the phone has
 * a token of that; where it is not, the vendor takes the message back if it can.
 */
export function planRecall(
  event: MessageEvent,
  shown: readonly ShownOn[],
  situation: Situation,
  hash: (text: string) => string,
): RecallPlan {
  const facts = { situation, abilities: ABILITIES, hash };
  const all = decideMessage(event, situation);
  const ways = shown.flatMap((one) => wayTo(one, situation) ?? []);
  const byPlace = Map.groupBy(shown, placeOf);
  const decided = { ...all, recipients: overwriting(onlyShown(all.recipients, byPlace), ways) };
  const pushes = planPushes(decided, facts).map((push) => inTime(push, byPlace));
  const pushedBy = new Map(pushes.map((push) => [placeOf(push), push.chosen.certificate]));
  const isOver = event.expiresAt <= situation.now;
  const takers = ways.filter(
    (one) => !isOver && one.canWithdraw && pushedBy.get(placeOf(one)) !== one.certificate,
  );
  const withdrawals = planPushes({ event, recipients: asPushes(takers) }, facts);
  return {
    decided: { ...decided, recipients: withChannels(decided.recipients, takers) },
    pushes,
    withdrawals: withdrawals.map(({ remembered: _shown, subject: _matter, ...push }) =>
      inTime({ ...push, withdraws: true }, byPlace),
    ),
  };
}

/** A device that shows the message, and how it is reached there. */
interface Way extends ShownOn {
  readonly chosen: ChosenToken;
  readonly canWithdraw: boolean;
  /** What is pushed there is seen. */
  readonly canShow: boolean;
}

/** A device of an account, as one text. */
export function placeOf({ accountId, deviceId }: Pick<ShownOn, 'accountId' | 'deviceId'>): string {
  return `${accountId}/${deviceId}`;
}

function onlyShown(
  recipients: readonly RecipientDecision[],
  places: ReadonlyMap<string, unknown>,
): RecipientDecision[] {
  return recipients.map((recipient) => ({
    ...recipient,
    devices: recipient.devices.filter(({ deviceId }) =>
      places.has(placeOf({ accountId: recipient.accountId, deviceId })),
    ),
  }));
}

/** The way to where a device shows the message: its token of the same certificate. */
function wayTo(one: ShownOn, { accounts, app }: Situation): Way | undefined {
  const { accountId, deviceId, certificate } = one;
  const device = entryOf(accounts.get(accountId)?.devices ?? {}, deviceId);
  const token = device && entryOf(device.tokens, certificate);
  if (device === undefined || token === undefined) return undefined;
  if (entryOf(app.certificates, certificate)?.vendor !== token.vendor) return undefined;
  if (!isSentFor(accountId, app.settings)) return undefined;
  const { region } = device.facts;
  return {
    ...one,
    chosen: { ...token, certificate, ...(region === undefined ? {} : { region }) },
    canWithdraw: ABILITIES.get(token.vendor)?.withdraws === true,
    canShow: !isMuted(token, device),
  };
}

/** What is pushed goes where the message is shown; where that may be in two places, the later one, for the other had no quota. */
function overwriting(
  recipients: readonly RecipientDecision[],
  ways: readonly Way[],
): RecipientDecision[] {
  const byPlace = new Map(ways.filter(({ canShow }) => canShow).map((one) => [placeOf(one), one]));
  return recipients.map((recipient) => ({
    ...recipient,
    devices: recipient.devices.map((decision) => {
      const place = placeOf({ accountId: recipient.accountId, deviceId: decision.deviceId });
      const { chosen } = byPlace.get(place) ?? decision;
      return decision.push && chosen !== undefined ? { ...decision, chosen } : decision;
    }),
  }));
}

/** The push when nothing of the message can come after it: anywhere on the device, or where it is withdrawn. */
function inTime(push: PlannedPush, byPlace: ReadonlyMap<string, readonly ShownOn[]>): PlannedPush {
  const waits = byPlace.get(placeOf(push))?.map(({ certificate, notBefore = 0 }) => {
    const isOf = !push.withdraws || certificate === push.chosen.certificate;
    return isOf ? notBefore : 0;
  });
  const notBefore = Math.max(0, ...(waits ?? []));
  if (notBefore === 0) return push;
  const expiresAt = Math.max(push.expiresAt, notBefore + LIFE_AFTER_WAIT_MS);
  return { ...push, notBefore, expiresAt };
}

function asPushes(takers: readonly Way[]): RecipientDecision[] {
  return [...Map.groupBy(takers, ({ accountId }) => accountId)].map(([accountId, own]) => ({
    accountId,
    reachable: true,
    devices: own.map(({ deviceId, chosen }) => ({
      push: true,
      deviceId,
      chosen,
      because: 'queued',
    })),
  }));
}

function withChannels(
  recipients: readonly RecipientDecision[],
  takers: readonly Way[],
): RecipientDecision[] {
  const chosen = new Map(takers.map((one) => [placeOf(one), one.chosen]));
  return recipients.map((recipient) => ({
    ...recipient,
    devices: recipient.devices.map((decision) => {
      const place = placeOf({ accountId: recipient.accountId, deviceId: decision.deviceId });
      const channel = chosen.get(place);
      return decision.push || channel === undefined ? decision : { ...decision, chosen: channel };
    }),
  }));
}
