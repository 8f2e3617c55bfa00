import { createHash } from 'node:crypto';
import type { Simulators } from '../../../../local/simulators/simulators';
import { type Answer, call } from '../calls';

/** What an auth call must send. */
export function authBody(simulators: Simulators, timestamp = Date.now()) {
  const { appId, appKey, appSecret } = simulators.credentials('vivo');
  const signed = `${appId}${appKey}${timestamp}${appSecret}`;
  const sign = createHash('md5').update(signed).digest('hex');
  return { appId: Number(appId), appKey, timestamp, sign };
}

export function postVivo(
  simulators: Simulators,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return call(`${simulators.endpoint('vivo')}/message/${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

export async function fetchVivoToken(simulators: Simulators): Promise<string> {
  const { json } = await postVivo(simulators, 'auth', authBody(simulators));
  return String(Object(json).authToken);
}

/** What single pushes and saved bodies have in common, right in every respect, with some fields changed. */
export function aBody(simulators: Simulators, change: Readonly<Record<string, unknown>> = {}) {
  return {
    appId: Number(simulators.credentials('vivo').appId),
    notifyType: 4,
    title: '订单',
    content: '已发货',
    skipType: 1,
    requestId: 'n-1001-0001',
    ...change,
  };
}

/** A single push to one phone, with some fields changed. */
export function aPush(simulators: Simulators, change: Readonly<Record<string, unknown>> = {}) {
  return { ...aBody(simulators), regId: 'v2-a', ...change };
}
