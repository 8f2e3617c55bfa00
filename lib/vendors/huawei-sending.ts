import { chunk } from '../model/chunk';
import { type Clock, type EpochMs, SECOND_MS } from '../model/time';
import type { HttpClient } from '../model/vendor-ports';
import type { AccessTokens } from './access-tokens';
import { askWithAccess, SEND_DEADLINE_MS } from './ask-with-access';
import { forAll, type HuaweiAnswer, readAnswer } from './huawei-answers';
import { eachToken, HELD } from './outcomes';
import { jsonPost } from './posts';
import type { ErrorTable, SendRequest, VendorSender } from './vendor';

/** How Huawei's push cloud is spoken to for one certificate: by its Android API or by that of HarmonyOS. */
export interface HuaweiDialect {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: ErrorTable;
  /** What the vendor takes, and no more than the certificate may send in a second. */
  readonly tokensPerRequest: (request: SendRequest) => number;
  readonly accessTokens: AccessTokens;
  /** Words no outcome may hold. */
  readonly secrets: readonly string[];
  /** The body of a message, still to be given its tokens. */
  readonly bodyOf: (request: SendRequest) => (tokens: readonly string[]) => string;
}

const TIMEOUT_MS = 4 * SECOND_MS;

interface Call {
  readonly bodyOf: (tokens: readonly string[]) => string;
  readonly deadline: EpochMs;
}

/** Sends through Huawei's push cloud: one request for as many tokens as it takes. */
export function createHuaweiSending(
  dialect: HuaweiDialect,
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
): Pick<VendorSender, 'send'> {
  const { accessTokens, errors, headers, tokensPerRequest, url } = dialect;
  let hasAccepted = false;

  function ask(tokens: readonly string[], { bodyOf, deadline }: Call): Promise<HuaweiAnswer> {
    return askWithAccess(accessTokens, {
      deadline,
      timeoutMs: TIMEOUT_MS,
      clock,
      forAll,
      async ask(accessToken, timeoutMs) {
        const result = await http.send(
          jsonPost(url, bodyOf(tokens), {
            headers: { ...headers, Authorization: `Bearer ${accessToken}` },
            timeoutMs,
            weight: tokens.length,
          }),
        );
        const secrets = [...dialect.secrets, accessToken];
        const sent = { tokens, secrets, errors, isProven: hasAccepted };
        return readAnswer(result, sent, clock.now());
      },
    });
  }

  return {
    async send(request) {
      const call = { bodyOf: dialect.bodyOf(request), deadline: clock.now() + SEND_DEADLINE_MS };
      // a token named twice would get the message twice
      const tokens = [...new Set(request.tokens)];
      const sent = await Promise.all(
        chunk(tokens, tokensPerRequest(request)).map(async (some) => {
          const answer = await ask(some, call);
          return some.map((token) => [token, answer.outcomeOf(token)] as const);
        }),
      );
      const outcomes = new Map(sent.flat());
      hasAccepted ||= [...outcomes.values()].some(({ kind }) => kind === 'accepted');
      return eachToken(request.tokens, (token) => outcomes.get(token) ?? HELD);
    },
  };
}
