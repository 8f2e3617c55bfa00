import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../../model/time';
import { accessInTime, accessTokenKey, createAccessTokens } from '../access-tokens';
import { eachToken, HELD } from '../outcomes';
import { addressOf, type CreateSender } from '../vendor';
import { forAll, type HonorAnswer, readAnswer } from './answers';
import { fetchAccessToken } from './auth';
import { credentials } from './credentials';
import { honor } from './index';
import { buildRequest, type HonorMessage, messageOf, sendPath } from './protocol';
import { biTagOf } from './receipts';

/** A second for a pass and the rest for the answers, a repeat included: well below function time-out and claim lease. */
const DEADLINE_MS = 6 * SECOND_MS;
const MAX_WAIT_MS = SECOND_MS;
const TIMEOUT_MS = 4 * SECOND_MS;
/** In less no answer is to be had. */
const SHORTEST_MS = 250;

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

  /** One request, and once more with another access token when it was the access token that was refused. */
  async function ask(
    message: HonorMessage,
    tokens: readonly string[],
    deadline: EpochMs,
  ): Promise<HonorAnswer> {
    const leftMs = () => deadline - clock.now();
    let access = await accessInTime(accessTokens.get(), leftMs());
    let last: HonorAnswer | undefined;
    while (access.kind === 'granted') {
      const now = clock.now();
      const timeoutMs = Math.min(TIMEOUT_MS, leftMs() - MAX_WAIT_MS);
      if (timeoutMs < SHORTEST_MS) return last ?? forAll(HELD);
      const { accessToken } = access;
      const result = await http.send(
        buildRequest(message, tokens, { url, accessToken, timeoutMs, now }),
      );
      const sent = { tokens, secrets: [accessToken, own.clientSecret] };
      const answer = readAnswer(result, sent, clock.now());
      if (last !== undefined || !answer.isAccessRefused) return answer;
      last = answer;
      access = await accessInTime(accessTokens.replace(accessToken), leftMs());
    }
    return forAll(access.outcome);
  }

  return {
    async send(request) {
      const deadline = clock.now() + DEADLINE_MS;
      const message = messageOf(request, {
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
