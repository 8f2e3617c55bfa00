import { createHash } from 'node:crypto';
import { getApps, initializeApp } from 'firebase-admin/app';
import { getMessaging, type Messaging } from 'firebase-admin/messaging';
import { safeParse } from 'valibot';
import type { Certificate } from '../../model/certificate';
import type { SendOutcome } from '../../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../../model/time';
import { accessInTime, accessTokenKey, createAccessTokens } from '../access-tokens';
import { eachToken, HELD, safeWords } from '../outcomes';
import { createSlots } from '../slots';
import { addressOf, type CreateSender, type SenderPorts, type VendorSender } from '../vendor';
import { currentSending, FcmAgent, Sending, within } from './agent';
import { fetchAccessToken } from './auth';
import { credentials, type ServiceAccount } from './credentials';
import { fcm } from './index';
import { contentOf, type FcmContent } from './message';
import { isAccessRefused, outcomeOfFailure, readFailure } from './protocol';

/** A second for a pass and five for the answer, the SDK's repeats included: well below function time-out and claim lease. */
const DEADLINE_MS = 6 * SECOND_MS;
const MAX_WAIT_MS = SECOND_MS;
/** Messages in flight of one certificate. */
const IN_FLIGHT = 100;

/** Sends through FCM: one request for each token, side by side. */
export const createFcmSender: CreateSender = (certificate, ports) =>
  createSenderWithin(DEADLINE_MS, certificate, ports);

/** A sender whose sends end within `deadlineMs`: after that the SDK's repeats can no longer go out. */
export function createSenderWithin(
  deadlineMs: number,
  certificate: Certificate,
  { http, gate, clock, accessTokens: store }: SenderPorts,
): VendorSender {
  const opened = safeParse(credentials, certificate.credentials);
  const endpoint = addressOf(certificate.endpoint ?? fcm.endpoint, '');
  const authEndpoint = addressOf(certificate.authEndpoint ?? fcm.authEndpoint ?? '', '');
  if (!opened.success || !URL.canParse(endpoint)) {
    const text = opened.success
      ? 'the endpoint is not an address'
      : 'the credentials are not whole';
    const outcome: SendOutcome = { kind: 'misconfigured', reason: { code: 'certificate', text } };
    return { send: ({ tokens }) => Promise.resolve(eachToken(tokens, () => outcome)) };
  }
  const { serviceAccount } = opened.output;
  const messaging = messagingOf(serviceAccount, endpoint);
  const accessTokens = createAccessTokens(
    accessTokenKey(certificate),
    () => fetchAccessToken(serviceAccount, authEndpoint, { http, clock }),
    { store, clock },
  );
  const inSlot = createSlots(IN_FLIGHT);
  /** Some token of this project was accepted, so the project is right. */
  let hasAccepted = false;

  async function sendOne(
    token: string,
    call: { readonly content: FcmContent; readonly deadline: EpochMs; isHeld: boolean },
  ): Promise<SendOutcome> {
    const leftMs = () => call.deadline - clock.now();
    let access = await accessInTime(accessTokens.get(), leftMs());
    for (let turn = 1; ; turn += 1) {
      if (access.kind === 'refused') {
        return access.outcome;
      }
      // one message found no room: the others of this call need not wait for it as well
      if (call.isHeld || leftMs() <= 0) {
        return HELD;
      }
      const { accessToken } = access;
      const { deadline } = call;
      const sending = new Sending({ accessToken, gate, clock, deadline, maxWaitMs: MAX_WAIT_MS });
      const sent = await attempt(messaging, sending, call.content, token);
      if (sent.kind === 'accepted') {
        hasAccepted = true;
        return { kind: 'accepted', receiptId: safeWords(sent.name, [token, accessToken]) };
      }
      if (sending.isHeld || (sent.kind === 'late' && !sending.hasBegun)) {
        call.isHeld = true;
        return HELD;
      }
      const failure = readFailure(sent.error, sending.answer);
      if (turn > 1 || !isAccessRefused(failure)) {
        return sent.kind === 'late' && sending.answer === undefined
          ? { kind: 'unavailable', reason: { code: 'deadline', text: 'no answer in time' } }
          : outcomeOfFailure(failure, [token, accessToken], clock.now());
      }
      access = await accessInTime(accessTokens.replace(accessToken), leftMs());
    }
  }

  return {
    async send(request) {
      const call = {
        content: contentOf(request, certificate.package),
        deadline: clock.now() + deadlineMs,
        isHeld: false,
      };
      const outcomes = await Promise.all(
        eachToken(request.tokens, (token) => inSlot(() => sendOne(token, call))),
      );
      const [first, ...others] = outcomes;
      const settle = (outcome: SendOutcome) => (hasAccepted ? foreignToken(outcome) : outcome);
      return [settle(first), ...others.map(settle)];
    },
  };
}

/** Where other tokens of the project are accepted, a sender mismatch is the token's fault, not the certificate's. */
function foreignToken(outcome: SendOutcome): SendOutcome {
  return outcome.kind === 'misconfigured' && outcome.reason.code === 'SENDER_ID_MISMATCH'
    ? { kind: 'token-invalid', reason: outcome.reason }
    : outcome;
}

type Sent =
  | { readonly kind: 'accepted'; readonly name: string }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late'; readonly error: undefined };

/** One message through the SDK, its repeats included, until its deadline. */
async function attempt(
  messaging: Messaging,
  sending: Sending,
  content: FcmContent,
  token: string,
): Promise<Sent> {
  const late = { kind: 'late', error: undefined } as const;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Sent>((resolve) => {
    // a timer may fire a millisecond early, when a try could still begin
    timer = setTimeout(() => resolve(late), sending.leftMs + 1);
  });
  const sent = within(sending, async (): Promise<Sent> => {
    try {
      const name: unknown = await messaging.send({ ...content, token });
      return typeof name === 'string'
        ? { kind: 'accepted', name }
        : { kind: 'failed', error: undefined };
    } catch (error) {
      return { kind: 'failed', error };
    }
  });
  try {
    return await Promise.race([sent, deadline, sending.givenUp.then((): Sent => late)]);
  } finally {
    clearTimeout(timer);
  }
}

/** The SDK's client of one certificate: one for each container, found again by what makes it. */
function messagingOf(account: ServiceAccount, endpoint: string): Messaging {
  const identity = JSON.stringify([account, endpoint]);
  const name = createHash('sha256').update(identity).digest('hex');
  const existing = getApps().find((app) => app.name === name);
  if (existing !== undefined) {
    return getMessaging(existing);
  }
  const app = initializeApp(
    {
      projectId: account.project_id,
      httpAgent: new FcmAgent(endpoint),
      credential: {
        // asked before every message: tokens are kept by `auth.ts`, which can also replace a refused one
        getAccessToken: () =>
          Promise.resolve({
            access_token: currentSending()?.accessToken ?? '',
            expires_in: 0,
          }),
      },
    },
    name,
  );
  return getMessaging(app);
}
