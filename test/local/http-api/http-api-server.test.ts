import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Integration,
  type RunningHttpApi,
  startHttpApi,
} from '../../../local/http-api/http-api-server';
import { ThrottledError } from '../../../local/lambda/function-error';

let api: RunningHttpApi;

function answering(invoke: (event: unknown) => unknown, timeoutMs = 30_000): Integration {
  return { invoke: async (event) => invoke(event), timeoutMs };
}
const echo = answering((event) => event);
const fails = (error: Error) =>
  answering(() => {
    throw error;
  });

beforeAll(async () => {
  api = await startHttpApi();
  api.serve(
    Object.entries<Integration>({
      'GET /echo/{name}': echo,
      'POST /echo': echo,
      'GET /text': answering(() => 'plain'),
      'GET /json': answering(() => ({ a: 1 })),
      'GET /null': answering(() => null),
      'GET /full': answering(() => ({
        statusCode: 201,
        headers: { 'X-One': 'a', 'Content-Type': 'text/html' },
        cookies: ['a=1', 'b=2'],
        body: '<p>',
      })),
      'GET /bare': answering(() => ({ statusCode: 200, body: 'x' })),
      'GET /binary': answering(() => ({
        statusCode: 200,
        body: Buffer.from([0, 255]).toString('base64'),
        isBase64Encoded: true,
      })),
      'GET /gone': answering(() => ({ statusCode: 204 })),
      'GET /throws': fails(new Error('secret detail')),
      'GET /throttled': fails(new ThrottledError('busy')),
      'GET /malformed': answering(() => ({ statusCode: 'many' })),
      'GET /bad-header': answering(() => ({ statusCode: 200, headers: { x: 'a\nb' } })),
      'GET /slow': answering(() => delay(300, { statusCode: 200 }), 50),
    }).map(([routeKey, target]) => ({ routeKey, target })),
  );
});
afterAll(() => api.close());

test('a request becomes an event of payload format 2.0', async () => {
  const path = '/echo/%E8%AF%81%E4%B9%A6%201?a=1&b=x%20y&a=2';
  const response = await fetch(api.url + path, {
    headers: { 'X-Custom': 'One', cookie: 'a=1; b=2', 'user-agent': 'test' },
  });

  expect(await response.json()).toEqual({
    version: '2.0',
    routeKey: 'GET /echo/{name}',
    rawPath: '/echo/证书 1',
    rawQueryString: 'a=1&b=x%20y&a=2',
    cookies: ['a=1', 'b=2'],
    headers: expect.objectContaining({
      host: new URL(api.url).host,
      'x-custom': 'One',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    }),
    queryStringParameters: { a: '1,2', b: 'x y' },
    pathParameters: { name: '证书 1' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: new URL(api.url).host,
      domainPrefix: 'local',
      http: {
        method: 'GET',
        path: '/echo/证书 1',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'test',
      },
      requestId: response.headers.get('apigw-requestid'),
      routeKey: 'GET /echo/{name}',
      stage: '$default',
      time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    isBase64Encoded: false,
  });
});

test.each([
  ['application/json', false],
  ['application/json; charset=utf-8', false],
  ['text/plain', false],
  ['application/x-www-form-urlencoded', true],
  ['application/octet-stream', true],
  ['', true],
])('a body of type %j is Base64: %s', async (type, isBase64Encoded) => {
  const response = await fetch(`${api.url}/echo`, {
    method: 'POST',
    body: Buffer.from('a=1 😀'),
    headers: { 'content-type': type },
  });

  const body = isBase64Encoded ? Buffer.from('a=1 😀').toString('base64') : 'a=1 😀';
  expect(await response.json()).toMatchObject({ body, isBase64Encoded });
});

test.each([
  ['/text', 200, 'application/json', 'plain'],
  ['/json', 200, 'application/json', '{"a":1}'],
  ['/null', 200, 'application/json', 'null'],
  ['/bare', 200, 'text/plain;charset=UTF-8', 'x'],
  ['/full', 201, 'text/html', '<p>'],
  ['/gone', 204, 'text/plain;charset=UTF-8', ''],
])('what a function returns becomes the answer: %s', async (path, status, type, body) => {
  const response = await fetch(api.url + path);

  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('apigw-requestid')).toMatch(/^[\w-]{15}$/);
  expect(await response.text()).toBe(body);
});

test('cookies and own headers go out, Base64 becomes bytes', async () => {
  const full = await fetch(`${api.url}/full`);
  const binary = await fetch(`${api.url}/binary`);

  expect(full.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(full.headers.get('x-one')).toBe('a');
  expect([...(await binary.bytes())]).toEqual([0, 255]);
});

test.each([
  ['/nowhere', 404, 'Not Found'],
  ['/throws', 500, 'Internal Server Error'],
  ['/malformed', 500, 'Internal Server Error'],
  ['/bad-header', 500, 'Internal Server Error'],
  ['/throttled', 503, 'Service Unavailable'],
  ['/slow', 503, 'Service Unavailable'],
])('the gateway answers itself: %s with %d', async (path, status, message) => {
  const response = await fetch(api.url + path);

  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ message });
});

test('a body over 10 MB is refused', async () => {
  const response = await fetch(`${api.url}/echo`, {
    method: 'POST',
    body: Buffer.alloc(10 * 1024 * 1024 + 1),
  });

  expect(response.status).toBe(413);
  expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
});

test.each(['/echo/%E8%AF%', '/echo/%zz', '/%'])(
  'broken percent-encoding is a 400 and breaks nothing else: %s',
  async (path) => {
    expect(await rawStatus(path)).toBe(400);
    expect((await fetch(`${api.url}/text`)).status).toBe(200);
  },
);

test('an encoded slash separates, as in AWS', async () => {
  expect((await fetch(`${api.url}/echo/a%2Fb`)).status).toBe(404);
});

test('without routes every call is a 503', async () => {
  const empty = await startHttpApi();

  expect((await fetch(empty.url)).status).toBe(503);

  await empty.close();
});

test('closing answers what is under way', async () => {
  const closing = await startHttpApi();
  closing.serve([{ routeKey: '$default', target: answering(() => delay(100, 'done')) }]);

  const call = fetch(closing.url);
  await delay(30);
  const started = Date.now();
  await closing.close();

  expect(await (await call).text()).toBe('done');
  expect(Date.now() - started).toBeLessThan(10_000);
});

/** Sends a path as it is, which `fetch` would not. */
function rawStatus(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: local\r\nConnection: close\r\n\r\n`);
    });
    socket.once('data', (data) => resolve(Number(data.toString().split(' ')[1])));
    socket.once('error', reject);
  });
}
