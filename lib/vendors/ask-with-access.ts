import type { SendOutcome } from '../model/send-outcome';
import { type Clock, type EpochMs, SECOND_MS } from '../model/time';
import { type AccessTokens, accessInTime } from './access-tokens';
import { HELD } from './outcomes';

/** A second for a pass and the rest for the answers, a repeat included: well below function time-out and claim lease. */
export const SEND_DEADLINE_MS = 6 * SECOND_MS;
const MAX_WAIT_MS = SECOND_MS;
/** In less no answer is to be had. */
const SHORTEST_MS = 250;

/** A vendor's answer to one request, as far as access is concerned. */
interface AccessAnswer {
  /** It was the access token that was refused, and nothing else was looked at. */
  readonly isAccessRefused: boolean;
}

/** How one request is made, and what stands for its answer where there is none. */
interface AskOptions<Answer extends AccessAnswer> {
  readonly deadline: EpochMs;
  /** The longest one answer is waited for. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  ask(accessToken: string, timeoutMs: number): Promise<Answer>;
  forAll(outcome: SendOutcome): Answer;
}

/** Makes one request, and once more with another access token when it was the access token that was refused. */
export async function askWithAccess<Answer extends AccessAnswer>(
  accessTokens: AccessTokens,
  { deadline, clock, ask, forAll, ...options }: AskOptions<Answer>,
): Promise<Answer> {
  const leftMs = () => deadline - clock.now();
  let access = await accessInTime(accessTokens.get(), leftMs());
  let last: Answer | undefined;
  while (access.kind === 'granted') {
    const timeoutMs = Math.min(options.timeoutMs, leftMs() - MAX_WAIT_MS);
    if (timeoutMs < SHORTEST_MS) return last ?? forAll(HELD);
    const { accessToken } = access;
    const answer = await ask(accessToken, timeoutMs);
    if (last !== undefined || !answer.isAccessRefused) return answer;
    last = answer;
    access = await accessInTime(accessTokens.replace(accessToken), leftMs());
  }
  return forAll(access.outcome);
}
