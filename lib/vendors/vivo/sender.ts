import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../../model/time';
import { accessTokenKey, createAccessTokens } from '../access-tokens';
import { askWithAccess, SEND_DEADLINE_MS } from '../ask-with-access';
import { eachToken, HELD } from '../outcomes';
import { jsonPost } from '../posts';
import { createSlots } from '../slots';
import { addressOf, type CreateSender, type SendRequest } from '../vendor';
import { fetchAuthToken } from './auth';
import { credentials } from './credentials';
import { vivo } from './index';
import {
  bodyOf,
  LIST_PATH,
  listBodyOf,
  messageOf,
  receiptExtra,
  requestIdOf,
  SAVE_PATH,
  SEND_PATH,
  savingIdOf,
  wordsOf,
} from './message';
import { endOfDayInChina, forAll, readAnswer, type VivoAnswer } from './protocol';
import { PLAIN_WORDS, type Words } from './real-words';
import { createSavedBodies } from './saved-bodies';

const TIMEOUT_MS = 5 * SECOND_MS;
/** Single pushes side by side, on days when no list can be sent. */
const IN_FLIGHT = 50;

interface Call {
  readonly request: SendRequest;
  readonly words: Words;
  readonly deadline: EpochMs;
}

interface Post {
  readonly path: string;
  readonly body: string;
  readonly weight: number;
  /** Tokens its answer may speak of. */
  readonly tokens: readonly string[];
}

/** Sends through vivo: to one phone by a request of its own, to several by a saved body that is pushed to a list. */
export const createVivoSender: CreateSender = (
  certificate,
  { http, clock, accessTokens: store },
) => {
  const opened = safeParse(credentials, certificate.credentials);
  if (!opened.success) {
    const text = 'the credentials are not whole';
    const outcome: SendOutcome = { kind: 'misconfigured', reason: { code: 'certificate', text } };
    return { send: ({ tokens }) => Promise.resolve(eachToken(tokens, () => outcome)) };
  }
  const { appKey, appSecret } = opened.output;
  const appId = Number(opened.output.appId);
  const address = addressOf(certificate.endpoint ?? vivo.endpoint, '');
  const authAddress = addressOf(certificate.authEndpoint ?? address, '');
  const authTokens = createAccessTokens(
    accessTokenKey({ ...certificate, authEndpoint: authAddress }),
    () => fetchAuthToken(opened.output, authAddress, { http, clock }),
    { store, clock },
  );
  const bodies = createSavedBodies<VivoAnswer>(({ taskId }) => taskId !== undefined, clock);
  const inSlot = createSlots(IN_FLIGHT);
  /** No body can be saved before. */
  let singlesUntil: EpochMs = 0;

  function ask({ path, body, weight, tokens }: Post, { deadline }: Call): Promise<VivoAnswer> {
    return askWithAccess(authTokens, {
      deadline,
      timeoutMs: TIMEOUT_MS,
      clock,
      forAll,
      async ask(authToken, timeoutMs) {
        const options = { headers: { authToken }, timeoutMs, weight };
        const result = await http.send(jsonPost(address + path, body, options));
        const sent = { tokens, secrets: [appKey, appSecret, authToken] };
        return readAnswer(result, sent, clock.now());
      },
    });
  }

  async function sendToOne(token: string, call: Call): Promise<SendOutcome> {
    const { request, words } = call;
    const { dedupeKey } = request.notification;
    const body = bodyOf(messageOf(request, words), {
      appId,
      regId: token,
      ...receiptExtra(request),
      requestId: requestIdOf(dedupeKey, words, [token]),
    });
    const answer = await ask({ path: SEND_PATH, body, weight: 1, tokens: [token] }, call);
    return answer.areWordsRefused && words !== PLAIN_WORDS
      ? sendToOne(token, { ...call, words: PLAIN_WORDS })
      : answer.outcomeOf(token);
  }

  type Outcomes = (token: string) => SendOutcome;

  async function sendToMany(tokens: readonly string[], call: Call): Promise<Outcomes> {
    if (clock.now() < singlesUntil) return sendToEach(tokens, call);
    const { request, words } = call;
    const { dedupeKey } = request.notification;
    const message = messageOf(request, words);
    const key = JSON.stringify({ ...message, timeToLiveSeconds: 0 });
    const saved = await bodies.get(key, () => {
      const body = bodyOf(message, { appId, requestId: savingIdOf(dedupeKey) });
      return ask({ path: SAVE_PATH, body, weight: 1, tokens }, call);
    });
    if (saved.taskId === undefined) {
      if (saved.areWordsRefused && words !== PLAIN_WORDS) {
        return sendToMany(tokens, { ...call, words: PLAIN_WORDS });
      }
      if (saved.isOutOfBodies) {
        singlesUntil = endOfDayInChina(clock.now());
        return sendToEach(tokens, call);
      }
      return (token) => notSaved(saved.outcomeOf(token));
    }
    const body = listBodyOf(saved.taskId, tokens, requestIdOf(dedupeKey, words, tokens));
    const answer = await ask({ path: LIST_PATH, body, weight: tokens.length, tokens }, call);
    if (answer.isBodyRefused) bodies.forget(key);
    return (token) => answer.outcomeOf(token);
  }

  /** One by one, as many as there is time and room for: the others wait. */
  async function sendToEach(tokens: readonly string[], call: Call): Promise<Outcomes> {
    const outcomes = new Map<string, SendOutcome>();
    let isHeld = false;
    await Promise.all(
      tokens.map((token) =>
        inSlot(async () => {
          const outcome = isHeld ? HELD : await sendToOne(token, call);
          isHeld ||= outcome === HELD;
          outcomes.set(token, outcome);
        }),
      ),
    );
    return (token) => outcomes.get(token) ?? HELD;
  }

  return {
    async send(request) {
      const deadline = clock.now() + SEND_DEADLINE_MS;
      const call = { request, words: wordsOf(request.notification), deadline };
      const [first, ...others] = request.tokens;
      // a token named twice would get the message twice
      const different = [...new Set(others)].filter((token) => token !== first);
      if (different.length === 0) {
        const outcome = await sendToOne(first, call);
        return eachToken(request.tokens, () => outcome);
      }
      return eachToken(request.tokens, await sendToMany([first, ...different], call));
    },
  };
};

/** Success without a task id saves nothing, so nothing was sent. */
function notSaved(outcome: SendOutcome): SendOutcome {
  const text = 'a body was saved, but where is not said';
  return outcome.kind === 'accepted'
    ? { kind: 'unavailable', reason: { code: 'no-task-id', text, unmapped: true } }
    : outcome;
}
