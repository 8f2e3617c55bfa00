import type { ChosenToken, RecipientDecision } from '../model/decision';
import type { MessageEvent } from '../model/message-event';
import type { EpochMs } from '../model/time';
import type { PlannedPush } from '../rules/build-jobs';
import { entryOf } from '../rules/entry-of';
import { isSentFor } from '../rules/rollout';
import { ABILITIES } from './check-payloads';
import { type DecidedMessage, decideMessage, type Situation } from './decide-messages';
import { planPushes } from './plan-pushes';

/** A device that a message was pushed to, and under which certificate. */
export interface ShownOn {
  readonly accountId: string;
  readonly deviceId: string;
  readonly certificate: string;
  /** What sends the message may still be at work: the recall is to arrive after it. */
  readonly notBefore?: EpochMs;
}

/** What a recall does, and why. */
export interface RecallPlan {
  /** Of the devices that show the message; one whose vendor takes it back has its channel named, whatever the reason. */
  readonly decided: DecidedMessage;
  readonly pushes: readonly PlannedPush[];
  readonly withdrawals: readonly PlannedPush[];
}

/**
 * Decides a recall for the devices that show its message. Where it is pushed it overwrites the message, as long as both go
 * through the same vendor; where it is not, the vendor takes the message back if it can.
 */
export function planRecall(
  event: MessageEvent,
  shown: readonly ShownOn[],
  situation: Situation,
  hash: (text: string) => string,
): RecallPlan {
  const facts = { situation, abilities: ABILITIES, hash };
  const all = decideMessage(event, situation);
  const decided = { ...all, recipients: onlyShown(all.recipients, shown) };
  const waits = new Map(shown.map((one) => [placeOf(one), one.notBefore]));
  const inTime = (push: PlannedPush): PlannedPush => {
    const notBefore = waits.get(placeOf(push));
    return notBefore === undefined ? push : { ...push, notBefore };
  };
  const pushes = planPushes(decided, facts).map(inTime);
  const pushedTo = new Set(pushes.map(placeOf));
  const isOver = event.expiresAt <= situation.now;
  const takers = shown.flatMap((one) => {
    const chosen = isOver || pushedTo.has(placeOf(one)) ? undefined : channelOf(one, situation);
    return chosen === undefined ? [] : [{ ...one, chosen }];
  });
  const withdrawals = planPushes({ event, recipients: asPushes(takers) }, facts);
  return {
    decided: { ...decided, recipients: withChannels(decided.recipients, takers) },
    pushes,
    withdrawals: withdrawals.map(({ remembered: _shown, subject: _matter, ...push }) =>
      inTime({ ...push, withdraws: true }),
    ),
  };
}

interface Taker extends ShownOn {
  readonly chosen: ChosenToken;
}

function placeOf({ accountId, deviceId }: Pick<ShownOn, 'accountId' | 'deviceId'>): string {
  return `${accountId}/${deviceId}`;
}

function onlyShown(
  recipients: readonly RecipientDecision[],
  shown: readonly ShownOn[],
): RecipientDecision[] {
  const places = new Set(shown.map(placeOf));
  return recipients.map((recipient) => ({
    ...recipient,
    devices: recipient.devices.filter(({ deviceId }) =>
      places.has(placeOf({ accountId: recipient.accountId, deviceId })),
    ),
  }));
}

/** The way to take back what a device shows: its token of the same certificate, where the vendor can. */
function channelOf(
  { accountId, deviceId, certificate }: ShownOn,
  { accounts, app }: Situation,
): ChosenToken | undefined {
  const device = entryOf(accounts.get(accountId)?.devices ?? {}, deviceId);
  const token = device && entryOf(device.tokens, certificate);
  const isPossible =
    token !== undefined &&
    ABILITIES.get(token.vendor)?.withdraws === true &&
    entryOf(app.certificates, certificate)?.vendor === token.vendor &&
    isSentFor(accountId, app.settings);
  if (!isPossible) return undefined;
  const { region } = device?.facts ?? {};
  return { ...token, certificate, ...(region === undefined ? {} : { region }) };
}

function asPushes(takers: readonly Taker[]): RecipientDecision[] {
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
  takers: readonly Taker[],
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
