import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** The parts of a request that its route is found by. */
export interface RequestTarget {
  /** Decoded, as an HTTP API decodes it before anything else: `%2F` separates like `/`. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly queryString: string;
}

/** Splits a request's URL; undefined when its percent-encoding is broken or it is no path. */
export function readTarget(url: string): RequestTarget | undefined {
  const [rawPath = '', ...queries] = url.split('?');
  if (!rawPath.startsWith('/')) return undefined;
  try {
    return { path: decodeURIComponent(rawPath), queryString: queries.join('?') };
  } catch {
    return undefined;
  }
}

/** What else an event is made of. */
export interface EventParts {
  readonly request: IncomingMessage;
  readonly target: RequestTarget;
  readonly body: Buffer;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly accountId: string;
}

/**
 * The event of an HTTP API, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function createEvent(parts: EventParts): APIGatewayProxyEventV2 {
  const { request, target, body, routeKey, pathParameters, requestId, accountId } = parts;
  const now = new Date();
  const sourceIp = request.socket.remoteAddress ?? '';
  const { cookie, ...headers } = joinHeaders(request.rawHeaders);
  const host = headers['host'] ?? '';
  const query = joinQuery(target.queryString);
  const isText = isTextType(headers['content-type']);

  return {
    version: '2.0',
    routeKey,
    rawPath: target.path,
    rawQueryString: target.queryString,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers: {
      ...headers,
      'x-amzn-trace-id': `Root=1-${Math.floor(now.getTime() / 1_000).toString(16)}-${randomBytes(12).toString('hex')}`,
      'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
      'x-forwarded-port': String(request.socket.localPort ?? ''),
      'x-forwarded-proto': 'http',
    },
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      accountId,
      apiId: 'local',
      domainName: host,
      domainPrefix: 'local',
      http: {
        method: request.method ?? '',
        path: target.path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Lower-case names; what comes more than once is joined with commas. */
function joinHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const separator = name === 'cookie' ? '; ' : ',';
    headers[name] = headers[name] === undefined ? value : `${headers[name]}${separator}${value}`;
  }
  return headers;
}

function joinQuery(queryString: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(queryString)) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return query;
}

/**
 * The content types an HTTP API hands over as text; everything else, forms and no type at all included, is Base64.
 * Not in AWS's documentation; observed by https://github.com/ministackorg/ministack/pull/766
 */
function isTextType(contentType = ''): boolean {
  return /^(text\/|application\/(json|xml|javascript)\s*(;|$))/i.test(contentType.trim());
}

/** `12/Mar/2020:19:03:58 +0000` */
function clfTime(date: Date): string {
  const [, day, month, year, time] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
