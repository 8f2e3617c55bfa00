import { createAccessTokenStore } from '../../lib/aws/access-token-store';
import { createAccountStore } from '../../lib/aws/account-store';
import { createAckStore } from '../../lib/aws/ack-store';
import { createAppStore } from '../../lib/aws/app-store';
import { observeAwsCalls } from '../../lib/aws/call-units';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createDynamoDb, createKms, createSqs } from '../../lib/aws/clients';
import { createEnvelope } from '../../lib/aws/envelope';
import { sha256 } from '../../lib/aws/fingerprint';
import { createJobQueue } from '../../lib/aws/job-queue';
import { createJobStore } from '../../lib/aws/job-store';
import { createNonceStore } from '../../lib/aws/nonce-store';
import { rememberOpened } from '../../lib/aws/remember-opened';
import { createSecretStore } from '../../lib/aws/secret-store';
import { createSubmissionStore } from '../../lib/aws/submission-store';
import { createTeamStore } from '../../lib/aws/team-store';
import { createTelemetry } from '../../lib/aws/telemetry';
import { createTokenLossCounter } from '../../lib/aws/token-losses';
import { createUnreadStore } from '../../lib/aws/unread-store';
import type { Clock } from '../../lib/model/time';
import { readEnvironment } from './environment';

/**
 * Makes a value on first use, so that a function starts what it uses and importing one needs no environment.
 * Its calls are marked as pure: what a function does not use is then left out of its bundle.
 */
export function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

// one line per AWS call with what it costs; for measuring, off unless asked for
if (process.env['LOG_AWS_CALLS'] === 'true') {
  observeAwsCalls((awsCall) => {
    process.stdout.write(`${JSON.stringify({ awsCall })}\n`);
  });
}

export const environment = /* @__PURE__ */ lazy(() => readEnvironment(process.env));
export const clock: Clock = { now: () => Date.now() };
export const telemetry = /* @__PURE__ */ lazy(createTelemetry);
export const dynamoDb = /* @__PURE__ */ lazy(createDynamoDb);
export const sqs = /* @__PURE__ */ lazy(createSqs);

const envelope = /* @__PURE__ */ lazy(() =>
  rememberOpened(createEnvelope(createKms(), environment().KMS_KEY_ID)),
);

export const accounts = /* @__PURE__ */ lazy(() =>
  createAccountStore(dynamoDb(), environment().DEVICES_TABLE),
);
export const apps = /* @__PURE__ */ lazy(() =>
  createAppStore(dynamoDb(), environment().SETTINGS_TABLE, environment().SETTINGS_KEEP_MS),
);
export const secrets = /* @__PURE__ */ lazy(() =>
  createSecretStore(dynamoDb(), environment().SETTINGS_TABLE, envelope()),
);
export const nonces = /* @__PURE__ */ lazy(() =>
  createNonceStore(dynamoDb(), environment().SETTINGS_TABLE),
);
export const teams = /* @__PURE__ */ lazy(() =>
  createTeamStore(dynamoDb(), environment().SETTINGS_TABLE),
);
export const certificates = /* @__PURE__ */ lazy(() =>
  createCertificateStore(dynamoDb(), environment().SETTINGS_TABLE, envelope()),
);
export const submissions = /* @__PURE__ */ lazy(() =>
  createSubmissionStore(dynamoDb(), environment().DELIVERIES_TABLE),
);
export const jobs = /* @__PURE__ */ lazy(() =>
  createJobStore(dynamoDb(), environment().DELIVERIES_TABLE),
);
export const acks = /* @__PURE__ */ lazy(() =>
  createAckStore(dynamoDb(), environment().DELIVERIES_TABLE),
);
export const queue = /* @__PURE__ */ lazy(() => createJobQueue(sqs(), environment().QUEUE_URLS));
export const unread = /* @__PURE__ */ lazy(() =>
  createUnreadStore(dynamoDb(), environment().DEVICES_TABLE),
);
export const accessTokens = /* @__PURE__ */ lazy(() =>
  createAccessTokenStore(dynamoDb(), environment().SETTINGS_TABLE, envelope()),
);
export const losses = /* @__PURE__ */ lazy(() =>
  createTokenLossCounter(dynamoDb(), environment().FLOW_TABLE),
);
export const hash = sha256;
