import { createHash } from 'node:crypto';
import type { Simulators } from '../../../../local/simulators/simulators';
import { type Answer, call } from '../calls';

const SEND = '/server/v1/message/notification';

/** What an auth call must send, with some fields changed, or left out (undefined). */
export function authFields(
  simulators: Simulators,
  change: Readonly<Record<string, string | undefined>> = {},
): URLSearchParams {
  const { appKey, masterSecret } = simulators.credentials('oppo');
  const timestamp = change['timestamp'] ?? `${Date.now()}`;
  const signed = `${appKey}${timestamp}${masterSecret}`;
  const fields = {
    app_key: appKey,
    timestamp,
    sign: createHash('sha256').update(signed).digest('hex'),
    ...change,
  };
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.set(name, value);
  }
  return form;
}

export function postOppoAuth(
  simulators: Simulators,
  change: Readonly<Record<string, string | undefined>> = {},
): Promise<Answer> {
  return call(`${simulators.authEndpoint('oppo')}/server/v1/auth`, {
    method: 'POST',
    body: authFields(simulators, change),
  });
}

export async function fetchOppoToken(simulators: Simulators): Promise<string> {
  return String(Object((await postOppoAuth(simulators)).json).data.auth_token);
}

export const ID = 'CN_0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b';

/** A message that is right in every respect, with some parts of its notification changed. */
export function aMessage(
  notification: Readonly<Record<string, unknown>> = {},
  change: Readonly<Record<string, unknown>> = {},
) {
  return {
    target_type: 2,
    target_value: ID,
    notification: { title: '订单', content: '已发货', ...notification },
    ...change,
  };
}

export function unicast(
  simulators: Simulators,
  authToken: string,
  message: unknown,
): Promise<Answer> {
  const body = { auth_token: authToken, message: JSON.stringify(message) };
  return postOppo(simulators, new URLSearchParams(body), `${SEND}/unicast`);
}

export function unicastBatch(
  simulators: Simulators,
  authToken: string,
  messages: unknown,
): Promise<Answer> {
  const body = { auth_token: authToken, messages: JSON.stringify(messages) };
  return postOppo(simulators, new URLSearchParams(body), `${SEND}/unicast_batch`);
}

export function postOppo(
  simulators: Simulators,
  body: URLSearchParams | string,
  path = `${SEND}/unicast`,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return call(`${simulators.endpoint('oppo')}${path}`, {
    method: 'POST',
    body: body.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', ...headers },
  });
}
