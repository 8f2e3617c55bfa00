import { randomUUID } from 'node:crypto';
import { message, push, type Rig } from './rig';

/** What AWS bills for one kind of traffic. */
export interface UnitRow {
  readonly kind: string;
  readonly pushes: number;
  readonly 'API calls': number;
  readonly invocations: number;
  readonly 'DynamoDB units': number;
  readonly 'SQS requests': number;
  readonly 'units per push': number;
  readonly 'AWS calls per recipient': number;
}

/** The functions a push passes. Receipts are the vendor's calls and have a row of their own. */
const PUSH_PATH = ['dispatch-message', 'send-xiaomi'];

interface Traffic {
  readonly kind: string;
  readonly calls: readonly (() => Promise<unknown>)[];
  readonly pushes: number;
  readonly recipients: number;
}

/** Counts what each kind of traffic costs, exactly, as the functions see it through the AWS clients' one hook. */
export async function measureUnits(rig: Rig): Promise<UnitRow[]> {
  const rows: UnitRow[] = [];
  for (const traffic of kindsOfTraffic(rig)) rows.push(await measure(rig, traffic));
  return rows;
}

function kindsOfTraffic({ server, members }: Rig): Traffic[] {
  const post = (body: unknown) => () => server.call('POST', '/v1/messages', body);
  const single = (index: number) => message([members[1_000 + index] ?? ''], 'p2p');
  const list = (more: object) => {
    const messages = Array.from({ length: 100 }, (_, index) => single(index));
    return post({ messages, ...more });
  };
  const group = (from: number, size: number) =>
    post(message(members.slice(from, from + size), 'team'));
  const times = <Made>(count: number, make: (index: number) => Made) =>
    Array.from({ length: count }, (_, index) => make(index));
  return [
    { kind: '1-to-1, a lone one', calls: [post(single(0))], pushes: 1, recipients: 1 },
    {
      kind: '1-to-1, one event a call',
      calls: times(200, (index) => post(single(index))),
      pushes: 200,
      recipients: 200,
    },
    {
      kind: '1-to-1, 100 events a call',
      calls: times(5, () => list({})),
      pushes: 500,
      recipients: 500,
    },
    {
      kind: '1-to-1, 100 events a call, batchId',
      calls: times(5, () => list({ batchId: randomUUID() })),
      pushes: 500,
      recipients: 500,
    },
    {
      kind: 'group of 500, 350 offline',
      calls: times(5, () => group(0, 500)),
      pushes: 1_750,
      recipients: 2_500,
    },
    {
      kind: 'group of 1,000, all offline',
      calls: [group(1_000, 1_000)],
      pushes: 1_000,
      recipients: 1_000,
    },
    {
      kind: 'group of 10,000, 9,850 offline',
      calls: [group(0, 10_000)],
      pushes: 9_850,
      recipients: 10_000,
    },
  ];
}

async function measure(rig: Rig, { kind, calls, pushes, recipients }: Traffic): Promise<UnitRow> {
  const before = rig.machine.stack.counters();
  rig.forgetCalls();
  await push(rig, calls, pushes);
  const after = rig.machine.stack.counters();
  const invoked = (name: string) =>
    (after[name]?.invocations ?? 0) - (before[name]?.invocations ?? 0);
  const awsCalls = rig.callsOf(PUSH_PATH);
  const units = (service: string) =>
    awsCalls.reduce((sum, call) => sum + (call.service === service ? call.units : 0), 0);
  const invocations = PUSH_PATH.reduce((sum, name) => sum + invoked(name), 0);
  // an event source makes a receive and a delete of each batch it hands to a sender
  const polls = 2 * invoked('send-xiaomi');
  const sqs = units('sqs') + polls;
  const total = calls.length + invocations + units('dynamodb') + sqs;
  return {
    kind,
    pushes,
    'API calls': calls.length,
    invocations,
    'DynamoDB units': units('dynamodb'),
    'SQS requests': sqs,
    'units per push': round(total / pushes),
    'AWS calls per recipient': round((awsCalls.length + polls) / recipients),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
