import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type {
  ContainerSettings,
  FromContainer,
  FromDatabase,
  FromVendor,
  ToVendor,
  VendorCounts,
  VendorSettings,
} from './rig-messages';

/** A stretch of time that is counted by itself. */
export interface Phase {
  readonly seconds: number;
  /** What the vendor truly lets in while it lasts. */
  readonly truePerSecond: number;
}

export interface RigOptions extends Pick<VendorSettings, 'counting' | 'network'> {
  readonly strategy: ContainerSettings['strategy'];
  readonly containers: number;
  readonly perSecond: number;
  readonly requestsPerInvocation: number;
  /** The containers' clocks are spread evenly from so much behind the true time to so much ahead. */
  readonly clocksOffByMs: number;
  /** From the start of the containers until anything is counted. */
  readonly warmUpSeconds: number;
  readonly phases: readonly Phase[];
  /** One container after the other dies so often, in the middle of its work, and a new one takes its place. */
  readonly killEverySeconds?: number;
}

/** What happened in a phase. */
export interface PhaseCounts extends VendorCounts {
  readonly truePerSecond: number;
  readonly databaseWrites: number;
  readonly databaseReads: number;
  readonly killed: number;
}

/** The store of all rigs of a run, in a process of its own. */
export interface Database {
  /** Where the bundles of the processes are. */
  readonly folder: string;
  readonly table: string;
  /** What lets a process find it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): void;
}

const TABLE = 'flow';
/** So long senders wait for an answer. */
const TIMEOUT_MS = 5_000;
const AWS_ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'anybody',
  AWS_SECRET_ACCESS_KEY: 'anything',
};

export async function startDatabase(projectFolder: string): Promise<Database> {
  const folder = join(projectFolder, 'dist/bench/processes');
  const child = start(folder, 'limiter-database', TABLE, AWS_ENVIRONMENT);
  const { url } = await firstMessage<FromDatabase>(child);
  return {
    folder,
    table: TABLE,
    environment: { ...AWS_ENVIRONMENT, AWS_ENDPOINT_URL_DYNAMODB: url },
    close: () => void child.kill('SIGKILL'),
  };
}

/** Runs containers against a vendor and answers what was counted in each phase. */
export async function runRig(options: RigOptions, database: Database): Promise<PhaseCounts[]> {
  const vendor = await startVendor(options, database);
  const containers = startContainers(options, vendor.url, database);
  try {
    await pause(1_000 * options.warmUpSeconds);
    const counts: PhaseCounts[] = [];
    for (const phase of options.phases) counts.push(await runPhase(phase, vendor, containers));
    return counts;
  } finally {
    containers.close();
    vendor.close();
  }
}

type Vendor = Awaited<ReturnType<typeof startVendor>>;
type Containers = ReturnType<typeof startContainers>;

async function runPhase(
  { seconds, truePerSecond }: Phase,
  vendor: Vendor,
  containers: Containers,
): Promise<PhaseCounts> {
  vendor.setLimit(truePerSecond);
  await vendor.take();
  const before = { ...containers.counts };
  await pause(1_000 * seconds);
  const counted = await vendor.take();
  const { writes, reads, killed } = containers.counts;
  return {
    ...counted,
    truePerSecond,
    databaseWrites: writes - before.writes,
    databaseReads: reads - before.reads,
    killed: killed - before.killed,
  };
}

async function startVendor({ counting, network, perSecond }: RigOptions, { folder }: Database) {
  const child = start(folder, 'limiter-vendor', { counting, network, perSecond });
  const ready = await firstMessage<FromVendor>(child);
  if (ready.kind !== 'ready') throw new Error('the vendor did not start');
  const tell = (message: ToVendor) => child.send(message);
  return {
    url: ready.url,
    setLimit: (truePerSecond: number) => tell({ kind: 'limit', perSecond: truePerSecond }),
    /** What was counted since it was asked last. */
    async take(): Promise<VendorCounts> {
      tell({ kind: 'take' });
      const counts = await firstMessage<FromVendor>(child);
      if (counts.kind !== 'counts') throw new Error('the vendor did not count');
      return counts;
    },
    close: () => void child.kill('SIGKILL'),
  };
}

function startContainers(options: RigOptions, vendorUrl: string, database: Database) {
  const { containers: size, clocksOffByMs, killEverySeconds } = options;
  const certificate = randomUUID();
  const counts = { writes: 0, reads: 0, killed: 0 };
  const running: ChildProcess[] = [];

  function add(place: number): void {
    const settings: ContainerSettings = {
      strategy: options.strategy,
      vendorUrl,
      table: database.table,
      certificate,
      perSecond: options.perSecond,
      containers: size,
      requestsPerInvocation: options.requestsPerInvocation,
      clockAheadMs: size === 1 ? 0 : clocksOffByMs * ((2 * place) / (size - 1) - 1),
      timeoutMs: TIMEOUT_MS,
    };
    const child = start(database.folder, 'limiter-container', settings, database.environment);
    child.on('message', ({ isWrite }: FromContainer) => {
      counts[isWrite ? 'writes' : 'reads'] += 1;
    });
    running[place] = child;
  }

  for (let place = 0; place < size; place += 1) add(place);
  const killing =
    killEverySeconds === undefined
      ? undefined
      : setInterval(() => {
          const place = counts.killed % size;
          running[place]?.kill('SIGKILL');
          counts.killed += 1;
          add(place);
        }, 1_000 * killEverySeconds);
  return {
    counts,
    close() {
      clearInterval(killing);
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

function start(
  folder: string,
  name: string,
  argument: unknown,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const text = typeof argument === 'string' ? argument : JSON.stringify(argument);
  return fork(join(folder, `${name}.mjs`), [text], { env: { ...process.env, ...environment } });
}

/** What a process of ours says next; throws when it ends instead. */
async function firstMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('a process of the bench ended'));
    child.once('exit', ended);
    child.once('message', (message: Message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
