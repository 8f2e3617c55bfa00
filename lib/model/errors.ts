/** One thing wrong with an input, with the path of the field: `messages[0].recipients[2].accountId`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
  /** NIM's number for it, where it has one. */
  readonly code?: number;
}

/** The HTTP statuses a refusal may carry. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 503;

/**
 * A call that is refused, with what to tell the caller. Its texts reach the caller:
 * they never hold a secret or a push token.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: RefusalStatus;
  readonly fields: readonly FieldError[];

  constructor(status: RefusalStatus, detail: string, fields: readonly FieldError[] = []) {
    super(detail);
    this.status = status;
    this.fields = fields;
  }
}

/** A refusal that ends by itself: the same call will do a little later. */
export class TryLater extends Refusal {}

/** A stored item changed between reading and writing more often than we care to try again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** Fails to compile when a case of a union is forgotten; throws if data from outside got past that. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
