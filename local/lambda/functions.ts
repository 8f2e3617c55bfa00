import type { Template, TemplateFunction } from '../cloudformation/template';
import { findHandlerFile } from './handler-file';
import { type FunctionCounters, LambdaFunction } from './lambda-function';

/** Environments of a function that HTTP calls: enough to use the machine, few enough to fit it. */
const ENVIRONMENTS_FOR_HTTP = 8;
/** Environments per queue whose concurrency the template does not limit. */
const ENVIRONMENTS_PER_QUEUE = 10;

/** A function of the template, running. */
export interface RunningFunction {
  readonly logicalId: string;
  readonly name: string;
  /** Name of its module: `read-trace`. */
  readonly moduleName: string;
  /** All its variables, but for those Lambda sets itself. */
  readonly environment: Readonly<Record<string, string>>;
  readonly function: LambdaFunction;
}

/** The functions of a template. */
export class Functions {
  readonly #functions: RunningFunction[] = [];
  readonly #onLog: (moduleName: string, line: string) => void;

  constructor(onLog: (moduleName: string, line: string) => void) {
    this.#onLog = onLog;
  }

  /** Adds a template's functions; `environment` wins over the variables of the template. */
  add(
    { functions, eventSources }: Template,
    distFolder: string,
    environment: Readonly<Record<string, string>>,
  ): void {
    for (const declared of functions) {
      const queues = eventSources.filter((source) => source.function === declared);
      const forQueues = queues.reduce(
        (sum, { maximumConcurrency = ENVIRONMENTS_PER_QUEUE }) => sum + maximumConcurrency,
        0,
      );
      this.#functions.push(
        this.#run(
          declared,
          distFolder,
          // AWS's services know by it who calls
          { ...declared.environment, ...environment, AWS_ACCESS_KEY_ID: declared.name },
          Math.max(ENVIRONMENTS_FOR_HTTP, forQueues),
        ),
      );
    }
  }

  /** By module name, full name or logical id. */
  find(name: string): RunningFunction {
    const found = this.#functions.filter((candidate) =>
      [candidate.moduleName, candidate.name, candidate.logicalId].includes(name),
    );
    const [first, second] = found;
    if (!first) throw new Error(`the template has no function ${name}`);
    if (second) throw new Error(`${name} may be ${first.name} or ${second.name}`);
    return first;
  }

  /** Per module name. */
  counters(): Readonly<Record<string, FunctionCounters>> {
    return Object.fromEntries(
      this.#functions.map((running) => [running.moduleName, running.function.counters]),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#functions.map((running) => running.function.close()));
  }

  #run(
    { logicalId, name, arn, handler, timeoutSeconds, ...declared }: TemplateFunction,
    distFolder: string,
    environment: Readonly<Record<string, string>>,
    maximumEnvironments: number,
  ): RunningFunction {
    const { file, exportName, moduleName } = findHandlerFile(handler, distFolder);
    const lambda = new LambdaFunction({
      name,
      arn,
      file,
      exportName,
      timeoutMs: timeoutSeconds * 1_000,
      memoryMegabytes: declared.memoryMegabytes,
      reservedConcurrency: declared.reservedConcurrency,
      maximumEnvironments,
      environment,
      onLog: (line) => this.#onLog(moduleName, line),
    });
    return { logicalId, name, moduleName, environment, function: lambda };
  }
}
