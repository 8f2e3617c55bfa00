import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problem } from '../lib/http/problem';
import { Refusal } from '../lib/model/errors';
import { receiveReceipts } from '../lib/usecases/receive-receipts';
import { accounts, certificates, clock, jobs, telemetry } from './wiring/container';

/** Takes receipts from vendors; the unguessable address is what proves them. */
export async function handler(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const raw = event.body ?? '';
  const body = event.isBase64Encoded ? Buffer.from(raw, 'base64').toString() : raw;
  const contentType = event.headers['content-type'] ?? '';
  const { requestId } = event.requestContext;
  try {
    await receiveReceipts(
      event.pathParameters?.['id'] ?? '',
      { body, contentType },
      {
        accounts: accounts(),
        certificates: certificates(),
        jobs: jobs(),
        clock,
        telemetry: telemetry(),
      },
    );
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{"code":0}' };
  } catch (error) {
    if (error instanceof Refusal)
      return problem(error.status, error.message, requestId, error.fields);
    telemetry().log('error', 'receipt failed', { requestId, error });
    return problem(500, 'something went wrong on our side', requestId);
  } finally {
    telemetry().flush();
  }
}
