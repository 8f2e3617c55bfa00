import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { SECOND_MS } from '../../model/time';
import { eachToken } from '../outcomes';
import { addressOf, type CreateSender, type SendRequest } from '../vendor';
import { credentials } from './credentials';
import { xiaomi } from './index';
import { buildRequest, messageOf, readResponse, SEND_PATH } from './protocol';

/** Well below the function's own time-out; the official SDK waits 3 s. */
const TIMEOUT_MS = 5 * SECOND_MS;

/** A comma would address a second phone. */
const MALFORMED_TOKEN = /[\s,]/;

/** Sends through Xiaomi: one request for all tokens of a content. */
export const createXiaomiSender: CreateSender = (certificate, { http, clock }) => {
  const opened = safeParse(credentials, certificate.credentials);
  const packageName = certificate.package;
  if (!opened.success || packageName === undefined) {
    const text = opened.success
      ? 'the certificate has no package'
      : 'the credentials are not whole';
    const outcome: SendOutcome = { kind: 'misconfigured', reason: { code: 'certificate', text } };
    return { send: ({ tokens }) => Promise.resolve(eachToken(tokens, () => outcome)) };
  }
  const { appSecret } = opened.output;
  const endpoint = certificate.endpoint ?? xiaomi.endpoint;

  const sendTo = async (tokens: readonly string[], request: SendRequest): Promise<SendOutcome> => {
    const message = messageOf(request, tokens, packageName);
    const url = addressOf(endpoint, SEND_PATH, request.region);
    const result = await http.send(buildRequest(message, url, appSecret, TIMEOUT_MS));
    return readResponse(result, { tokens, appSecret }, clock.now());
  };

  return {
    async send(request) {
      const tokens = request.tokens.filter((token) => !MALFORMED_TOKEN.test(token));
      const malformed: SendOutcome = {
        kind: 'token-invalid',
        reason: { code: 'malformed-token', text: 'no token of Xiaomi has a comma or a space' },
      };
      const outcome = tokens.length === 0 ? malformed : await sendTo(tokens, request);
      return eachToken(request.tokens, (token) =>
        MALFORMED_TOKEN.test(token) ? malformed : outcome,
      );
    },
  };
};
