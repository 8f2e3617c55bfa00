import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { SECOND_MS } from '../../model/time';
import { eachToken } from '../outcomes';
import { addressOf, type CreateSender, type SendRequest } from '../vendor';
import { credentials } from './credentials';
import { meizu } from './index';
import { messageJsonOf } from './message';
import { buildRequest, type MeizuAnswer, readAnswer, SEND_PATH } from './protocol';

/** A second for a pass and the rest for the answers, a redirection included: well below function time-out and claim lease. */
const DEADLINE_MS = 6 * SECOND_MS;
const MAX_WAIT_MS = SECOND_MS;
const TIMEOUT_MS = 4 * SECOND_MS;
/** In less no answer is to be had. */
const SHORTEST_MS = 250;

/** A comma would address a second phone. */
const MALFORMED_TOKEN = /[\s,]|^$/;
const MALFORMED: SendOutcome = {
  kind: 'token-invalid',
  reason: { code: 'malformed-token', text: 'no token of Meizu has a comma or a space' },
};

/** Sends through Meizu: one request for all tokens of a content. */
export const createMeizuSender: CreateSender = (certificate, { http, clock }) => {
  const opened = safeParse(credentials, certificate.credentials);
  if (!opened.success) {
    const reason = { code: 'certificate', text: 'the credentials are not whole' };
    const outcome: SendOutcome = { kind: 'misconfigured', reason };
    return { send: ({ tokens }) => Promise.resolve(eachToken(tokens, () => outcome)) };
  }
  const own = opened.output;
  const endpoint = addressOf(certificate.endpoint ?? meizu.endpoint, SEND_PATH);

  async function sendTo(tokens: readonly string[], request: SendRequest): Promise<MeizuAnswer> {
    const deadline = clock.now() + DEADLINE_MS;
    const messageJson = messageJsonOf(request, certificate.package);
    const ask = async (url: string, timeoutMs: number) => {
      const result = await http.send(buildRequest(messageJson, tokens, own, { url, timeoutMs }));
      return readAnswer(result, { tokens, appSecret: own.appSecret }, clock.now());
    };
    const answer = await ask(endpoint, TIMEOUT_MS);
    const leftMs = Math.min(TIMEOUT_MS, deadline - clock.now() - MAX_WAIT_MS);
    const { redirect } = answer;
    return redirect === undefined || leftMs < SHORTEST_MS || !isMeizus(redirect, endpoint)
      ? answer
      : ask(redirect, leftMs);
  }

  return {
    async send(request) {
      const tokens = [...new Set(request.tokens)].filter((token) => !MALFORMED_TOKEN.test(token));
      const answer = tokens.length === 0 ? undefined : await sendTo(tokens, request);
      return eachToken(request.tokens, (token) =>
        answer === undefined || MALFORMED_TOKEN.test(token) ? MALFORMED : answer.outcomeOf(token),
      );
    },
  };
};

/** A redirection is followed to Meizu itself, or within the address that sent it; tokens and texts go nowhere else. */
function isMeizus(redirect: string, endpoint: string): boolean {
  if (!URL.canParse(redirect)) return false;
  const { protocol, hostname, origin } = new URL(redirect);
  const isKnown = protocol === 'https:' && meizu.hosts.includes(hostname);
  return isKnown || (URL.canParse(endpoint) && new URL(endpoint).origin === origin);
}
