import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { openApiDocument } from '../lib/http/open-api';
import { problem } from '../lib/http/problem';

/** For so long callers may go on with the description of the deployment before. */
const DESCRIPTION_KEEPS_SECONDS = 300;

let made: { readonly text: string; readonly etag: string } | undefined;

/** Says that the service is up and what its API is; answers every route that does not exist. */
export async function handler(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  switch (event.routeKey) {
    case 'GET /health':
      return json(JSON.stringify({ status: 'ok' }));
    case 'GET /openapi.json':
      return describe(event.headers['if-none-match']);
    default:
      return problem(404, 'there is no such route', event.requestContext.requestId);
  }
}

function describe(known = ''): APIGatewayProxyStructuredResultV2 {
  made ??= makeDescription();
  const headers = {
    etag: made.etag,
    'cache-control': `public, max-age=${DESCRIPTION_KEEPS_SECONDS}`,
  };
  const isKnown = known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === headers.etag);
  return isKnown ? { statusCode: 304, headers } : json(made.text, headers);
}

/** The same for every call, and costly: made once in a container. */
function makeDescription() {
  const text = JSON.stringify(openApiDocument());
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}

function json(body: string, headers = {}): APIGatewayProxyStructuredResultV2 {
  return { statusCode: 200, headers: { 'content-type': 'application/json', ...headers }, body };
}
