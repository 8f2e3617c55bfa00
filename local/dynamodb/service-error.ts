/** An error as an AWS JSON service answers it: status 400, a type, a message, for some types more members. */
export class ServiceError extends Error {
  /** Qualified type as on the wire, such as `com.amazon.coral.validate#ValidationException`. */
  readonly type: string;
  /** Members of the answer beside `__type` and `message`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(type: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'ServiceError';
    this.type = type;
    this.members = members;
  }
}

/** What DynamoDB answers to a request that breaks a rule of the API. */
export function validationError(message: string): ServiceError {
  return new ServiceError('com.amazon.coral.validate#ValidationException', message);
}

/** One of DynamoDB's own exceptions, by its short name. */
export function dynamoDbError(
  name: string,
  message: string,
  members?: Readonly<Record<string, unknown>>,
): ServiceError {
  return new ServiceError(`com.amazonaws.dynamodb.v20120810#${name}`, message, members);
}
