import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ConflictError, type FieldError, Refusal } from '../model/errors';
import type { Telemetry } from '../model/ports';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Invalid request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Body too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

/** A lost race ends with the racers: the next try finds fewer of them. */
const RETRY_AFTER_SECONDS = 1;

/** What a caller is told of an error. Only what nobody foresaw is logged as one. */
export function problemOf(
  error: unknown,
  requestId: string,
  telemetry: Pick<Telemetry, 'log'>,
): APIGatewayProxyStructuredResultV2 {
  if (error instanceof Refusal) {
    return problem(error.status, error.message, requestId, error.fields);
  }
  if (error instanceof ConflictError) {
    telemetry.log('warn', 'lost every race', { requestId });
    const detail = `others kept changing the same: repeat the call in ${RETRY_AFTER_SECONDS} s`;
    const answer = problem(503, detail, requestId);
    const headers = { ...answer.headers, 'retry-after': String(RETRY_AFTER_SECONDS) };
    return { ...answer, headers };
  }
  telemetry.log('error', 'call failed', { requestId, error });
  return problem(500, 'something went wrong on our side', requestId);
}

/** A problem document (RFC 9457) as an API Gateway answer. */
export function problem(
  status: number,
  detail: string,
  requestId: string,
  errors: readonly FieldError[] = [],
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify({
      type: 'about:blank',
      title: TITLES[status] ?? 'Error',
      status,
      detail,
      ...(errors.length > 0 ? { errors } : {}),
      requestId,
    }),
  };
}
