import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { SECOND_MS } from '../../model/time';
import type { HttpRequest } from '../../model/vendor-ports';
import { eachToken } from '../outcomes';
import { addressOf, type CreateSender, type SendRequest } from '../vendor';
import { credentials } from './credentials';
import { xiaomi } from './index';
import { messageOf, notifyIdOf } from './message';
import { buildRequest, buildRevocation, REVOKE_PATH, readResponse, SEND_PATH } from './protocol';

/** Well below the function's own time-out; the official SDK waits 3 s. */
const TIMEOUT_MS = 5 * SECOND_MS;

/** A comma would address a second phone. */
const MALFORMED_TOKEN = /[\s,]/;
const MALFORMED: SendOutcome = {
  kind: 'token-invalid',
  reason: { code: 'malformed-token', text: 'no token of Xiaomi has a comma or a space' },
};

/** Sends through Xiaomi, and takes back: one request for all tokens of a content. */
export const createXiaomiSender: CreateSender = (certificate, { http, clock }) => {
  const opened = safeParse(credentials, certificate.credentials);
  const packageName = certificate.package;
  if (!opened.success || packageName === undefined) {
    const text = opened.success
      ? 'the certificate has no package'
      : 'the credentials are not whole';
    const outcome: SendOutcome = { kind: 'misconfigured', reason: { code: 'certificate', text } };
    const send = ({ tokens }: SendRequest) => Promise.resolve(eachToken(tokens, () => outcome));
    return { send, withdraw: send };
  }
  const { appSecret } = opened.output;
  const endpoint = certificate.endpoint ?? xiaomi.endpoint;

  async function ask(request: HttpRequest, tokens: readonly string[]): Promise<SendOutcome> {
    return readResponse(await http.send(request), { tokens, appSecret }, clock.now());
  }

  return {
    send: (request) =>
      forGoodTokens(request, (tokens) => {
        const message = messageOf(request, tokens, packageName);
        const url = addressOf(endpoint, SEND_PATH, request.region);
        return ask(buildRequest(message, url, appSecret, TIMEOUT_MS), tokens);
      }),

    withdraw: (request) =>
      forGoodTokens(request, async (registrationIds) => {
        const notifyId = notifyIdOf(request.notification);
        const url = addressOf(endpoint, REVOKE_PATH, request.region);
        const revocation = { registrationIds, packageName, notifyId };
        const outcome = await ask(
          buildRevocation(revocation, url, appSecret, TIMEOUT_MS),
          registrationIds,
        );
        // what the answer names is no message, so no receipt will tell of it
        return outcome.kind === 'accepted' ? { kind: 'accepted' } : outcome;
      }),
  };
};

/** One request for all tokens that Xiaomi can have given out, if there are any. */
async function forGoodTokens(
  { tokens }: SendRequest,
  ask: (good: readonly string[]) => Promise<SendOutcome>,
): Promise<readonly [SendOutcome, ...SendOutcome[]]> {
  const good = tokens.filter((token) => !MALFORMED_TOKEN.test(token));
  const outcome = good.length === 0 ? MALFORMED : await ask(good);
  return eachToken(tokens, (token) => (MALFORMED_TOKEN.test(token) ? MALFORMED : outcome));
}
