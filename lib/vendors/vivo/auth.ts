import { createHash } from 'node:crypto';
import { type Clock, DAY_MS, MINUTE_MS, SECOND_MS } from '../../model/time';
import type { HttpClient } from '../../model/vendor-ports';
import type { Fetched } from '../access-tokens';
import { jsonPost } from '../posts';
import { addressOf } from '../vendor';
import type { VivoCredentials } from './credentials';
import { readAnswer } from './protocol';

const AUTH_PATH = '/message/auth';
const TIMEOUT_MS = 4 * SECOND_MS;

/** An auth token lasts 24 hours, however many are issued meanwhile; in the last of them it is not relied on any more. */
const LIFE_MS = DAY_MS - 60 * MINUTE_MS;

/** It goes into a header. */
const AUTH_TOKEN = /^[\x21-\x7e]+$/;

/** Fetches an auth token from a base address: https://dev.vivo.com.cn/documentCenter/doc/362 (checked 2026-11-24). */
export async function fetchAuthToken(
  { appId, appKey, appSecret }: VivoCredentials,
  address: string,
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
): Promise<Fetched> {
  const timestamp = clock.now();
  const sign = createHash('md5').update(`${appId}${appKey}${timestamp}${appSecret}`).digest('hex');
  const body = JSON.stringify({ appId: Number(appId), appKey, timestamp, sign });
  const result = await http.send(
    jsonPost(addressOf(address, AUTH_PATH), body, { timeoutMs: TIMEOUT_MS, weight: 0 }),
  );
  const answer = readAnswer(
    result,
    { tokens: [], secrets: [appKey, appSecret, sign] },
    clock.now(),
  );
  const { authToken } = answer;
  if (authToken !== undefined && AUTH_TOKEN.test(authToken)) {
    return { kind: 'issued', accessToken: authToken, lifeMs: LIFE_MS };
  }
  const outcome = answer.outcomeOf('');
  const reason = { code: 'auth-unreadable', text: 'success without an auth token' };
  return {
    kind: 'refused',
    outcome:
      outcome.kind === 'accepted'
        ? { kind: 'unavailable', reason: { ...reason, unmapped: true } }
        : outcome,
  };
}
