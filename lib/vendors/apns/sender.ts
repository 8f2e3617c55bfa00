import { safeParse } from 'valibot';
import type { Certificate } from '../../model/certificate';
import type { SendOutcome } from '../../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../../model/time';
import { accessInTime } from '../access-tokens';
import { inTime } from '../in-time';
import { eachToken, HELD, outcomeWithoutAnswer } from '../outcomes';
import {
  addressOf,
  type CreateSender,
  type SenderPorts,
  type SendRequest,
  type VendorSender,
} from '../vendor';
import { createProviderTokens } from './auth';
import { Connection } from './connection';
import { type ApnsCredentials, credentials } from './credentials';
import { apns } from './index';
import { type ApnsMessage, badgeMessageOf, messageOf } from './message';
import { readResponse, reasonOf, SANDBOX_ENDPOINT } from './protocol';
import type { Session, StreamResult } from './session';

/** A second for a pass and five for the answer, repeats included: well below function time-out and claim lease. */
const DEADLINE_MS = 6 * SECOND_MS;
const MAX_WAIT_MS = SECOND_MS;
/** Requests for one token in one send; all but the last were refused or not processed at all. */
const MAX_TURNS = 4;

/** What no path may hold, and no token of Apple does. */
const MALFORMED_TOKEN = /[^\x21-\x7e]|^$/;
const MALFORMED: SendOutcome = {
  kind: 'token-invalid',
  reason: { code: 'malformed-token', text: 'no token of Apple has such characters' },
};

/** Apple's answers after which only a new connection helps. */
const RECONNECT = new Set<string | undefined>(['IdleTimeout', 'Shutdown']);

/**
 * Sends through APNs: one request for each token, side by side on one connection. Withdrawing sets the number on the icon,
 * where there is one to set, and asks for nothing else.
 */
export const createApnsSender: CreateSender = (certificate, ports) =>
  createSenderWithin(DEADLINE_MS, certificate, ports);

