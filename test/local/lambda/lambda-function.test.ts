import { setTimeout as delay } from 'node:timers/promises';
import { FunctionError, ThrottledError } from '../../../local/lambda/function-error';
import { type FunctionOptions, LambdaFunction } from '../../../local/lambda/lambda-function';
import { type Handlers, writeHandlers } from './handlers';

let handlers: Handlers;
const started: LambdaFunction[] = [];
const lines: string[] = [];

beforeAll(async () => {
  handlers = await writeHandlers({
    count: 'let calls = 0; export const handler = async () => ++calls;',
    echo: 'export const handler = async (event, context) => ({ event, context: { ...context, remaining: context.getRemainingTimeInMillis() } });',
    env: 'export const handler = async () => ({ ...process.env });',
    sleep:
      'export const handler = async ({ ms }) => { await new Promise((r) => setTimeout(r, ms)); return ms; };',
    spin: 'let calls = 0; export const handler = async ({ spin }) => { calls += 1; while (spin); return calls; };',
    throw: "export const handler = async () => { throw new RangeError('too far'); };",
    exit: 'export const handler = async () => { process.exit(3); };',
    uncaught:
      "export const handler = () => new Promise(() => { setTimeout(() => { throw new Error('later'); }, 1); });",
    hungry:
      "const all = []; export const handler = async () => { for (;;) { all.push(Array.from({ length: 1e4 }, (_, i) => 'x' + i)); await new Promise(setImmediate); } };",
    log: "export const handler = async () => { console.log('to stdout'); console.error('to stderr'); };",
    broken: "throw new Error('cannot load');",
    empty: 'export const other = 1;',
    nothing: 'export const handler = async () => {};',
    circular: 'export const handler = async () => { const a = {}; a.a = a; return a; };',
    large: "export const handler = async () => 'x'.repeat(7_000_000);",
  });
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((lambda) => lambda.close()));
});
afterAll(() => handlers.remove());

function start(name: string, options: Partial<FunctionOptions> = {}): LambdaFunction {
  const lambda = new LambdaFunction({
    name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    file: handlers.file(name),
    exportName: 'handler',
    timeoutMs: 3_000,
    memoryMegabytes: 128,
    maximumEnvironments: 4,
    environment: {},
    onLog: (line) => lines.push(line),
    ...options,
  });
  started.push(lambda);
  return lambda;
}

test('one environment keeps its module state from call to call', async () => {
  const lambda = start('count');

  const results = [await lambda.invoke({}), await lambda.invoke({}), await lambda.invoke({})];

  expect(results).toEqual([1, 2, 3]);
  expect(lambda.counters).toMatchObject({ invocations: 3, inits: 1, errors: 0 });
});

test('the handler gets the event and what Lambda tells about the call', async () => {
  const lambda = start('echo', { timeoutMs: 2_000 });

  const result = await lambda.invoke({ text: 'hi 😀' });

  expect(result).toEqual({
    event: { text: 'hi 😀' },
    context: expect.objectContaining({
      functionName: 'echo',
      memoryLimitInMB: '128',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      remaining: expect.any(Number),
    }),
  });
});

test('every function sees its own variables and none of this process', async () => {
  const [one, two] = [
    start('env', { environment: { VENDOR: 'xiaomi', NODE_OPTIONS: '--enable-source-maps' } }),
    start('env', { environment: { VENDOR: 'fcm' } }),
  ];

  expect(await one.invoke({})).toMatchObject({
    VENDOR: 'xiaomi',
    AWS_LAMBDA_FUNCTION_NAME: 'env',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
  });
  expect(await two.invoke({})).toMatchObject({ VENDOR: 'fcm' });
  expect(await two.invoke({})).not.toHaveProperty('JEST_WORKER_ID');
});

test('an environment has one call at a time, and more calls get more environments', async () => {
  const lambda = start('sleep', { maximumEnvironments: 3 });

  await Promise.all(Array.from({ length: 6 }, () => lambda.invoke({ ms: 100 })));

  expect(lambda.counters).toMatchObject({ invocations: 6, inits: 3 });
});

test('the environment that was used last is used next, and the others end', async () => {
  const lambda = start('sleep', { idleMs: 100 });
  await Promise.all([lambda.invoke({ ms: 30 }), lambda.invoke({ ms: 30 })]);

  await delay(400);
  await lambda.invoke({ ms: 0 });

  expect(lambda.counters.inits).toBe(3);
});

