import type { Simulators } from '../../../../local/simulators/simulators';
import { type Answer, call } from '../calls';

export function postHonorToken(
  simulators: Simulators,
  change: Readonly<Record<string, string>> = {},
  path = '/auth/token',
): Promise<Answer> {
  const { clientId, clientSecret } = simulators.credentials('honor');
  const fields = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...change,
  };
  return call(`${simulators.authEndpoint('honor')}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
}

export async function fetchHonorToken(simulators: Simulators): Promise<string> {
  return String(Object((await postHonorToken(simulators)).json).access_token);
}

/** A notification that is right in every respect. */
export const NOTIFICATION = {
  title: '订单',
  body: '已发货',
  importance: 'NORMAL',
  notifyId: 7,
  clickAction: { type: 3 },
};

/** A message to one phone with some parts of its `android.notification` changed. */
export function aMessage(
  notification: Readonly<Record<string, unknown>> = {},
  android: Readonly<Record<string, unknown>> = {},
) {
  return {
    token: ['tokA'],
    android: { ttl: '86400s', notification: { ...NOTIFICATION, ...notification }, ...android },
  };
}

export function postHonor(
  simulators: Simulators,
  accessToken: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  appId = simulators.credentials('honor').appId,
): Promise<Answer> {
  return call(`${simulators.endpoint('honor')}/api/v1/${appId}/sendMessage`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      authorization: `Bearer ${accessToken}`,
      timestamp: `${Date.now()}`,
      ...headers,
    },
  });
}
