import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { ServiceError } from './service-error';

const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Longer than SDK clients keep a connection idle, so that the client is always the one to let go. */
const KEEP_ALIVE_MS = 65_000;

/** Asked before a call is answered; refuses by throwing. `caller` is the access key id it was signed with. */
export type Admit = (caller: string, operation: string, body: object) => void;

/** An AWS service that speaks JSON over POST and names its operation in `X-Amz-Target`. */
export interface AwsJsonService {
  /** What stands before the dot in `X-Amz-Target`, such as `DynamoDB_20120810`. */
  readonly target: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** Answers one call; a refusal is a thrown `ServiceError`. */
  handle(operation: string, body: object): Promise<object>;
  /** Everybody may do anything without it. */
  readonly admit?: Admit | undefined;
}

/** A listening server. */
export interface RunningServer {
  readonly url: string;
  /** Answers what is under way, then stops listening. */
  close(): Promise<void>;
}

/** Serves one AWS JSON service on loopback; port 0 takes a free one. Signatures are not checked. */
export async function startAwsJsonServer(
  service: AwsJsonService,
  port = 0,
): Promise<RunningServer> {
  const server = createServer(async (request, response) => {
    const { status, output } = await answer(service, request);
    response.shouldKeepAlive &&= server.listening;
    send(response, service.contentType, status, output);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${addressOf(server.address()).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}

async function answer(
  service: AwsJsonService,
  request: IncomingMessage,
): Promise<{ readonly status: number; readonly output: object }> {
  try {
    const body = parseJson(await readBody(request));
    const operation = operationOf(service, request);
    service.admit?.(callerOf(request), operation, body);
    return { status: 200, output: await service.handle(operation, body) };
  } catch (error) {
    return { status: error instanceof ServiceError ? 400 : 500, output: errorBody(error) };
  }
}

function send(response: ServerResponse, contentType: string, status: number, output: object): void {
  // as text, for Node sends it in one piece with the header
  const body = JSON.stringify(output);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-amz-crc32': crc32(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    request.on('end', () => {
      if (bytes <= MAX_BODY_BYTES) resolve(Buffer.concat(chunks).toString());
      else reject(serializationError(`the body exceeds ${MAX_BODY_BYTES} bytes`));
    });
    request.on('error', reject);
  });
}

function parseJson(text: string): object {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw serializationError('the body is not JSON');
  }
  if (typeof body !== 'object' || body === null) throw serializationError('the body is no object');
  return body;
}

function operationOf(service: AwsJsonService, request: IncomingMessage): string {
  const target = String(request.headers['x-amz-target'] ?? '');
  const [prefix, operation] = target.split('.');
  if (prefix !== service.target || operation === undefined) throw unknownOperation();
  return operation;
}

function callerOf({ headers }: IncomingMessage): string {
  return /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** What a service answers to an operation it does not know. */
export function unknownOperation(): ServiceError {
  return new ServiceError(
    'com.amazon.coral.service#UnknownOperationException',
    'An unknown operation was requested.',
  );
}

function serializationError(message: string): ServiceError {
  return new ServiceError('com.amazon.coral.service#SerializationException', message);
}

function errorBody(error: unknown): object {
  if (error instanceof ServiceError) {
    return { __type: error.type, message: error.message, ...error.members };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { __type: 'com.amazon.coral.service#InternalServerError', message };
}
