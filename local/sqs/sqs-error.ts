import { ServiceError } from '../dynamodb/service-error';

/** A refusal by SQS, by its short name. */
export function sqsError(name: string, message: string): ServiceError {
  return new ServiceError(`com.amazonaws.sqs#${name}`, message);
}

/** The refusal of one value. */
export function invalidParameter(name: string, value: unknown, reason: string): ServiceError {
  return sqsError(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}
