/** What a worker is started with. */
export interface WorkerStart {
  /** URL of the handler's module. */
  readonly moduleUrl: string;
  /** Name of the handler's export. */
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  readonly logStreamName: string;
}

/** A call of the handler, to the worker. The event is JSON text. */
export interface WorkerCall {
  readonly requestId: string;
  readonly event: string;
  /** Epoch milliseconds. */
  readonly deadlineMs: number;
}

/** An error as Lambda tells it to whoever invoked the function. */
export interface ErrorReport {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** What a worker tells. `result` is JSON text. */
export type WorkerReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: ErrorReport }
  | { readonly kind: 'result'; readonly requestId: string; readonly result: string }
  | { readonly kind: 'error'; readonly requestId: string; readonly error: ErrorReport };
