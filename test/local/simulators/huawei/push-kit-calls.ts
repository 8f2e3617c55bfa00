import { constants, sign } from 'node:crypto';
import type { HuaweiServiceAccount } from '../../../../local/simulators/huawei/service-account';
import type { Simulators } from '../../../../local/simulators/simulators';
import { type Answer, call } from '../calls';

type Fields = Readonly<Record<string, unknown>>;

export interface JwtChange {
  readonly header?: Fields;
  readonly claims?: Fields;
  readonly privateKey?: string;
  readonly saltLength?: number;
  readonly padding?: number;
}

/** A JWT Push Kit would take, with some parts changed. */
export function signJwt(account: HuaweiServiceAccount, change: JwtChange = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: 'PS256', kid: account.key_id, typ: 'JWT', ...change.header };
  const claims = {
    iss: account.sub_account,
    aud: 'https://oauth-login.cloud.huawei.com/oauth2/v3/token',
    iat: now,
    exp: now + 3_600,
    ...change.claims,
  };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const padding = change.padding ?? constants.RSA_PKCS1_PSS_PADDING;
  const key = change.privateKey ?? account.private_key;
  const { saltLength = 32 } = change;
  const options = padding === constants.RSA_PKCS1_PSS_PADDING ? { saltLength } : {};
  const signature = sign('sha256', Buffer.from(signed), { key, padding, ...options });
  return `${signed}.${signature.toString('base64url')}`;
}

/** Asks for an access token with the app's own credentials, some of them changed or left out (undefined). */
export function postToken(
  simulators: Simulators,
  change: Readonly<Record<string, string | undefined>> = {},
): Promise<Answer> {
  const { clientId, clientSecret } = simulators.credentials('huawei');
  const right = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  };
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...right, ...change })) {
    if (value !== undefined) fields.set(name, value);
  }
  return postTokenBody(simulators, fields.toString());
}

export function postTokenBody(
  simulators: Simulators,
  body: string,
  contentType = 'application/x-www-form-urlencoded',
): Promise<Answer> {
  return call(`${simulators.authEndpoint('huawei')}/oauth2/v3/token`, {
    method: 'POST',
    body,
    headers: { 'content-type': contentType },
  });
}

export async function fetchToken(simulators: Simulators): Promise<string> {
  const { json } = await postToken(simulators);
  if (typeof json !== 'object' || json === null || !('access_token' in json)) {
    throw new Error('no access token');
  }
  return String(json.access_token);
}

/** The notification of the API's documentation, to one phone, with some parts changed. */
export function huaweiMessage(
  change: {
    readonly message?: Fields;
    readonly android?: Fields;
    readonly notification?: Fields;
  } = {},
) {
  return {
    validate_only: false,
    message: {
      token: ['tokA'],
      data: '{"id":"42"}',
      android: {
        collapse_key: -1,
        urgency: 'NORMAL',
        ttl: '86400s',
        category: 'EXPRESS',
        bi_tag: 'm-42',
        target_user_type: 0,
        notification: {
          title: '订单',
          body: '已发货',
          importance: 'NORMAL',
          channel_id: 'orders',
          notify_id: 7,
          click_action: {
            type: 1,
            intent: 'intent://orders/42#Intent;scheme=shop;launchFlags=0x4000000;end',
          },
          badge: { add_num: 1, class: 'com.example.shop.MainActivity' },
          foreground_show: true,
          ...change.notification,
        },
        ...change.android,
      },
      ...change.message,
    },
  };
}

/** Sends as the API's documentation says; `path` and `headers` replace the usual ones. */
export function postHuawei(
  simulators: Simulators,
  bearer: string,
  body: unknown,
  path = `/v1/${simulators.credentials('huawei').clientId}/messages:send`,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return call(`${simulators.endpoint('huawei')}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json;charset=UTF-8',
      ...headers,
    },
  });
}

/** The notification of the v3 documentation, to two phones, with some parts changed. */
export function harmonyMessage(
  change: {
    readonly notification?: Fields;
    readonly payload?: Fields;
    readonly token?: readonly unknown[];
    readonly pushOptions?: Fields;
  } = {},
) {
  return {
    payload: change.payload ?? {
      notification: {
        category: 'EXPRESS',
        title: '订单已发货',
        body: '您的订单 A-1001 已发货',
        notifyId: 1001,
        appMessageId: 'ord-1001',
        clickAction: { actionType: 0, data: { orderId: 'A-1001' } },
        badge: { addNum: 1 },
        foregroundShow: true,
        ...change.notification,
      },
    },
    target: { token: change.token ?? ['tokA', 'tokB'] },
    pushOptions: { ttl: 86_400, biTag: 'ord-1001', testMessage: false, ...change.pushOptions },
  };
}

export interface HarmonyCall {
  readonly bearer?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends as the v3 documentation says, with some parts changed. */
export function postHarmony(
  simulators: Simulators,
  body: unknown,
  { bearer, path, headers }: HarmonyCall = {},
): Promise<Answer> {
  const { projectId, serviceAccount } = simulators.credentials('harmony');
  return call(`${simulators.endpoint('harmony')}${path ?? `/v3/${projectId}/messages:send`}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      authorization: `Bearer ${bearer ?? signJwt(serviceAccount)}`,
      'content-type': 'application/json',
      'push-type': '0',
      ...headers,
    },
  });
}

export const long = (length: number) => 'x'.repeat(length);

export const manyTokens = (count: number) => Array.from({ length: count }, (_, i) => `tok${i}`);
