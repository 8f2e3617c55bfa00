import { FCM_ERRORS, type FcmError, type FieldViolation } from './fcm-errors';
import type { FcmMessage } from './message';

/** Source: FCM v1 REST reference: 4096 bytes for a token, 2048 for a topic. */
const MAX_PAYLOAD_BYTES = 4_096;
const MAX_TOPIC_PAYLOAD_BYTES = 2_048;

const TOKEN = /^[A-Za-z0-9_:=.-]{4,}$/;
const TARGETS = ['token', 'topic', 'condition', 'fid'] as const;

/** What a well-formed message still does wrong, judged without knowing any phone. */
export function findMessageError(message: FcmMessage, packageName: string): FcmError | undefined {
  const targets = TARGETS.filter((name) => typeof message[name] === 'string');
  if (targets.length === 0) {
    return invalid('Recipient of the message is not set.', 'message');
  }
  if (targets.length > 1) {
    return parseError({
      field: 'message',
      description: `Invalid value at 'message' (oneof), oneof field 'target' is already set. Cannot set '${targets[1]}'`,
    });
  }
  if (typeof message.token === 'string' && !TOKEN.test(message.token)) {
    return FCM_ERRORS.malformedToken;
  }
  return (
    findReservedKey(message.data, 'message.data') ??
    findReservedKey(message.android?.data, 'message.android.data') ??
    checkPackage(message, packageName) ??
    checkSize(message)
  );
}

/** A body that Google's JSON reader refuses: all problems together, no code of FCM's own. */
export function parseError(...violations: readonly FieldViolation[]): FcmError {
  return {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: violations.map(({ description }) => description).join('\n'),
    violations,
  };
}

function invalid(description: string, field: string): FcmError {
  return {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: description,
    errorCode: 'INVALID_ARGUMENT',
    violations: [{ field, description }],
  };
}

/** `from`, `message_type` and all that begins with `gcm` or `google` are FCM's own. */
function findReservedKey(data: FcmMessage['data'], path: string): FcmError | undefined {
  const keys = Object.keys(data ?? {});
  const index = keys.findIndex((key) => /^(from$|message_type$|gcm|google)/.test(key));
  if (index < 0) return undefined;
  return invalid(`Invalid data payload key: ${keys[index]}`, `${path}[${index}].key`);
}

function checkPackage({ android }: FcmMessage, packageName: string): FcmError | undefined {
  const restricted = android?.restricted_package_name;
  return restricted === undefined || restricted === null || restricted === packageName
    ? undefined
    : invalid('Invalid package name', 'message.android.restricted_package_name');
}

function checkSize(message: FcmMessage): FcmError | undefined {
  const ofToken = typeof message.token === 'string' || typeof message.fid === 'string';
  return payloadBytes(message) > (ofToken ? MAX_PAYLOAD_BYTES : MAX_TOPIC_PAYLOAD_BYTES)
    ? invalid('Android message is too big', 'message')
    : undefined;
}

/** Keys and values of the data, and names and values of the notification, as an Android phone gets them. */
export function payloadBytes({ data, notification, android }: FcmMessage): number {
  return (
    sizeOf(android?.data ?? data ?? {}) +
    sizeOf({ ...notification, ...withoutNulls(android?.notification ?? {}) })
  );
}

function sizeOf(fields: Readonly<Record<string, unknown>>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  return bytes;
}

function withoutNulls(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
