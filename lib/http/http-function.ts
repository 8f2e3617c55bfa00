import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Refusal } from '../model/errors';
import type { NonceStore } from '../model/nonce-store';
import type { SecretStore, Telemetry } from '../model/ports';
import { authenticate, type Caller, type Scope } from './authenticate';
import { hasChecksum, useNonce, verifyChecksum } from './checksum';
import { parseJson } from './parse';
import { problemOf } from './problem';

/** A call that passed the door. */
export interface ApiCall {
  readonly caller: Caller;
  readonly appKey: string;
  /** Path variables, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON, or the fields of a form where the route takes forms; undefined without a body. */
  readonly body: unknown;
}

/** A call as it came; header names in lower case. */
export interface RawCall {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: 200 | 202 | 204;
  readonly body?: unknown;
}

/** One route: who may call it, and what it does. */
export interface Route {
  /** A server may all that a device may for its own account, an admin all that a server may. */
  readonly scope: Scope;
  /** A device key may be used instead. */
  readonly deviceKey?: true;
  /** The path names no account: the route itself sees to it that a device speaks for its own alone. */
  readonly accountInBody?: true;
  /**
   * Tells whose app a call is of that is signed in a way of its own: it is a server's then, and needs no token. Throws
   * `Refusal` 401.
   */
  readonly verify?: (call: RawCall, secrets: SecretStore) => Promise<string>;
  /** A body whose content type says that it is a form comes as `URLSearchParams`. */
  readonly takesForms?: true;
  readonly maxBodyBytes?: number;
  readonly handle: (call: ApiCall) => Promise<Answer>;
}

export interface DoorPorts {
  readonly secrets: SecretStore;
  /** Never used for calls of admins. */
  readonly nonces: NonceStore;
  readonly telemetry: Telemetry;
  /** Checks a device key against the device in the path; throws `Refusal`. */
  readonly checkDeviceKey?: (
    caller: Caller & { readonly kind: 'device-key' },
    path: Readonly<Record<string, string>>,
  ) => Promise<void>;
}

const MAX_BODY_BYTES = 65_536;
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** The handler of an HTTP function, from its routes by `METHOD /path`. Every refusal becomes a problem document. */
export function httpFunction(routes: Readonly<Record<string, Route>>, ports: () => DoorPorts) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .onError((request) => {
      const { requestId } = request.event.requestContext;
      request.response = problemOf(request.error, requestId, ports().telemetry);
    })
    .handler(async (event) => {
      const route = routes[event.routeKey];
      if (route === undefined) throw new Refusal(404, 'there is no such route');
      const door = ports();
      const path = pathOf(event);
      const call = { headers: event.headers, body: rawBodyOf(event) };
      const caller = await admit(call, route, path, door);
      const body = bodyOf(call, route);
      const query = Object.fromEntries(
        Object.entries(event.queryStringParameters ?? {}).map(([name, value]) => [
          name,
          value ?? '',
        ]),
      );
      return respond(await route.handle({ caller, appKey: caller.appKey, path, query, body }));
    });
}

function pathOf(event: APIGatewayProxyEventV2): Record<string, string> {
  return Object.fromEntries(
    Object.entries(event.pathParameters ?? {}).map(([name, value]) => [name, value ?? '']),
  );
}

/** Who calls, if they may. A call may be signed instead of carrying a token; it is a server's then. */
async function admit(
  call: RawCall,
  route: Route,
  path: Readonly<Record<string, string>>,
  door: DoorPorts,
): Promise<Caller> {
  const { headers } = call;
  if (route.verify !== undefined) {
    return { kind: 'token', appKey: await route.verify(call, door.secrets), scope: 'server' };
  }
  const { authorization } = headers;
  if (authorization !== undefined || !hasChecksum(headers)) {
    const caller = await authenticate(authorization, door.secrets);
    await allow(caller, route, path, door);
    return caller;
  }
  const signed = await verifyChecksum(headers, door.secrets);
  const caller: Caller = { kind: 'token', appKey: signed.appKey, scope: 'server' };
  await allow(caller, route, path, door);
  await useNonce(signed, door.nonces);
  return caller;
}

async function allow(
  caller: Caller,
  route: Route,
  path: Readonly<Record<string, string>>,
  { checkDeviceKey }: DoorPorts,
): Promise<void> {
  if (caller.kind === 'device-key') {
    if (!route.deviceKey || checkDeviceKey === undefined) {
      throw new Refusal(403, 'a device key is good for its token, presence and logout only');
    }
    return checkDeviceKey(caller, path);
  }
  const rank = { device: 0, server: 1, admin: 2 } as const;
  if (rank[caller.scope] < rank[route.scope]) {
    throw new Refusal(403, `this call needs the scope ${route.scope}`);
  }
  if (caller.scope === 'device' && !route.accountInBody && caller.accountId !== path['accountId']) {
    throw new Refusal(403, 'a device token is good for its own account only');
  }
}

function rawBodyOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

function bodyOf({ headers, body }: RawCall, route: Route): unknown {
  const { maxBodyBytes = MAX_BODY_BYTES, takesForms = false } = route;
  if (body.length === 0) return undefined;
  if (body.length > maxBodyBytes) {
    throw new Refusal(413, `the body has more than ${maxBodyBytes} bytes`);
  }
  const isForm = takesForms && FORM.test(headers['content-type'] ?? '');
  return isForm ? new URLSearchParams(body.toString()) : parseJson(body.toString());
}

function respond({ status, body }: Answer): APIGatewayProxyStructuredResultV2 {
  return body === undefined
    ? { statusCode: status }
    : {
        statusCode: status,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      };
}
