import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { ApiClient } from '../local/api-client';
import { type OneMachine, signToken, startOneMachine } from '../local/one-machine';

/** Counts, exactly, what AWS would bill for pushes of several kinds, and how many calls a large group takes. */

const projectFolder = resolve(import.meta.dirname, '../..');

interface Units {
  http: number;
  invocations: number;
  dynamoDb: number;
  sqs: number;
  calls: number;
}

const lines: string[] = [];
const machine = await startOneMachine({
  projectFolder,
  simulatorRates: { xiaomi: 100_000 },
  environment: { LOG_AWS_CALLS: 'true' },
  onLog: (_name, line) => {
    if (line.includes('"awsCall"')) lines.push(line);
  },
});
const server = new ApiClient(machine.stack.url, await signToken(machine.app, 'server'));
const admin = new ApiClient(machine.stack.url, await signToken(machine.app, 'admin'));

/** Runs one kind of traffic until every push has arrived, and counts what it cost. */
async function measure(calls: readonly (() => Promise<unknown>)[], pushes: number): Promise<Units> {
  const targetsBefore = machine.simulators.xiaomi.counters().targets;
  const before = invocations(machine);
  lines.length = 0;
  const width = 8;
  for (let at = 0; at < calls.length; at += width) {
    await Promise.all(calls.slice(at, at + width).map((call) => call()));
  }
  const deadline = Date.now() + 60_000;
  while (machine.simulators.xiaomi.counters().targets - targetsBefore < pushes) {
    if (Date.now() > deadline) throw new Error('not every push arrived');
    await new Promise((done) => setTimeout(done, 50));
  }
  await new Promise((done) => setTimeout(done, 500));
  const after = invocations(machine);
  const units: Units = {
    http: calls.length,
    invocations: after.all - before.all,
    dynamoDb: 0,
    // one receive and one delete for every batch an event source hands to a sender
    sqs: 2 * (after.senders - before.senders),
    calls: lines.length,
  };
  for (const line of lines) {
    const { awsCall } = JSON.parse(line) as { awsCall: { service: string; units: number } };
    if (awsCall.service === 'dynamodb') units.dynamoDb += awsCall.units;
    if (awsCall.service === 'sqs') units.sqs += awsCall.units;
  }
  return units;
}

function invocations({ stack }: OneMachine): { all: number; senders: number } {
  const counters = stack.counters();
  // receipts are the vendor's calls, not the push's
  const all = ['dispatch-message', 'send-xiaomi'].reduce(
    (sum, name) => sum + (counters[name]?.invocations ?? 0),
    0,
  );
  return { all, senders: counters['send-xiaomi']?.invocations ?? 0 };
}

function message(recipients: readonly string[], type: 'p2p' | 'team', batchId?: string) {
  return {
    messageId: randomUUID(),
    type: 'text',
    conversation: { id: 'bench', type, name: 'Bench' },
    sender: { accountId: 'bench-sender', nick: 'Bench' },
    recipients,
    body: 'test text message',
    sentAt: Date.now(),
    ...(batchId === undefined ? {} : { batchId }),
  };
}

const post = (body: unknown) => () => server.call('POST', '/v1/messages', body);
const members = Array.from({ length: 10_000 }, (_, index) => `m${index}`);

await admin.call('PATCH', '/v1/app', { traceLevel: 'off' });
console.log('registering 10,000 phones …');
for (let at = 0; at < members.length; at += 50) {
  await Promise.all(
    members.slice(at, at + 50).map((member) =>
      server.call('PUT', `/v1/accounts/${member}/devices/d`, {
        platform: 'android',
        manufacturer: 'Xiaomi',
        package: machine.simulators.packageName,
        tokens: [{ certificate: 'xiaomi', token: `bench-${member}` }],
      }),
    ),
  );
}
// 150 of the first 500 are connected
for (let at = 0; at < 150; at += 50) {
  await server.call('POST', '/v1/presence', {
    node: 'bench',
    epoch: 1,
    events: members
      .slice(at, at + 50)
      .map((accountId) => ({ accountId, deviceId: 'd', event: 'foreground' })),
  });
}
await measure([post(message(['m1000'], 'p2p'))], 1);

const one = (index: number, batchId?: string) => message([`m${1000 + index}`], 'p2p', batchId);
const hundred = (batchId?: string) => {
  const messages = Array.from({ length: 100 }, (_, index) => one(index));
  return post(batchId === undefined ? { messages } : { batchId, messages });
};
const group = (size: number, from = 0) => message(members.slice(from, from + size), 'team');

const rows: { name: string; pushes: number; units: Units }[] = [];
async function row(
  name: string,
  calls: readonly (() => Promise<unknown>)[],
  pushes: number,
): Promise<void> {
  rows.push({ name, pushes, units: await measure(calls, pushes) });
}
await row('1-to-1, one at a time', [post(one(0))], 1);
await row(
  '1-to-1, one event a call',
  Array.from({ length: 200 }, (_, index) => post(one(index))),
  200,
);
await row(
  '1-to-1, 100 events a call',
  Array.from({ length: 5 }, () => hundred()),
  500,
);
await row(
  '1-to-1, 100 events a call with batchId',
  Array.from({ length: 5 }, () => hundred(randomUUID())),
  500,
);
await row(
  'group of 500, 350 offline',
  Array.from({ length: 5 }, () => post(group(500))),
  1_750,
);
await row('group of 1,000', [post(group(1_000, 1_000))], 1_000);
await row('group of 9,850 offline of 10,000', [post(group(10_000))], 9_850);

const table = rows.map(({ name, pushes, units }) => {
  const total = units.http + units.invocations + units.dynamoDb + units.sqs;
  return {
    kind: name,
    pushes,
    'API calls': units.http,
    invocations: units.invocations,
    'DynamoDB units': units.dynamoDb,
    'SQS requests': units.sqs,
    'units per push': Number((total / pushes).toFixed(3)),
    'AWS calls per push': Number((units.calls / pushes).toFixed(4)),
  };
});
console.table(table);
const sizes: unknown = JSON.parse(
  await readFile(resolve(projectFolder, 'dist/sizes.json'), 'utf8'),
);
await mkdir(resolve(projectFolder, 'bench'), { recursive: true });
await writeFile(
  resolve(projectFolder, 'bench/results.json'),
  `${JSON.stringify({ measuredAt: new Date().toISOString(), node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, traceLevel: 'off', rows: table, bundleBytes: sizes }, null, 2)}\n`,
);
await machine.close();
process.exit(0);
