import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { aNotification, postMeizu } from './calls';

interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let simulators: Simulators;
let server: Server;
let callback: string;
let posts: Post[] = [];

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 30 });
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      posts.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
      res.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  callback = `http://127.0.0.1:${address.port}/r/1`;
  simulators.useReceiptAddress('meizu', callback);
});
afterAll(async () => {
  await simulators.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  posts = [];
  simulators.meizu.reset();
});

async function waitForPosts(count: number): Promise<readonly unknown[]> {
  for (let tries = 0; tries < 300 && posts.length < count; tries++) await sleep(10);
  await sleep(80);
  expect(posts).toHaveLength(count);
  return posts.map(({ body }) => JSON.parse(new URLSearchParams(body).get('cb') ?? ''));
}

function send(
  pushIds: string,
  change: Readonly<Record<string, unknown>> = {},
  to: Simulators = simulators,
) {
  const extra = { callback, 'callback.param': 'n-1001', 'callback.type': 1, ...change };
  return postMeizu(to, aNotification({ extra }), pushIds);
}

function idOf({ json }: Awaited<ReturnType<typeof send>>): string {
  return String(Object(json).msgId);
}

test('what was delivered is posted in one form, keyed by message id and kind', async () => {
  const slow = await startSimulators({ receiptDelayMs: 1_000 });
  slow.useReceiptAddress('meizu', callback);
  const first = await send('R1,dead-2,R3', {}, slow);
  const second = await send('R4', { 'callback.param': 'n-1002' }, slow);
  const [cb] = await waitForPosts(1);
  expect(cb).toEqual({
    [`${idOf(first)}-1`]: { param: 'n-1001', type: 1, targets: ['R1', 'R3'] },
    [`${idOf(second)}-1`]: { param: 'n-1002', type: 1, targets: ['R4'] },
  });
  const { headers, body = '' } = posts[0] ?? {};
  expect(headers?.['content-type']).toBe('application/x-www-form-urlencoded; charset=UTF-8');
  expect([...new URLSearchParams(body).keys()]).toEqual(['access_token', 'cb']);
  expect(new URLSearchParams(body).get('access_token')).toBe(slow.meizu.receiptToken);
  expect(slow.meizu.counters()).toMatchObject({
    receiptPosts: 1,
    receiptPostsFailed: 0,
    receiptsUnregistered: 0,
  });
  await slow.close();
});

test('the access token is the one set in the console', async () => {
  simulators.meizu.control({ receiptSecret: 'token' });
  await send('R1');
  await waitForPosts(1);
  expect(new URLSearchParams(posts[0]?.body).get('access_token')).toBe('token');
});

test.each([
  [1, 1],
  [2, 0],
  [3, 1],
  ['3', 1],
])('with callback.type %j so many posts come: %i', async (type, count) => {
  await send('R1', { 'callback.type': type });
  await waitForPosts(count);
});

test('without callback.type what was delivered is reported, without param it is empty', async () => {
  const answer = await send('R1', { 'callback.type': undefined, 'callback.param': undefined });
  expect(await waitForPosts(1)).toEqual([
    { [`${idOf(answer)}-1`]: { param: '', type: 1, targets: ['R1'] } },
  ]);
});

test('phones that were not reached bring no receipt', async () => {
  await send('dead-1,muted-2');
  await waitForPosts(0);
});

test('an address that is not registered in the console gets nothing', async () => {
  const answer = await send('R1', { callback: `${callback}x` });
  expect(answer.json).toMatchObject({ code: '200' });
  await waitForPosts(0);
  expect(simulators.meizu.counters().receiptsUnregistered).toBe(1);
});

test('an app has at most 100 addresses', async () => {
  const own = await startSimulators();
  for (let count = 0; count < 100; count++) {
    own.useReceiptAddress('meizu', `https://a.example/${count}`);
  }
  own.useReceiptAddress('meizu', 'https://a.example/0');
  expect(() => own.useReceiptAddress('meizu', 'https://a.example/100')).toThrow(RangeError);
  await own.close();
});
