import * as v from 'valibot';

const queues = v.object({
  direct: v.string(),
  bulk: v.string(),
  directDead: v.optional(v.string(), ''),
  bulkDead: v.optional(v.string(), ''),
});

const schema = v.object({
  DEVICES_TABLE: v.optional(v.string(), ''),
  SETTINGS_TABLE: v.optional(v.string(), ''),
  DELIVERIES_TABLE: v.optional(v.string(), ''),
  FLOW_TABLE: v.optional(v.string(), ''),
  KMS_KEY_ID: v.optional(v.string(), ''),
  QUEUE_URLS: v.optional(v.pipe(v.string(), v.parseJson(), v.record(v.string(), queues)), '{}'),
  MESSAGE_EVENTS_DEAD_QUEUE_URL: v.optional(v.string(), ''),
  PUBLIC_URL: v.optional(v.string()),
  ENDPOINT_HOSTS: v.optional(v.string(), 'vendors'),
  SETTINGS_KEEP_MS: v.optional(v.pipe(v.string(), v.transform(Number), v.number())),
  CLAIM_LEASE_MS: v.optional(v.pipe(v.string(), v.transform(Number), v.number()), '40000'),
  MOST_SENDERS: v.optional(v.pipe(v.string(), v.transform(Number), v.number()), '10'),
  DIRECT_BATCH_SIZE: v.optional(v.pipe(v.string(), v.transform(Number), v.number()), '10'),
  BULK_BATCH_SIZE: v.optional(v.pipe(v.string(), v.transform(Number), v.number()), '10'),
});

/** What the functions read from their environment; a function has only what it needs. */
export type Environment = v.InferOutput<typeof schema>;

/** Parses the environment; says which variable is wrong. */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  return v.parse(schema, variables);
}
