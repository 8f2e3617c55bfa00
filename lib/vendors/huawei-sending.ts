import { chunk } from '../model/chunk';
import { type Clock, type EpochMs, SECOND_MS } from '../model/time';
import type { HttpClient } from '../model/vendor-ports';
import { type AccessTokens, accessInTime } from './access-tokens';
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
  readonly tokensPerRequest: number;
  readonly accessTokens: AccessTokens;
  /** Words no outcome may hold. */
  readonly secrets: readonly string[];
  /** The body of a message, still to be given its tokens. */
  readonly bodyOf: (request: SendRequest) => (tokens: readonly string[]) => string;
}

/** A second for a pass and the rest for the answers, a repeat included: well below function time-out and claim lease. */
const DEADLINE_MS = 6 * SECOND_MS;
const MAX_WAIT_MS = SECOND_MS;
const TIMEOUT_MS = 4 * SECOND_MS;
/** In less no answer is to be had. */
const SHORTEST_MS = 250;

interface Call {
  readonly bodyOf: (tokens: readonly string[]) => string;
  readonly deadline: EpochMs;
}

/** Sends through Huawei's push cloud: one request for as many tokens as it takes. */
export function createHuaweiSending(
  dialect: HuaweiDialect,
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
): VendorSender {
  const { accessTokens, errors, headers, tokensPerRequest, url } = dialect;
  let hasAccepted = false;

  /** One request, and once more with another access token when it was the access token that was refused. */
  async function ask(tokens: readonly string[], call: Call): Promise<HuaweiAnswer> {
    const leftMs = () => call.deadline - clock.now();
    let access = await accessInTime(accessTokens.get(), leftMs());
    let last: HuaweiAnswer | undefined;
    while (access.kind === 'granted') {
      const timeoutMs = Math.min(TIMEOUT_MS, leftMs() - MAX_WAIT_MS);
      if (timeoutMs < SHORTEST_MS) return last ?? forAll(HELD);
      const { accessToken } = access;
      const result = await http.send(
        jsonPost(url, call.bodyOf(tokens), {
          headers: { ...headers, Authorization: `Bearer ${accessToken}` },
          timeoutMs,
          weight: tokens.length,
        }),
      );
      const secrets = [...dialect.secrets, accessToken];
      const sent = { tokens, secrets, errors, isProven: hasAccepted };
      const answer = readAnswer(result, sent, clock.now());
      if (last !== undefined || !answer.isAccessRefused) return answer;
      last = answer;
      access = await accessInTime(accessTokens.replace(accessToken), leftMs());
    }
    return forAll(access.outcome);
  }

  return {
    async send(request) {
      const call = { bodyOf: dialect.bodyOf(request), deadline: clock.now() + DEADLINE_MS };
      // a token named twice would get the message twice
      const tokens = [...new Set(request.tokens)];
      const sent = await Promise.all(
        chunk(tokens, tokensPerRequest).map(async (some) => {
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
