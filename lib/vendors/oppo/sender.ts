import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../../model/time';
import {
  type AccessTokens,
  accessInTime,
  accessTokenKey,
  createAccessTokens,
} from '../access-tokens';
import { eachToken, HELD } from '../outcomes';
import { addressOf, type CreateSender } from '../vendor';
import { fetchAuthToken } from './auth';
import { credentials } from './credentials';
import { oppo } from './index';
import { buildRequest, contentOf, type OppoMessage } from './message';
import { forAll, type OppoAnswer, readAnswer } from './protocol';

/** A second for a pass and the rest for the answers, a repeat included: well below function time-out and claim lease. */
const DEADLINE_MS = 6 * SECOND_MS;
const MAX_WAIT_MS = SECOND_MS;
const TIMEOUT_MS = 5 * SECOND_MS;
/** In less no answer is to be had. */
const SHORTEST_MS = 250;

interface Call {
  readonly message: OppoMessage;
  readonly address: string;
  readonly authAddress: string;
  readonly deadline: EpochMs;
}

/** Sends through OPPO: one request for all tokens of a content, as a unicast where there is but one. */
export const createOppoSender: CreateSender = (
  certificate,
  { http, clock, accessTokens: store },
) => {
  const opened = safeParse(credentials, certificate.credentials);
  if (!opened.success) {
    const text = 'the credentials are not whole';
    const outcome: SendOutcome = { kind: 'misconfigured', reason: { code: 'certificate', text } };
    return { send: ({ tokens }) => Promise.resolve(eachToken(tokens, () => outcome)) };
  }
  const { appKey, masterSecret } = opened.output;
  const endpoint = certificate.endpoint ?? oppo.endpoint;
  const authEndpoint = certificate.authEndpoint ?? endpoint;
  const authTokens = new Map<string, AccessTokens>();

  /** A host of another region need not know what was issued here. */
  function authTokensOf(address: string): AccessTokens {
    const known = authTokens.get(address);
    if (known !== undefined) return known;
    const made = createAccessTokens(
      accessTokenKey({ ...certificate, authEndpoint: address }),
      () => fetchAuthToken({ appKey, masterSecret }, address, { http, clock }),
      { store, clock },
    );
    authTokens.set(address, made);
    return made;
  }

  /** One request, and once more with another auth token when it was the auth token that was refused. */
  async function ask(tokens: readonly [string, ...string[]], call: Call): Promise<OppoAnswer> {
    const own = authTokensOf(call.authAddress);
    const leftMs = () => call.deadline - clock.now();
    let access = await accessInTime(own.get(), leftMs());
    let last: OppoAnswer | undefined;
    while (access.kind === 'granted') {
      const timeoutMs = Math.min(TIMEOUT_MS, leftMs() - MAX_WAIT_MS);
      if (timeoutMs < SHORTEST_MS) return last ?? forAll(HELD);
      const { accessToken: authToken } = access;
      const { address, message } = call;
      const to = { address, authToken, timeoutMs };
      const result = await http.send(buildRequest(message, tokens, to));
      const sent = { tokens, secrets: [masterSecret, appKey, authToken] };
      const answer = readAnswer(result, sent, clock.now());
      if (last !== undefined || !answer.isAuthRefused) return answer;
      last = answer;
      access = await accessInTime(own.replace(authToken), leftMs());
    }
    return forAll(access.outcome);
  }

  return {
    async send(request) {
      const call: Call = {
        message: {
          content: contentOf(request, certificate.package),
          dedupeKey: request.notification.dedupeKey,
        },
        address: addressOf(endpoint, '', request.region),
        authAddress: addressOf(authEndpoint, '', request.region),
        deadline: clock.now() + DEADLINE_MS,
      };
      const [first, ...others] = request.tokens;
      // a token named twice would get the message twice
      const tokens = [first, ...new Set(others.filter((token) => token !== first))] as const;
      const answer = await ask(tokens, call);
      return eachToken(request.tokens, (token) => answer.outcomeOf(token));
    },
  };
};
