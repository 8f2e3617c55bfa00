import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { postXiaomi } from '../calls';

interface Post {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let simulators: Simulators;
let server: Server;
let callback: string;
let posts: Post[] = [];
let status = 200;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 50 });
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      posts.push({
        path: req.url ?? '',
        headers: req.headers,
        body: Buffer.concat(chunks).toString(),
      });
      res.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  callback = `http://127.0.0.1:${address.port}/r/1`;
});
afterAll(async () => {
  await simulators.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  posts = [];
  status = 200;
  simulators.xiaomi.reset();
});

async function waitForPosts(count: number): Promise<readonly unknown[]> {
  for (let tries = 0; tries < 100 && posts.length < count; tries++) await sleep(10);
  await sleep(80);
  expect(posts).toHaveLength(count);
  return posts.map(({ body }) => JSON.parse(new URLSearchParams(body).get('data') ?? ''));
}

function send(registrationId: string, change: Readonly<Record<string, string>> = {}) {
  return postXiaomi(simulators, {
    registration_id: registrationId,
    'extra.callback': callback,
    'extra.callback.param': 'm-42',
    'extra.callback.type': '17',
    'extra.jobkey': undefined,
    ...change,
  });
}

function idOf({ json }: Awaited<ReturnType<typeof send>>): string {
  return /"id":"(sdm[^"]+)"/.exec(JSON.stringify(json))?.[1] ?? '';
}

test('what several messages brought is posted in one form, keyed by message id', async () => {
  const [first, second] = [await send('a,b'), await send('c', { 'extra.jobkey': 'job' })];
  const [data] = await waitForPosts(1);
  expect(posts[0]?.path).toBe('/r/1');
  expect(posts[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(data).toEqual({
    [idOf(first)]: {
      param: 'm-42',
      type: 1,
      targets: 'a,b',
      barStatus: 'Enable',
      timestamp: expect.any(Number),
    },
    [idOf(second)]: expect.objectContaining({ targets: 'c', jobkey: 'job' }),
  });
  expect(simulators.xiaomi.counters()).toMatchObject({ receiptPosts: 1, receiptPostsFailed: 0 });
});

test('dead targets of a message are reported as type 16, apart from the delivered ones', async () => {
  const answer = await send('a,dead-b,dead-c');
  const data = await waitForPosts(2);
  expect(data).toEqual([
    { [idOf(answer)]: expect.objectContaining({ type: 1, targets: 'a' }) },
    {
      [idOf(answer)]: expect.objectContaining({
        type: 16,
        targets: 'dead-b,dead-c',
        param: 'm-42',
      }),
    },
  ]);
});

test.each([
  ['16', [16]],
  ['1', [1]],
  ['2', []],
])('with callback.type %s only these come', async (type, types) => {
  await send('a,dead-b', { 'extra.callback.type': type });
  const data = await waitForPosts(types.length);
  expect(
    data.flatMap((post) => Object.values(Object(post)).map((entry) => Object(entry).type)),
  ).toEqual(types);
});

test('without callback.type the default is delivered and clicked', async () => {
  await postXiaomi(simulators, { registration_id: 'a,dead-b', 'extra.callback': callback });
  const [data] = await waitForPosts(1);
  expect(Object.values(Object(data))).toMatchObject([{ type: 1, targets: 'a' }]);
});

test('no callback, no receipt', async () => {
  await postXiaomi(simulators, { 'extra.callback.type': '17' });
  await waitForPosts(0);
});

test('a refused post is not tried again', async () => {
  status = 500;
  await send('a');
  await waitForPosts(1);
  await sleep(150);
  expect(posts).toHaveLength(1);
  expect(simulators.xiaomi.counters()).toMatchObject({ receiptPosts: 0, receiptPostsFailed: 1 });
});

test('an address where nobody listens is counted', async () => {
  await send('a', { 'extra.callback': 'http://127.0.0.1:9/none' });
  for (
    let tries = 0;
    tries < 100 && simulators.xiaomi.counters().receiptPostsFailed === 0;
    tries++
  ) {
    await sleep(10);
  }
  expect(simulators.xiaomi.counters().receiptPostsFailed).toBe(1);
});
