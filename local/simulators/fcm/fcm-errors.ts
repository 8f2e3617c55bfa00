import { htmlReply, jsonReply, type Reply } from '../exchange';

/** One field that is wrong, as `google.rpc.BadRequest` tells it. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** An error in the form all Google APIs share. `errorCode` is FCM's own, where it gives one. */
export interface FcmError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly errorCode?: string;
  readonly violations?: readonly FieldViolation[];
}

/** Source: firebase.google.com, FCM v1 REST reference, ErrorCode. */
export const FCM_ERRORS = {
  unauthenticated: {
    code: 401,
    status: 'UNAUTHENTICATED',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  },
  permissionDenied: {
    code: 403,
    status: 'PERMISSION_DENIED',
    message:
      "Permission 'cloudmessaging.messages.create' denied on resource of this project (or it may not exist).",
  },
  unregistered: {
    code: 404,
    status: 'NOT_FOUND',
    message: 'Requested entity was not found.',
    errorCode: 'UNREGISTERED',
  },
  malformedToken: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'The registration token is not a valid FCM registration token',
    errorCode: 'INVALID_ARGUMENT',
  },
  senderIdMismatch: {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: 'SenderId mismatch',
    errorCode: 'SENDER_ID_MISMATCH',
  },
  quotaExceeded: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: 'Quota exceeded.',
    errorCode: 'QUOTA_EXCEEDED',
  },
} as const satisfies Readonly<Record<string, FcmError>>;

/** Errors by HTTP status, for failures that were asked for. Others come as a proxy's page. */
const BY_STATUS: Readonly<Record<number, FcmError>> = {
  400: { code: 400, status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
  401: FCM_ERRORS.unauthenticated,
  403: FCM_ERRORS.permissionDenied,
  404: { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' },
  429: FCM_ERRORS.quotaExceeded,
  500: {
    code: 500,
    status: 'INTERNAL',
    message: 'Internal error encountered.',
    errorCode: 'INTERNAL',
  },
  503: {
    code: 503,
    status: 'UNAVAILABLE',
    message: 'The service is currently unavailable.',
    errorCode: 'UNAVAILABLE',
  },
};

/** The answer with this HTTP status; `errorCode` and `message` replace the usual ones. */
export function errorByStatus(
  status: number,
  errorCode: string | undefined,
  message: string | undefined,
  headers: Readonly<Record<string, string>>,
): Reply {
  const usual = BY_STATUS[status];
  if (usual === undefined && errorCode === undefined) {
    return htmlReply(status, message ?? 'Server Error', headers);
  }
  const error = usual ?? { code: status, status: 'UNKNOWN', message: '' };
  return errorReply(
    {
      ...error,
      ...(errorCode !== undefined && { errorCode }),
      ...(message !== undefined && { message }),
    },
    headers,
  );
}

export function errorReply(error: FcmError, headers: Readonly<Record<string, string>> = {}): Reply {
  const { code, message, status, errorCode, violations = [] } = error;
  const details = [
    ...(errorCode === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }]),
    ...(violations.length === 0
      ? []
      : [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: violations }]),
  ];
  return jsonReply(
    code,
    { error: { code, message, status, ...(details.length > 0 && { details }) } },
    headers,
  );
}
