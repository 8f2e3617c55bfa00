import { outcomeOfFailure, readFailure } from '../../../lib/vendors/fcm/protocol';
import { NOW } from '../../support/builders';

// a 429 of the project teaches the limiter, one of a single device does not

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';
const QUOTA_FAILURE = 'type.googleapis.com/google.rpc.QuotaFailure';

function outcomeOf(message: string, details: readonly unknown[] = []) {
  const status = 429;
  const all = [{ '@type': FCM_ERROR, errorCode: 'QUOTA_EXCEEDED' }, ...details];
  const data = { error: { code: status, status: 'RESOURCE_EXHAUSTED', message, details: all } };
  const error = { code: 'messaging/message-rate-exceeded', httpResponse: { status, data } };
  return outcomeOfFailure(readFailure(error, undefined), [], NOW);
}

const quota = (subject: unknown, description = 'too many') => ({
  '@type': QUOTA_FAILURE,
  violations: [{ subject, description }],
});

test.each([
  ['its words', outcomeOf('Device message rate exceeded')],
  ['the quota named', outcomeOf('Quota exceeded.', [quota('device:1')])],
  ['the quota described', outcomeOf('Quota exceeded.', [quota('1', 'rate to one device')])],
])('by %s it is the device that had its share', (_sign, outcome) => {
  expect(outcome).toMatchObject({
    ...{ kind: 'throttled', scope: 'device', retryAfterMs: 60_000 },
    reason: { code: 'QUOTA_EXCEEDED' },
  });
});

test.each([
  ['nothing more is said', outcomeOf('Quota exceeded.')],
  ["the quota is the project's", outcomeOf('Quota exceeded.', [quota('project:1')])],
  ['another detail says device', outcomeOf('', [{ '@type': ERROR_INFO, reason: 'device' }])],
  ['details are not as published', outcomeOf('', [null, 7, quota({ toString: 1 })])],
])('where %s it is the project', (_sign, outcome) => {
  expect(outcome).toMatchObject({ kind: 'throttled', scope: 'second' });
});
