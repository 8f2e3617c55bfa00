import type { ErrorTable } from '../vendor';

/**
 * Code → meaning. A code is FCM's `errorCode` where the answer has one, else the `status` all Google APIs give
 * (https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode, checked 2026-11-24), else what the SDK says.
 * `protocol.ts` and `sender.ts` decide what a code alone does not: a bad token behind INVALID_ARGUMENT, a foreign one behind
 * SENDER_ID_MISMATCH. Left out on purpose, so that it is alarmed: UNSPECIFIED_ERROR. Codes in no row are `unavailable` at 5xx.
 */
export const errors: ErrorTable = {
  // the app is gone from the phone, or the token was replaced: the only code that always drops a token
  UNREGISTERED: { kind: 'token-invalid', text: 'app instance was unregistered from FCM' },
  // without FcmError: the project in the path may be the one not found, so no token is dropped
  NOT_FOUND: {
    kind: 'misconfigured',
    text: 'not found, but no word of the token: is the project right?',
  },

  // the payload, unless one of two signs says it is the token
  INVALID_ARGUMENT: { kind: 'rejected', text: 'request parameters were invalid' },

  // a token of another project, or the certificate of another project
  SENDER_ID_MISMATCH: { kind: 'misconfigured', text: 'token belongs to another sender' },
  // without FcmError: the service account lacks the role, or the API is off
  PERMISSION_DENIED: {
    kind: 'misconfigured',
    text: 'service account may not send for this project',
  },
  // our own access token, refused even after a renewal
  UNAUTHENTICATED: { kind: 'unauthorized', text: 'access token refused' },
  // the key FCM itself uses towards Apple or a browser
  THIRD_PARTY_AUTH_ERROR: {
    kind: 'misconfigured',
    text: 'APNs certificate or web push key invalid',
  },
  APNS_AUTH_ERROR: { kind: 'misconfigured', text: 'APNs certificate or key invalid' },

  // the project's rate, or the device's: where the answer says which (ErrorCode), `protocol.ts` takes it for the device's alone
  QUOTA_EXCEEDED: { kind: 'throttled', scope: 'second', text: 'sending limit exceeded' },
  RESOURCE_EXHAUSTED: { kind: 'throttled', scope: 'second', text: 'sending limit exceeded' },

  // Google's own trouble
  INTERNAL: { kind: 'unavailable', text: 'internal error' },
  UNAVAILABLE: { kind: 'unavailable', text: 'server overloaded' },
  DEADLINE_EXCEEDED: { kind: 'unavailable', text: 'server took too long' },

  // HTTP statuses of answers without a code: a proxy's, or a wrong endpoint's
  'http-400': { kind: 'rejected', text: 'HTTP 400 without a code' },
  'http-401': { kind: 'unauthorized', text: 'HTTP 401 without a code' },
  'http-403': { kind: 'misconfigured', text: 'HTTP 403 without a code' },
  'http-404': { kind: 'misconfigured', text: 'HTTP 404 without a code: is the endpoint right?' },
  'http-408': { kind: 'unavailable', text: 'HTTP 408 without a code' },
  'http-413': { kind: 'rejected', text: 'HTTP 413 without a code' },
  'http-429': { kind: 'throttled', scope: 'second', text: 'HTTP 429 without a code' },

  // the SDK's own, without an answer
  network: { kind: 'unavailable', text: 'no answer' },
  timeout: { kind: 'unavailable', text: 'no answer in time' },
  'messaging/invalid-payload': { kind: 'rejected', text: 'the SDK refused the payload' },
  'messaging/invalid-argument': { kind: 'rejected', text: 'the SDK refused the message' },
};

/** How long to leave a project alone after a 429 without `Retry-After`; same source. */
export const QUOTA_WAIT_MS = 60_000;
