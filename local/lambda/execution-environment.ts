import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { FunctionError } from './function-error';
import type { WorkerCall, WorkerReport, WorkerStart } from './worker-messages';
import { runHandler } from './worker-runtime';

/** Lambda gives a function so long to load before the first call. */
const INIT_TIMEOUT_MS = 10_000;

/** What an environment is made of. */
export interface EnvironmentSettings {
  readonly start: Omit<WorkerStart, 'logStreamName'>;
  readonly variables: Readonly<Record<string, string>>;
  /** A line the function wrote to stdout or stderr. */
  onLog(line: string): void;
  /** The environment is gone, for whatever reason. */
  onEnd(): void;
}

interface Call {
  readonly requestId: string;
  succeed(result: string): void;
  fail(error: FunctionError): void;
}

/**
 * One execution environment: a worker thread with its own variables, module state and heap, which handles one call
 * at a time. Whatever ends the thread fails the call it is busy with.
 */
export class ExecutionEnvironment {
  /** Resolves when the handler's module is loaded. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #initialization = Promise.withResolvers<void>();
  readonly #onEnd: () => void;
  #call: Call | undefined;
  #crash: FunctionError | undefined;
  #end: FunctionError | undefined;
  /** When it last had nothing to do; epoch milliseconds. */
  idleSinceMs = Date.now();

  constructor({ start, variables, onLog, onEnd }: EnvironmentSettings) {
    const logStreamName = randomUUID();
    this.#onEnd = onEnd;
    this.#worker = new Worker(`(${runHandler.toString()})()`, {
      eval: true,
      workerData: { ...start, logStreamName } satisfies WorkerStart,
      env: { ...variables, AWS_LAMBDA_LOG_STREAM_NAME: logStreamName },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: start.memoryMegabytes },
      stdout: true,
      stderr: true,
    });
    forwardLines(this.#worker.stdout, onLog);
    forwardLines(this.#worker.stderr, onLog);
    this.#worker.on('message', (report: WorkerReport) => this.#onReport(report));
    this.#worker.on('error', (error) => {
      this.#crash = crashed(error);
    });
    this.#worker.on('exit', (code) => {
      this.#finish(this.#crash ?? exited(this.#call?.requestId, `exit status ${code}`));
    });

    const timer = setTimeout(() => {
      void this.terminate(runtimeError('Init', `Init timed out after ${INIT_TIMEOUT_MS} ms`));
    }, INIT_TIMEOUT_MS);
    this.ready = this.#initialization.promise.finally(() => clearTimeout(timer));
    // whoever waits for it hears of the failure
    this.ready.catch(() => {});
  }

  get isAlive(): boolean {
    return this.#end === undefined;
  }

  get isBusy(): boolean {
    return this.#call !== undefined;
  }

  /** CPU time the thread has used so far, in milliseconds. */
  async cpuMs(): Promise<number> {
    const { user, system } = await this.#worker.cpuUsage();
    return (user + system) / 1_000;
  }

  /** Calls the handler; both sides are JSON text. When the time is up the environment ends. */
  async invoke(event: string, timeoutMs: number): Promise<string> {
    if (this.#end) throw this.#end;
    const requestId = randomUUID();
    const timer = setTimeout(() => void this.terminate(timedOut(requestId, timeoutMs)), timeoutMs);
    try {
      return await new Promise<string>((succeed, fail) => {
        this.#call = { requestId, succeed, fail };
        const call: WorkerCall = { requestId, event, deadlineMs: Date.now() + timeoutMs };
        this.#worker.postMessage(call);
      });
    } finally {
      clearTimeout(timer);
      this.#call = undefined;
      this.idleSinceMs = Date.now();
    }
  }

  /** Ends the thread whatever it is doing; a call under way fails with `reason`. */
  async terminate(
    reason: FunctionError = exited(this.#call?.requestId, 'signal: killed'),
  ): Promise<void> {
    this.#finish(reason);
    await this.#worker.terminate();
  }

  #onReport(report: WorkerReport): void {
    if (report.kind === 'ready') this.#initialization.resolve();
    else if (report.kind === 'init-failed') void this.terminate(new FunctionError(report.error));
    else if (report.requestId !== this.#call?.requestId) return;
    else if (report.kind === 'result') this.#call.succeed(report.result);
    else this.#call.fail(new FunctionError(report.error));
  }

  #finish(reason: FunctionError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#initialization.reject(reason);
    this.#call?.fail(reason);
    this.#onEnd();
  }
}

function forwardLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

function timedOut(requestId: string, timeoutMs: number): FunctionError {
  const seconds = (timeoutMs / 1_000).toFixed(2);
  return new FunctionError({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
    trace: [],
  });
}

function exited(requestId: string | undefined, how: string): FunctionError {
  const request = requestId === undefined ? '' : `RequestId: ${requestId} `;
  return runtimeError('ExitError', `${request}Error: Runtime exited with error: ${how}`);
}

function crashed(error: unknown): FunctionError {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return new FunctionError({ errorType: name, errorMessage: message, trace: stack.split('\n') });
}

function runtimeError(kind: string, errorMessage: string): FunctionError {
  return new FunctionError({ errorType: `Runtime.${kind}`, errorMessage, trace: [] });
}
