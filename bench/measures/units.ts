import {
  atMost,
  type BenchContext,
  countAtMost,
  type Goal,
  type Part,
  type Row,
  rounded,
  type Table,
} from '../report/part';
import { type AwsCall, push, type Rig } from './rig';
import { kindsOfTraffic, type Traffic } from './traffic';

/** The functions a push passes. Receipts are the vendor's calls, and not counted. */
const SENDER = 'send-xiaomi';
const PUSH_PATH = ['dispatch-message', SENDER];
const TRACE_LEVELS = ['off', 'failures', 'full'] as const;
const RECEIVE_SIZE = 10;
const MOST_TRIES = 4;
/** So many calls at once make all containers of the stack warm. */
const WARM_UP_CALLS = 64;
const PER_PUSH = 'units per push';
const MOST_CALLS_PER_MEMBER = 0.02;

/** What was called and billed for one kind of traffic. */
interface Bill {
  readonly traffic: Traffic;
  readonly row: Row;
  readonly calls: readonly AwsCall[];
}

/** What AWS would bill for a push, counted exactly as the functions see it through the AWS clients' one hook. */
export const units: Part = {
  name: 'units',
  async run(context: BenchContext): Promise<readonly Table[]> {
    const rig = await context.rig();
    const scale = context.isQuick ? 0.2 : 1;
    const tables: Table[] = [];
    for (const level of TRACE_LEVELS) {
      await rig.setTraceLevel(level);
      await warmUp(rig);
      const bills: Bill[] = [];
      for (const traffic of kindsOfTraffic(rig, scale)) {
        if (level !== 'off' && traffic.onlyWithoutTrace) continue;
        bills.push(await billInTime(rig, traffic, level));
      }
      tables.push({
        key: 'unitsByTraceLevel',
        subKey: level,
        title: `AWS units, trace level "${level}"`,
        rows: bills.map(({ row }) => row),
      });
      if (level === 'off') tables.push(growthOf(bills), ...operationsOf(bills));
    }
    await rig.setTraceLevel('off');
    return tables;
  },
};

async function warmUp(rig: Rig): Promise<void> {
  const [, oneACall] = kindsOfTraffic(rig, 1);
  const calls = oneACall?.calls.slice(0, WARM_UP_CALLS) ?? [];
  await push(rig, calls, calls.length, calls.length);
}

/**
 * On a busy machine a job may wait so long that it is decided again, or a container may have forgotten the settings before
 * its one message: neither is what is counted here.
 */
async function billInTime(rig: Rig, traffic: Traffic, level: string): Promise<Bill> {
  let billed = await bill(rig, traffic, level);
  for (let tries = 1; tries < MOST_TRIES && isUnusual(billed); tries += 1) {
    billed = await bill(rig, traffic, level);
  }
  return billed;
}

function isUnusual({ traffic, calls }: Bill): boolean {
  const isDecidedAgain = calls.some(
    ({ functionName, operation }) => functionName === SENDER && operation.startsWith('BatchGet'),
  );
  const isCold = traffic.pushes === 1 && calls.some(({ operation }) => operation === 'GetItem');
  return isDecidedAgain || isCold;
}

async function bill(rig: Rig, traffic: Traffic, level: string): Promise<Bill> {
  const { kind, calls, pushes, recipients } = traffic;
  const { stack, simulators } = rig.machine;
  const before = stack.counters();
  rig.forgetCalls();
  simulators.xiaomi.obey({ latencyMs: traffic.vendorTakesMs ?? 0 });
  await push(rig, calls, pushes);
  simulators.xiaomi.obey({ latencyMs: 0 });
  const after = stack.counters();
  const invoked = (name: string) =>
    (after[name]?.invocations ?? 0) - (before[name]?.invocations ?? 0);
  const awsCalls = rig.callsOf(PUSH_PATH);
  const unitsOf = (service: string) =>
    awsCalls.reduce((sum, call) => sum + (call.service === service ? call.units : 0), 0);
  const invocations = PUSH_PATH.reduce((sum, name) => sum + invoked(name), 0);
  // an event source receives up to ten messages at once, and deletes them so
  const polls = 2 * Math.max(invoked(SENDER), Math.ceil(unitsOf('sqs') / RECEIVE_SIZE));
  const sqs = unitsOf('sqs') + polls;
  const total = calls.length + invocations + unitsOf('dynamodb') + unitsOf('kms') + sqs;
  const goals: readonly Goal[] =
    level !== 'off' || traffic.mostUnitsPerPush === undefined
      ? []
      : [(traffic.isTimed ? atMost : countAtMost)(PER_PUSH, traffic.mostUnitsPerPush)];
  return {
    traffic,
    calls: awsCalls,
    row: {
      figures: {
        kind,
        pushes,
        'API calls': calls.length,
        invocations,
        'DynamoDB units': unitsOf('dynamodb'),
        'SQS requests': sqs,
        'KMS calls': unitsOf('kms'),
        [PER_PUSH]: rounded(total / pushes),
        'AWS calls per recipient': rounded((awsCalls.length + polls) / recipients),
      },
      goals,
    },
  };
}

/** How many more calls each further member of a group costs. */
function growthOf(bills: readonly Bill[]): Table {
  const groups = bills.filter(({ traffic }) => traffic.isWholeGroup);
  const [small, large] = [groups.at(0), groups.at(-1)];
  const members = (large?.traffic.recipients ?? 0) - (small?.traffic.recipients ?? 0);
  const slope = ((large?.calls.length ?? 0) - (small?.calls.length ?? 0)) / members;
  const figure = 'AWS calls per further member';
  return {
    key: 'growth',
    title: 'Growth with the size of a group',
    rows: [
      {
        figures: {
          measure: `from ${small?.traffic.recipients} to ${large?.traffic.recipients} members`,
          [figure]: rounded(slope),
        },
        goals: [countAtMost(figure, MOST_CALLS_PER_MEMBER)],
      },
    ],
  };
}

/** Every call by its operation, for kinds of traffic that say which. */
function operationsOf(bills: readonly Bill[]): Table[] {
  return bills
    .filter(({ traffic }) => traffic.showsOperations)
    .map(({ traffic, calls }) => ({
      key: 'operations',
      subKey: traffic.kind,
      title: `AWS calls of: ${traffic.kind} (${traffic.pushes} pushes)`,
      rows: [...Map.groupBy(calls, nameOf)]
        .toSorted(([one], [other]) => one.localeCompare(other))
        .map(([operation, same]) => ({
          figures: {
            operation,
            calls: same.length,
            units: same.reduce((sum, call) => sum + call.units, 0),
          },
          goals: [],
        })),
    }));
}

function nameOf({ functionName, service, operation }: AwsCall): string {
  return `${functionName}: ${service} ${operation.replace(/Command$/, '')}`;
}
