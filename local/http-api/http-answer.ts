import * as v from 'valibot';

/** What goes back to the caller. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | string;
}

const resultWithStatus = v.object({
  statusCode: v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.digits(), v.transform(Number))]),
    v.integer(),
    v.minValue(200),
    v.maxValue(599),
  ),
  headers: v.optional(
    v.nullable(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
  ),
  cookies: v.optional(v.nullable(v.array(v.string()))),
  body: v.optional(v.nullable(v.string())),
  isBase64Encoded: v.optional(v.nullable(v.boolean())),
});

/**
 * Reads what a function returned, as an HTTP API with payload format 2.0 does: without a `statusCode` the whole value is the body.
 * Undefined when it cannot be an answer.
 */
export function readAnswer(result: unknown): HttpAnswer | undefined {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : JSON.stringify(result);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const parsed = v.safeParse(resultWithStatus, result);
  if (!parsed.success) return undefined;

  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.output;
  const ownHeaders = Object.entries(headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      ...Object.fromEntries(ownHeaders),
      ...(cookies && cookies.length > 0 && { 'set-cookie': cookies }),
    },
    body: isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
  };
}

/** What the gateway says itself. */
export function gatewayAnswer(status: number, message: string): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
  };
}
