import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../../model/time';
import { type AccessTokens, accessTokenKey, createAccessTokens } from '../access-tokens';
import { askWithAccess, SEND_DEADLINE_MS } from '../ask-with-access';
import { eachToken } from '../outcomes';
import { addressOf, type CreateSender } from '../vendor';
import { fetchAuthToken } from './auth';
import { credentials } from './credentials';
import { oppo } from './index';
import { buildRequest, contentOf, type OppoMessage } from './message';
import { forAll, type OppoAnswer, readAnswer } from './protocol';

const TIMEOUT_MS = 5 * SECOND_MS;

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

  function ask(tokens: readonly [string, ...string[]], call: Call): Promise<OppoAnswer> {
    const { address, deadline, message } = call;
    return askWithAccess(authTokensOf(call.authAddress), {
      deadline,
      timeoutMs: TIMEOUT_MS,
      clock,
      forAll,
      async ask(authToken, timeoutMs) {
        const to = { address, authToken, timeoutMs };
        const result = await http.send(buildRequest(message, tokens, to));
        const sent = { tokens, secrets: [masterSecret, appKey, authToken] };
        return readAnswer(result, sent, clock.now());
      },
    });
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
        deadline: clock.now() + SEND_DEADLINE_MS,
      };
      const [first, ...others] = request.tokens;
      // a token named twice would get the message twice
      const tokens = [first, ...new Set(others.filter((token) => token !== first))] as const;
      const answer = await ask(tokens, call);
      return eachToken(request.tokens, (token) => answer.outcomeOf(token));
    },
  };
};
