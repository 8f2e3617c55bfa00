import type { ErrorReport } from './worker-messages';

/** An invocation that failed; `errorType` is Lambda's: the handler's own error, or one of `Runtime.*` and `Sandbox.Timedout`. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly errorType: string;
  readonly trace: readonly string[];

  constructor({ errorType, errorMessage, trace }: ErrorReport) {
    super(errorMessage);
    this.errorType = errorType;
    this.trace = trace;
  }
}

/** No environment was free and no more are allowed: Lambda's `TooManyRequestsException`. */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';
}
