import { createSign } from 'node:crypto';
import type { Simulators } from '../../../local/simulators/simulators';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined if it is none. */
  readonly json: unknown;
}

export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** A Xiaomi message that is right in every respect. */
export const XIAOMI_MESSAGE: Readonly<Record<string, string>> = {
  registration_id: 'regA==',
  restricted_package_name: 'com.example.chat',
  title: '订单 已发货',
  description: '包裹 A&B 100%',
  payload: '{"id":"42","k":"a b+c"}',
  pass_through: '0',
  notify_type: '-1',
  notify_id: '7',
  time_to_live: '86400000',
  'extra.notify_effect': '1',
};

/** Posts a Xiaomi message: the right one with some fields changed, or left out (undefined). */
export function postXiaomi(
  simulators: Simulators,
  change: Readonly<Record<string, string | undefined>> = {},
  path = '/v3/message/regid',
): Promise<Answer> {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...XIAOMI_MESSAGE, ...change })) {
    if (value !== undefined) fields.set(name, value);
  }
  return postXiaomiBody(simulators, fields.toString(), path);
}

export function postXiaomiBody(
  simulators: Simulators,
  body: string,
  path = '/v3/message/regid',
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return call(`${simulators.endpoint('xiaomi')}${path}`, {
    method: 'POST',
    body,
    headers: {
      authorization: `key=${simulators.credentials('xiaomi').appSecret}`,
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      ...headers,
    },
  });
}

export interface AssertionChange {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly privateKey?: string;
}

/** An assertion Google would take, with some claims changed. */
export function signAssertion(simulators: Simulators, change: AssertionChange = {}): string {
  const { serviceAccount } = simulators.credentials('fcm');
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: 'RS256', typ: 'JWT', kid: serviceAccount.private_key_id, ...change.header };
  const claims = {
    iss: serviceAccount.client_email,
    aud: serviceAccount.token_uri,
    scope: 'https://www.googleapis.com/auth/firebase.messaging',
    iat: now,
    exp: now + 3_600,
    ...change.claims,
  };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = change.privateKey ?? serviceAccount.private_key;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

export function postToken(
  simulators: Simulators,
  fields: Readonly<Record<string, string>> = {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: signAssertion(simulators),
  },
): Promise<Answer> {
  return call(`${simulators.authEndpoint('fcm')}/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
}

export async function fetchAccessToken(simulators: Simulators): Promise<string> {
  const { json } = await postToken(simulators);
  if (typeof json !== 'object' || json === null || !('access_token' in json)) {
    throw new Error('no access token');
  }
  return String(json.access_token);
}

export function postFcm(
  simulators: Simulators,
  accessToken: string,
  body: unknown,
  projectId: string = simulators.credentials('fcm').serviceAccount.project_id,
): Promise<Answer> {
  return call(`${simulators.endpoint('fcm')}/v1/projects/${projectId}/messages:send`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json;charset=utf-8',
    },
  });
}
