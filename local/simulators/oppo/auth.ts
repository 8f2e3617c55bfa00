import { createHash } from 'node:crypto';
import { jsonReply, type Reply, type VendorRequest } from '../exchange';
import type { TokenDesk } from '../token-desk';
import { describeCode, errorReply, type Refusal, refuse } from './codes';
import { readForm } from './form';

/** 24 hours (OPPO open platform, doc 11234). */
export const LIFE_SECONDS = 86_400;

/** The timestamp must be within the last 10 minutes of the server's time (doc 11234). */
const MAX_AGE_MS = 600_000;

/** Whom auth tokens are issued to; the secret is the MasterSecret, not the AppSecret of clients. */
export interface OppoAccount {
  readonly appKey: string;
  readonly masterSecret: string;
}

/** SHA-256 over app key, timestamp and MasterSecret without separators, lower-case hex (doc 11234). */
export function sign({ appKey, masterSecret }: OppoAccount, timestamp: string): string {
  return createHash('sha256').update(`${appKey}${timestamp}${masterSecret}`).digest('hex');
}

/** Answers a request for an auth token; `dataAsText`: `data` is a JSON text, as one published sample has it. */
export function answerAuth(
  request: Pick<VendorRequest, 'headers' | 'body'>,
  account: OppoAccount,
  desk: TokenDesk,
  dataAsText: boolean,
): Reply {
  const form = readForm(request, ['app_key', 'timestamp', 'sign']);
  const now = Date.now();
  const refusal = form.refusal ?? findRefusal(form.fields, account, now);
  if (refusal !== undefined) return errorReply(refusal);
  const data = { auth_token: desk.issue('', now), create_time: now };
  return jsonReply(200, {
    code: 0,
    message: describeCode(0),
    data: dataAsText ? JSON.stringify(data) : data,
  });
}

function findRefusal(
  fields: ReadonlyMap<string, string>,
  account: OppoAccount,
  now: number,
): Refusal | undefined {
  const appKey = fields.get('app_key');
  const timestamp = fields.get('timestamp');
  const given = fields.get('sign');
  if (!appKey) return refuse(15);
  if (!timestamp) return refuse(18);
  if (!given) return refuse(17);
  if (appKey !== account.appKey) return refuse(14);
  const age = now - Number(timestamp);
  if (!/^\d{13}$/.test(timestamp) || age < 0 || age > MAX_AGE_MS) return refuse(19);
  return given === sign(account, timestamp) ? undefined : refuse(16);
}
