import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problemOf } from '../lib/http/problem';
import { receiveReceipts } from '../lib/usecases/receive-receipts';
import { accounts, certificates, clock, jobs, losses, telemetry } from './wiring/container';

/** Takes receipts from vendors; the unguessable address is what proves them. */
export async function handler(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const raw = event.body ?? '';
  const body = event.isBase64Encoded ? Buffer.from(raw, 'base64').toString() : raw;
  const { requestId } = event.requestContext;
  try {
    const answer = await receiveReceipts(
      event.pathParameters?.['id'] ?? '',
      { body, headers: event.headers },
      {
        accounts: accounts(),
        certificates: certificates(),
        jobs: jobs(),
        losses: losses(),
        clock,
        telemetry: telemetry(),
      },
    );
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: answer };
  } catch (error) {
    return problemOf(error, requestId, telemetry());
  } finally {
    telemetry().flush();
  }
}