test('calls over the reserved concurrency are refused', async () => {
  const lambda = start('sleep', { reservedConcurrency: 1 });

  const [first, second] = await Promise.allSettled([
    lambda.invoke({ ms: 50 }),
    lambda.invoke({ ms: 50 }),
  ]);

  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({ reason: expect.any(ThrottledError) });
  expect(lambda.counters).toMatchObject({ throttles: 1, errors: 0 });
});

test('a spinning handler is ended when its time is up, and the next call gets a new environment', async () => {
  const lambda = start('spin', { timeoutMs: 200 });

  await expect(lambda.invoke({ spin: true })).rejects.toMatchObject({
    errorType: 'Sandbox.Timedout',
    message: expect.stringContaining('Task timed out after 0.20 seconds'),
  });

  expect(await lambda.invoke({ spin: false })).toBe(1);
  expect(lambda.counters).toMatchObject({ timeouts: 1, errors: 1, inits: 2 });
});

test('loading the module does not count against the time of the call', async () => {
  const lambda = start('count', { timeoutMs: 15 });

  expect(await lambda.invoke({})).toBe(1);
});

test('an error of the handler fails the call and leaves the environment', async () => {
  const lambda = start('throw');

  for (const _call of [1, 2]) {
    await expect(lambda.invoke({})).rejects.toMatchObject({
      errorType: 'RangeError',
      message: 'too far',
    });
  }
  expect(lambda.counters).toMatchObject({ inits: 1, errors: 2 });
  expect(lines.join('\n')).toContain('"errorType":"RangeError"');
});

test.each([
  ['exit', 'Runtime.ExitError', 'exit status 3'],
  ['uncaught', 'Error', 'later'],
  ['hungry', 'Error', 'memory limit'],
])('a crash fails the call: %s', async (name, errorType, message) => {
  const lambda = start(name, { memoryMegabytes: 32 });

  await expect(lambda.invoke({})).rejects.toMatchObject({
    errorType,
    message: expect.stringContaining(message),
  });
  await expect(lambda.invoke({})).rejects.toThrow(FunctionError);
  expect(lambda.counters.inits).toBe(2);
});

test('killing ends a call under way and no idle environment', async () => {
  const lambda = start('sleep');
  await lambda.invoke({ ms: 0 });
  expect(lambda.killOne()).toBe(false);

  const call = lambda.invoke({ ms: 2_000 });
  await delay(20);
  expect(lambda.killOne()).toBe(true);

  await expect(call).rejects.toMatchObject({
    errorType: 'Runtime.ExitError',
    message: expect.stringContaining('signal: killed'),
  });
  expect(await lambda.invoke({ ms: 1 })).toBe(1);
  expect(lambda.counters.kills).toBe(1);
});

test.each([
  ['broken', 'Error', 'cannot load'],
  ['empty', 'Runtime.HandlerNotFound', 'handler is undefined'],
])('a module that cannot be used fails every call: %s', async (name, errorType, message) => {
  const lambda = start(name);

  const calls = await Promise.allSettled([lambda.invoke({}), lambda.invoke({})]);

  for (const call of calls) {
    expect(call).toMatchObject({
      reason: { errorType, message: expect.stringContaining(message) },
    });
  }
});

test('no result is null, one that is no JSON fails the call', async () => {
  expect(await start('nothing').invoke({})).toBeNull();
  await expect(start('circular').invoke({})).rejects.toThrow('circular');
});

test('events and answers over 6 MB are refused', async () => {
  const lambda = start('large');

  await expect(lambda.invoke({})).rejects.toMatchObject({
    errorType: 'Function.ResponseSizeTooLarge',
  });
  await expect(lambda.invoke({ body: 'x'.repeat(7_000_000) })).rejects.toMatchObject({
    errorType: 'RequestEntityTooLarge',
  });
});

test('what a function writes goes line by line to its log, not to ours', async () => {
  const own: string[] = [];
  const lambda = start('log', { onLog: (line) => own.push(line) });

  await lambda.invoke({});
  await delay(50);

  expect(own.sort()).toEqual(['to stderr', 'to stdout']);
});
