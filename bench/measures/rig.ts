import { randomUUID } from 'node:crypto';
import { BatchWriteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoDb } from '../../lib/aws/clients';
import { packJson, unpackJson } from '../../lib/aws/stored-json';
import { chunk } from '../../lib/model/chunk';
import { ApiClient } from '../../local/api-client';
import { type OneMachine, signToken, startOneMachine } from '../../local/one-machine';

/** One call to AWS as a function reports it. */
export interface AwsCall {
  readonly functionName: string;
  readonly service: 'dynamodb' | 'sqs' | 'kms';
  readonly operation: string;
  readonly units: number;
}

/** The running service with 10,000 registered phones, one for each of the members `m0` to `m9999`. */
export interface Rig {
  readonly machine: OneMachine;
  readonly server: ApiClient;
  readonly admin: ApiClient;
  readonly members: readonly string[];
  /** So many of the first members have the app in the foreground, and are not pushed to. */
  readonly inForeground: number;
  /** Sets how much is kept for the trace, and waits until all containers know. */
  setTraceLevel(traceLevel: 'off' | 'failures' | 'full'): Promise<void>;
  /** What the functions named have called since the last `forgetCalls`. */
  callsOf(functionNames: readonly string[]): readonly AwsCall[];
  forgetCalls(): void;
}

const MEMBERS = 10_000;
const RATE_PER_SECOND = 20_000;
/** As deployed; and shorter, where nobody has time to wait for another setting. */
const SETTINGS_KEPT_MS = 10_000;
const QUICK_SETTINGS_KEPT_MS = 2_000;
const IN_PARALLEL = 50;
/** Of the first 500 members. */
const IN_FOREGROUND = 150;

/** Starts the service and registers the phones. */
export async function startRig(projectFolder: string, isQuick: boolean): Promise<Rig> {
  let calls: AwsCall[] = [];
  const settingsKeptMs = isQuick ? QUICK_SETTINGS_KEPT_MS : SETTINGS_KEPT_MS;
  const machine = await startOneMachine({
    projectFolder,
    simulatorRates: { xiaomi: RATE_PER_SECOND },
    environment: { LOG_AWS_CALLS: 'true', SETTINGS_KEEP_MS: String(settingsKeptMs) },
    onLog: (functionName, line) => {
      if (!line.startsWith('{"awsCall"')) return;
      const { awsCall } = JSON.parse(line) as { awsCall: Omit<AwsCall, 'functionName'> }; // written by functions/wiring/container.ts
      calls.push({ functionName, ...awsCall });
    },
  });
  const server = new ApiClient(machine.stack.url, await signToken(machine.app, 'server'));
  const admin = new ApiClient(machine.stack.url, await signToken(machine.app, 'admin'));
  // a limit that nothing here reaches: waiting for it is a later matter than what a push costs
  await admin.call('PUT', '/v1/certificates/xiaomi', {
    vendor: 'xiaomi',
    credentials: machine.simulators.credentials('xiaomi'),
    package: machine.simulators.packageName,
    endpoint: machine.simulators.endpoint('xiaomi'),
    limits: { ratePerSecond: RATE_PER_SECOND },
  });
  // before any container has read a setting
  await admin.call('PATCH', '/v1/app', { traceLevel: 'off' });
  let level = 'off';
  const members = Array.from({ length: MEMBERS }, (_, index) => `m${index}`);
  await server.call('PUT', `/v1/accounts/${members[0]}/devices/d`, {
    platform: 'android',
    manufacturer: 'Xiaomi',
    package: machine.simulators.packageName,
    tokens: [{ certificate: 'xiaomi', token: tokenOf('m0') }],
  });
  await multiply(machine, 'm0', members.slice(1));
  await server.call('POST', '/v1/presence', {
    node: 'bench',
    epoch: '1',
    events: members
      .slice(0, IN_FOREGROUND)
      .map((accountId) => ({ accountId, deviceId: 'd', event: 'foreground' })),
  });
  return {
    machine,
    server,
    admin,
    members,
    inForeground: IN_FOREGROUND,
    async setTraceLevel(traceLevel) {
      if (traceLevel === level) return;
      level = traceLevel;
      await admin.call('PATCH', '/v1/app', { traceLevel });
      await pause(1.05 * settingsKeptMs);
    },
    callsOf: (names) => calls.filter(({ functionName }) => names.includes(functionName)),
    forgetCalls: () => {
      calls = [];
    },
  };
}

/** The token of a member's phone. */
export function tokenOf(member: string): string {
  return `bench-${member}`;
}

/**
 * Gives each of `others` the account that `member` has, with a token of its own. Registering each would store the
 * same, and take longer than all that is measured.
 */
export async function multiply(
  { stack, app }: OneMachine,
  member: string,
  others: readonly string[],
): Promise<void> {
  Object.assign(process.env, stack.awsEnvironment);
  const client = createDynamoDb();
  const table = stack.tableName('DevicesTable');
  const keyOf = (name: string) => `account/${app.key}/${name}`;
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: { pk: keyOf(member) }, ConsistentRead: true }),
  );
  const text = JSON.stringify(unpackJson(Item?.['data']));
  const itemOf = (name: string) => {
    const own = text
      .replace(`"accountId":"${member}"`, `"accountId":"${name}"`)
      .replace(`"${tokenOf(member)}"`, `"${tokenOf(name)}"`);
    return { ...Item, pk: keyOf(name), data: packJson(JSON.parse(own)) };
  };
  await inParallel(
    chunk(others, 25),
    (some) =>
      client.send(
        new BatchWriteCommand({
          RequestItems: { [table]: some.map((name) => ({ PutRequest: { Item: itemOf(name) } })) },
        }),
      ),
    4,
  );
  client.destroy();
}

/** Makes the calls and waits until so many pushes have reached the vendor, and everything is at rest again. */
export async function push(
  { machine }: Rig,
  calls: readonly (() => Promise<unknown>)[],
  pushes: number,
  width = 8,
): Promise<void> {
  const targets = () => machine.simulators.xiaomi.counters().targets;
  const before = targets();
  await inParallel(calls, (call) => call(), width);
  const deadline = Date.now() + 60_000;
  while (targets() - before < pushes) {
    if (Date.now() > deadline) {
      throw new Error(`of ${pushes} pushes ${targets() - before} arrived`);
    }
    await pause(20);
  }
  await pause(300); // settling follows the vendor's answer
  if (targets() - before !== pushes) throw new Error('some pushes were sent twice');
}

/** A message event to these members. */
export function message(recipients: readonly string[], type: 'p2p' | 'team') {
  return {
    messageId: randomUUID(),
    type: 'text',
    conversation: { id: 'bench', type, name: 'Bench' },
    sender: { accountId: 'bench-sender', nick: 'Bench' },
    recipients,
    body: 'test text message',
    sentAt: Date.now(),
  };
}

async function inParallel<Item>(
  items: readonly Item[],
  run: (item: Item) => Promise<unknown>,
  width = IN_PARALLEL,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