/** A sender whose sends end within `deadlineMs`. */
export function createSenderWithin(
  deadlineMs: number,
  certificate: Certificate,
  { gate, clock, accessTokens: store }: SenderPorts,
): VendorSender {
  const opened = safeParse(credentials, certificate.credentials);
  const endpoint = opened.success ? endpointOf(certificate, opened.output) : undefined;
  if (!opened.success || endpoint === undefined) {
    const text = opened.success
      ? 'the endpoint is not an address'
      : 'the credentials are not whole';
    const outcome: SendOutcome = { kind: 'misconfigured', reason: { code: 'certificate', text } };
    const answer = ({ tokens }: SendRequest) => Promise.resolve(eachToken(tokens, () => outcome));
    return { send: answer, withdraw: answer };
  }
  const { topic } = opened.output;
  const client = clientOf(certificate, opened.output, endpoint);
  const { connection } = client;
  const providerTokens = createProviderTokens(certificate, opened.output, { store, clock });
  const prefix = endpoint.pathname.replace(/\/+$/, '');

  /** One call: all its tokens share its message and its time. */
  interface Call {
    readonly message: ApnsMessage;
    readonly deadline: EpochMs;
    /** One token found no room: the others need not wait for it as well. */
    isHeld: boolean;
  }

  async function attempt(token: string, jwt: string, call: Call): Promise<Attempt> {
    const leftMs = () => call.deadline - clock.now();
    if (call.isHeld || leftMs() <= 0) return HELD_BACK;
    const ready = connection.ready(clock.now());
    const session = ready instanceof Promise ? await inTime(ready, leftMs()) : ready;
    if (session === undefined) return HELD_BACK;
    if (typeof session === 'string') return { kind: 'failed', code: session, sent: false };
    const turn = session.enter();
    if (
      turn !== undefined &&
      (await inTime(
        turn.then(() => true),
        leftMs(),
      )) === undefined
    ) {
      void turn.then(() => session.leave());
      return HELD_BACK;
    }
    try {
      return await sendIn(session, token, jwt, call);
    } finally {
      session.leave();
    }
  }

  /** A request in a stream of its own, with a pass of its own. */
  async function sendIn(
    session: Session,
    token: string,
    jwt: string,
    call: Call,
  ): Promise<Attempt> {
    if (!session.isOpen) return { kind: 'unprocessed' };
    const leftMs = () => call.deadline - clock.now();
    if (call.isHeld || leftMs() <= 0) return HELD_BACK;
    // a limiter out of order is no reason to send without it, and none to forget what became of other tokens
    const waitMs = Math.min(MAX_WAIT_MS, leftMs());
    const pass = await gate.enter(1, waitMs).catch(() => undefined);
    if (pass === undefined) {
      call.isHeld = true;
      return HELD_BACK;
    }
    try {
      const timeoutMs = leftMs();
      if (timeoutMs <= 0) return HELD_BACK;
      const headers = {
        ':method': 'POST',
        ':path': `${prefix}/3/device/${encodeURIComponent(token)}`,
        authorization: `bearer ${jwt}`,
        ...call.message.headers,
      };
      const request = { headers, body: call.message.body, timeoutMs };
      const result = await connection.request(session, request, clock.now());
      return result.kind === 'response' ? { ...result, session } : result;
    } finally {
      pass.leave();
    }
  }

  /** Asks again where the answer was about our provider token or the connection, once for each, or nothing was processed. */
  async function sendOne(token: string, call: Call): Promise<SendOutcome> {
    if (MALFORMED_TOKEN.test(token)) return MALFORMED;
    const leftMs = () => call.deadline - clock.now();
    let access = await accessInTime(providerTokens.get(), leftMs());
    let hasReconnected = false;
    for (let turn = 1; turn <= MAX_TURNS; turn += 1) {
      if (access.kind === 'refused') return access.outcome;
      const { accessToken } = access;
      const result = await attempt(token, accessToken, call);
      if (result.kind === 'held') return HELD;
      if (result.kind === 'failed') return outcomeWithoutAnswer(result);
      if (result.kind === 'unprocessed') continue;
      const sent = { secrets: [token, accessToken], isProven: client.isProven };
      const outcome = readResponse(result, sent, clock.now());
      if (outcome.kind === 'accepted') client.isProven = true;
      const reason = reasonOf(result);
      if (turn === MAX_TURNS) return outcome;
      if (reason === 'ExpiredProviderToken') {
        access = await accessInTime(providerTokens.replace(accessToken), leftMs());
        if (access.kind === 'granted' && access.accessToken === accessToken) return outcome;
      } else if (RECONNECT.has(reason) && !hasReconnected) {
        hasReconnected = true;
        connection.retire(result.session);
      } else {
        return outcome;
      }
    }
    return UNPROCESSED;
  }

  async function sendAll({ tokens }: SendRequest, message: ApnsMessage) {
    const call: Call = { message, deadline: clock.now() + deadlineMs, isHeld: false };
    const [first, ...others] = eachToken(tokens, (token) => sendOne(token, call));
    return [await first, ...(await Promise.all(others))] as const;
  }

  return {
    send: (request) => sendAll(request, messageOf(request, topic, clock.now())),
    // Apple takes nothing out of a tray
    async withdraw(request) {
      const message = badgeMessageOf(request.notification, topic);
      return message === undefined
        ? eachToken(request.tokens, () => ({ kind: 'accepted' }) as const)
        : sendAll(request, message);
    },
  };
}

/** How one request ended; a response names the session it came by. */
type Attempt =
  | (Extract<StreamResult, { kind: 'response' }> & { readonly session: Session })
  | Exclude<StreamResult, { kind: 'response' }>
  | { readonly kind: 'held' };

const HELD_BACK: Attempt = { kind: 'held' };

const UNPROCESSED: SendOutcome = {
  kind: 'unavailable',
  reason: { code: 'network', text: 'not processed: the connection was closed again and again' },
};

function endpointOf(certificate: Certificate, { sandbox }: ApnsCredentials): URL | undefined {
  const own = sandbox === true ? SANDBOX_ENDPOINT : apns.endpoint;
  const region = sandbox === true ? 'sandbox' : 'production';
  const address = addressOf(certificate.endpoint ?? own, '', region);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** What all senders of one certificate in this container share, whatever their lane. */
interface Client {
  readonly identity: string;
  readonly connection: Connection;
  /** Some token of this certificate was accepted, so environment and topic are right. */
  isProven: boolean;
}

const clients = new Map<string, Client>();

/** The kept client of a certificate; one whose certificate has changed is given up. */
function clientOf(certificate: Certificate, own: ApnsCredentials, { origin }: URL): Client {
  const name = JSON.stringify([certificate.appKey, certificate.name]);
  const identity = JSON.stringify([own, origin]);
  const kept = clients.get(name);
  if (kept?.identity === identity) return kept;
  kept?.connection.retire();
  const connection = new Connection(origin);
  const client: Client = { identity, connection, isProven: false };
  clients.set(name, client);
  return client;
}
