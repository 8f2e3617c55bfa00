import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { openApiDocument } from '../lib/http/open-api';
import { problem } from '../lib/http/problem';

/** Says that the service is up and what its API is; answers every route that does not exist. */
export async function handler(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  switch (event.routeKey) {
    case 'GET /health':
      return json({ status: 'ok' });
    case 'GET /openapi.json':
      return json(openApiDocument());
    default:
      return problem(404, 'there is no such route', event.requestContext.requestId);
  }
}

function json(body: unknown): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
