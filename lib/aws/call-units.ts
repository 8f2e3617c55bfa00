/** One call to AWS with what it costs: DynamoDB capacity units, or requests of 64 KB for SQS, or calls for KMS. */
export interface AwsCall {
  readonly service: 'dynamodb' | 'sqs' | 'kms';
  readonly operation: string;
  readonly units: number;
}

let observer: ((call: AwsCall) => void) | undefined;

/** Sees every AWS call from now on, with its billed units; costs nothing when never called. */
export function observeAwsCalls(observe: (call: AwsCall) => void): void {
  observer = observe;
}

const SQS_UNIT_BYTES = 65_536;

interface MiddlewareStackOwner {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: { input: object }) => Promise<{ response: unknown; output: object }>,
        context: { readonly commandName?: string },
      ) => (args: { input: object }) => Promise<{ response: unknown; output: object }>,
      options: { step: 'initialize'; name: string },
    ): void;
  };
}

/** Installs the one hook through which calls are counted, and returns the client. */
export function observeCalls<Client>(client: Client, service: AwsCall['service']): Client {
  // each generated client types its stack by its own inputs; the hook needs only what they share
  const owner = client as unknown as MiddlewareStackOwner;
  owner.middlewareStack.add(
    (next, context) => async (args) => {
      if (observer === undefined) return next(args);
      const input =
        service === 'dynamodb' ? { ...args.input, ReturnConsumedCapacity: 'TOTAL' } : args.input;
      try {
        const result = await next({ ...args, input });
        observer({
          service,
          operation: context.commandName ?? 'unknown',
          units: unitsOf(service, input, result.output),
        });
        return result;
      } catch (error) {
        const units = service === 'dynamodb' ? refusedUnits(input) : 1;
        observer({ service, operation: context.commandName ?? 'unknown', units });
        throw error;
      }
    },
    { step: 'initialize', name: 'observeAwsCalls' },
  );
  return client;
}

function unitsOf(service: AwsCall['service'], input: object, output: object): number {
  if (service === 'kms') return 1;
  if (service === 'sqs') {
    return Math.max(1, Math.ceil(payloadBytes(input) / SQS_UNIT_BYTES));
  }
  const capacity = 'ConsumedCapacity' in output ? output.ConsumedCapacity : undefined;
  const list = Array.isArray(capacity) ? capacity : [capacity];
  return list.reduce((sum: number, one: unknown) => sum + capacityUnits(one), 0);
}

/** Bytes of messages that SQS counts: bodies and attributes, not the JSON around them. */
function payloadBytes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if ('Entries' in value && Array.isArray(value.Entries)) {
    return value.Entries.reduce((sum: number, entry: unknown) => sum + payloadBytes(entry), 0);
  }
  const body = 'MessageBody' in value ? String(value.MessageBody) : '';
  const attributes = 'MessageAttributes' in value ? value.MessageAttributes : {};
  const texts = Object.entries(Object(attributes)).flatMap(([name, attribute]) => [
    name,
    ...Object.values(Object(attribute)).map(String),
  ]);
  return [body, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

const WRITE_UNIT_BYTES = 1_024;

/**
 * A refused condition is billed like the write it would have been, but AWS tells no number for it:
 * this reckons it from the text of the items, twice in a transaction.
 */
function refusedUnits(input: object): number {
  if ('TransactItems' in input && Array.isArray(input.TransactItems)) {
    return input.TransactItems.reduce(
      (sum: number, item: unknown) => sum + 2 * writeUnits(item),
      0,
    );
  }
  return writeUnits(input);
}

function writeUnits(write: unknown): number {
  const text = JSON.stringify(write, (_key, value) =>
    value instanceof Uint8Array ? '.'.repeat(value.byteLength) : value,
  );
  return Math.max(1, Math.ceil(Buffer.byteLength(text) / WRITE_UNIT_BYTES));
}

function capacityUnits(capacity: unknown): number {
  if (typeof capacity !== 'object' || capacity === null) return 0;
  const units = 'CapacityUnits' in capacity ? capacity.CapacityUnits : undefined;
  return typeof units === 'number' ? units : 0;
}
