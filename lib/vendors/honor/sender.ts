import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../../model/time';
import { accessTokenKey, createAccessTokens } from '../access-tokens';
import { askWithAccess, SEND_DEADLINE_MS } from '../ask-with-access';
import { eachToken } from '../outcomes';
import { addressOf, type CreateSender } from '../vendor';
import { forAll, type HonorAnswer, readAnswer } from './answers';
import { fetchAccessToken } from './auth';
import { credentials } from './credentials';
import { honor } from './index';
import {
  buildRequest,
  type HonorMessage,
  type HonorPassThrough,
  pushOf,
  sendPath,
} from './protocol';
import { biTagOf } from './receipts';

const TIMEOUT_MS = 4 * SECOND_MS;

/** Sends through Honor: one request for all tokens of a content. */
export const createHonorSender: CreateSender = (
  certificate,
  { http, clock, accessTokens: store },
) => {
  const opened = safeParse(credentials, certificate.credentials);
  if (!opened.success) {
    const reason = { code: 'certificate', text: 'the credentials are not whole' };
    const outcome: SendOutcome = { kind: 'misconfigured', reason };
    return { send: ({ tokens }) => Promise.resolve(eachToken(tokens, () => outcome)) };
  }
  const own = opened.output;
  const url = addressOf(certificate.endpoint ?? honor.endpoint, sendPath(own.appId));
  const authEndpoint = addressOf(certificate.authEndpoint ?? honor.authEndpoint ?? '', '');
  const accessTokens = createAccessTokens(
    accessTokenKey(certificate),
    () => fetchAccessToken(own, authEndpoint, { http, clock }),
    { store, clock },
  );

  function ask(
    message: HonorMessage | HonorPassThrough,
    tokens: readonly string[],
    deadline: EpochMs,
  ): Promise<HonorAnswer> {
    return askWithAccess(accessTokens, {
      deadline,
      timeoutMs: TIMEOUT_MS,
      clock,
      forAll,
      async ask(accessToken, timeoutMs) {
        const how = { url, accessToken, timeoutMs, now: clock.now() };
        const result = await http.send(buildRequest(message, tokens, how));
        return readAnswer(
          result,
          { tokens, secrets: [accessToken, own.clientSecret] },
          clock.now(),
        );
      },
    });
  }

  return {
    async send(request) {
      const deadline = clock.now() + SEND_DEADLINE_MS;
      const message = pushOf(request, {
        biTag: biTagOf(request.jobId, certificate.receipts?.secret),
        packageName: certificate.package,
      });
      // a token named twice might get the message twice
      const tokens = [...new Set(request.tokens)];
      const answer = await ask(message, tokens, deadline);
      return eachToken(request.tokens, (token) => answer.outcomeOf(token));
    },
  };
};
