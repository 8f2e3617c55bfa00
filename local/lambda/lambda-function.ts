import { pathToFileURL } from 'node:url';
import { ExecutionEnvironment } from './execution-environment';
import { FunctionError, ThrottledError } from './function-error';

/** Lambda's limit for an event and for an answer. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAXIMUM_PAYLOAD_BYTES = 6_291_556;
/** Lambda keeps an idle environment for some minutes; it promises no number. */
const DEFAULT_IDLE_MS = 5 * 60_000;

/** What a function is made of. */
export interface FunctionOptions {
  readonly name: string;
  readonly arn: string;
  /** The handler's module. */
  readonly file: string;
  readonly exportName: string;
  readonly timeoutMs: number;
  readonly memoryMegabytes: number;
  /** Calls over it are refused, as in AWS. */
  readonly reservedConcurrency?: number | undefined;
  /** Environments this machine allows; calls over it wait for one, where AWS would start more. */
  readonly maximumEnvironments: number;
  readonly environment: Readonly<Record<string, string>>;
  /** How long an environment stays without work. */
  readonly idleMs?: number;
  /** A line the function wrote, or how a call failed. */
  onLog(line: string): void;
}

/** What happened to a function so far. */
export interface FunctionCounters {
  readonly invocations: number;
  /** Environments started. */
  readonly inits: number;
  /** Calls that failed, whatever the reason. */
  readonly errors: number;
  readonly timeouts: number;
  readonly throttles: number;
  /** Environments ended by `killOne`. */
  readonly kills: number;
}

/** A Lambda function: as many environments as it needs, the last one used first. */
export class LambdaFunction {
  readonly #options: FunctionOptions;
  readonly #environments = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #waiting: PromiseWithResolvers<ExecutionEnvironment>[] = [];
  readonly #counters = { invocations: 0, inits: 0, errors: 0, timeouts: 0, throttles: 0, kills: 0 };
  readonly #reaper: NodeJS.Timeout;
  #starting = 0;
  #running = 0;
  #isClosed = false;

  constructor(options: FunctionOptions) {
    this.#options = options;
    const idleMs = options.idleMs ?? DEFAULT_IDLE_MS;
    this.#reaper = setInterval(() => this.#endIdle(idleMs), idleMs / 2).unref();
  }

  get counters(): FunctionCounters {
    return { ...this.#counters };
  }

  /** Calls the handler and waits for its answer. Throws `FunctionError` or `ThrottledError`. */
  async invoke(event: unknown): Promise<unknown> {
    const { reservedConcurrency = Number.POSITIVE_INFINITY, timeoutMs } = this.#options;
    if (this.#running >= reservedConcurrency) {
      this.#counters.throttles += 1;
      throw new ThrottledError(`${this.#options.name}: Rate Exceeded.`);
    }
    this.#running += 1;
    this.#counters.invocations += 1;
    try {
      const payload = JSON.stringify(event);
      checkSize(payload, 'RequestEntityTooLarge', 'Request');
      const environment = await this.#acquire();
      const result = await environment
        .invoke(payload, timeoutMs)
        .finally(() => this.#release(environment));
      checkSize(result, 'Function.ResponseSizeTooLarge', 'Response');
      return JSON.parse(result);
    } catch (error) {
      this.#note(error);
      throw error;
    } finally {
      this.#running -= 1;
    }
  }

  /** Ends one environment in the middle of a call, if there is one, as a crash of its machine would. */
  killOne(): boolean {
    for (const environment of this.#environments) {
      if (!environment.isBusy) continue;
      this.#counters.kills += 1;
      void environment.terminate();
      return true;
    }
    return false;
  }

  /** CPU time its living environments have used so far, in milliseconds. */
  async cpuMs(): Promise<number> {
    const used = await Promise.all([...this.#environments].map((one) => one.cpuMs()));
    return used.reduce((sum, one) => sum + one, 0);
  }

  /** Ends all environments; calls under way fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#reaper);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(closedError(this.#options.name));
    await Promise.all([...this.#environments].map((environment) => environment.terminate()));
  }

  /** An idle environment, or whichever comes first: a new one or one that becomes idle. */
  #acquire(): Promise<ExecutionEnvironment> {
    if (this.#isClosed) return Promise.reject(closedError(this.#options.name));
    const idle = this.#idle.pop();
    if (idle) return Promise.resolve(idle);
    const waiting = Promise.withResolvers<ExecutionEnvironment>();
    this.#waiting.push(waiting);
    this.#startForWaiting();
    return waiting.promise;
  }

  #release(environment: ExecutionEnvironment): void {
    if (!environment.isAlive) return;
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(environment);
    else this.#idle.push(environment);
  }

  #startForWaiting(): void {
    const { maximumEnvironments } = this.#options;
    while (
      !this.#isClosed &&
      this.#starting < this.#waiting.length &&
      this.#environments.size < maximumEnvironments
    ) {
      void this.#start();
    }
  }

  async #start(): Promise<void> {
    const { name, arn, file, exportName, memoryMegabytes, environment: variables } = this.#options;
    const environment = new ExecutionEnvironment({
      start: {
        moduleUrl: pathToFileURL(file).href,
        exportName,
        functionName: name,
        functionArn: arn,
        memoryMegabytes,
      },
      variables: {
        ...variables,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        _HANDLER: exportName,
      },
      onLog: (line) => this.#options.onLog(line),
      onEnd: () => this.#forget(environment),
    });
    this.#environments.add(environment);
    this.#counters.inits += 1;
    this.#starting += 1;
    try {
      await environment.ready;
      this.#starting -= 1;
      this.#release(environment);
    } catch (error) {
      this.#starting -= 1;
      this.#waiting.shift()?.reject(error);
      this.#startForWaiting();
    }
  }

  #forget(environment: ExecutionEnvironment): void {
    this.#environments.delete(environment);
    const index = this.#idle.indexOf(environment);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#startForWaiting();
  }

  #endIdle(idleMs: number): void {
    const now = Date.now();
    for (const environment of [...this.#idle]) {
      if (now - environment.idleSinceMs >= idleMs) void environment.terminate();
    }
  }

  #note(error: unknown): void {
    this.#counters.errors += 1;
    if (!(error instanceof FunctionError)) return;
    if (error.errorType === 'Sandbox.Timedout') this.#counters.timeouts += 1;
    const { errorType, message: errorMessage, trace: stackTrace } = error;
    const line = { level: 'ERROR', message: 'Invoke Error', errorType, errorMessage, stackTrace };
    this.#options.onLog(JSON.stringify(line));
  }
}

function checkSize(payload: string, errorType: string, what: string): void {
  if (Buffer.byteLength(payload) <= MAXIMUM_PAYLOAD_BYTES) return;
  const errorMessage = `${what} payload size exceeded maximum allowed payload size (${MAXIMUM_PAYLOAD_BYTES} bytes).`;
  throw new FunctionError({ errorType, errorMessage, trace: [] });
}

function closedError(name: string): FunctionError {
  return new FunctionError({
    errorType: 'Runtime.Closed',
    errorMessage: `${name} is shut down`,
    trace: [],
  });
}
