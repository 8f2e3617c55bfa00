import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ThrottledError } from '../lambda/function-error';
import { gatewayAnswer, type HttpAnswer, readAnswer } from './http-answer';
import { createEvent, readTarget } from './http-event';
import { type Route, RouteTable } from './route-table';

/** An HTTP API's largest body. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAXIMUM_BODY_BYTES = 10 * 1024 * 1024;
const KEEP_ALIVE_MS = 65_000;

/** The function behind a route. */
export interface Integration {
  invoke(event: unknown): Promise<unknown>;
  /** After this the caller gets a 503; the function runs on. */
  readonly timeoutMs: number;
}

export interface HttpApiOptions {
  /** A free port by default. */
  readonly port?: number | undefined;
  /** Loopback by default. */
  readonly host?: string | undefined;
  readonly accountId?: string;
}

/** A running HTTP API. */
export interface RunningHttpApi {
  readonly url: string;
  /** Sets the routes; until then every call is a 503. */
  serve(routes: readonly Route<Integration>[]): void;
  /** Answers what is under way, then stops listening. */
  close(): Promise<void>;
}

/** Starts an API Gateway HTTP API (payload format 2.0) in front of functions. */
export async function startHttpApi({
  port = 0,
  host = '127.0.0.1',
  accountId = '000000000000',
}: HttpApiOptions = {}): Promise<RunningHttpApi> {
  let table: RouteTable<Integration> | undefined;
  let isClosing = false;

  async function answer(request: IncomingMessage, requestId: string): Promise<HttpAnswer> {
    if (!table) return gatewayAnswer(503, 'Service Unavailable');
    const target = readTarget(request.url ?? '');
    if (!target) return gatewayAnswer(400, 'Bad Request');
    const route = table.match(request.method ?? '', target.path);
    const body = await readBody(request);
    if (!body) return gatewayAnswer(413, 'Request Entity Too Large');
    if (!route) return gatewayAnswer(404, 'Not Found');
    const { routeKey, pathParameters, target: integration } = route;
    const event = createEvent({
      request,
      target,
      body,
      routeKey,
      pathParameters,
      requestId,
      accountId,
    });
    return callFunction(integration, event);
  }

  const server = createServer((request, response) => {
    const requestId = randomBytes(11).toString('base64url');
    void answer(request, requestId)
      .catch(() => gatewayAnswer(500, 'Internal Server Error'))
      .then((result) => {
        if (isClosing) response.shouldKeepAlive = false;
        send(response, result, requestId);
      });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const url = await listen(server, port, host);

  return {
    url,
    serve(routes) {
      table = new RouteTable(routes);
    },
    close() {
      isClosing = true;
      return new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      const actualPort = typeof address === 'object' ? address?.port : undefined;
      const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
      resolve(`http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${actualPort}`);
    });
  });
}

/** The whole body, or undefined when it is too large; then the rest is left unread. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAXIMUM_BODY_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

async function callFunction(integration: Integration, event: unknown): Promise<HttpAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<HttpAnswer>((resolve) => {
    const giveUp = () => resolve(gatewayAnswer(503, 'Service Unavailable'));
    timer = setTimeout(giveUp, integration.timeoutMs);
  });
  const call = integration.invoke(event).then(
    (result) => readAnswer(result) ?? gatewayAnswer(500, 'Internal Server Error'),
    (error) =>
      error instanceof ThrottledError
        ? gatewayAnswer(503, 'Service Unavailable')
        : gatewayAnswer(500, 'Internal Server Error'),
  );
  return Promise.race([call, timeout]).finally(() => clearTimeout(timer));
}

function send(response: ServerResponse, answer: HttpAnswer, requestId: string): void {
  try {
    response.writeHead(answer.status, {
      ...answer.headers,
      ...(![204, 304].includes(answer.status) && {
        'content-length': Buffer.byteLength(answer.body),
      }),
      'apigw-requestid': requestId,
    });
    response.end(answer.body);
  } catch {
    // a header no HTTP message may hold
    if (!response.headersSent)
      send(response, gatewayAnswer(500, 'Internal Server Error'), requestId);
    else response.destroy();
  }
}
