import pMap from 'p-map';
import {
  type Database,
  type PhaseCounts,
  type RigOptions,
  runRig,
  startDatabase,
} from '../limiter/rig';
import {
  atLeast,
  type BenchContext,
  countAtMost,
  exactly,
  type Goal,
  type Part,
  type Row,
  rounded,
  type Table,
} from '../report/part';

/** A stretch of a run with the share of the configured limit that the vendor truly lets in. */
interface Stretch {
  readonly name?: string;
  readonly lengths: number;
  readonly trueShare: number;
  readonly goals: readonly Goal[];
}

interface Scenario extends Partial<Omit<RigOptions, 'phases' | 'perSecond'>> {
  readonly name: string;
  readonly stretches: readonly Stretch[];
}

/** How long, how fast, and how many at once: two cores carry about 1,000 requests a second with all that belongs to them. */
interface Scale {
  readonly warmUpSeconds: number;
  /** Seconds of a stretch of length 1. */
  readonly seconds: number;
  readonly killEverySeconds: number;
  readonly perSecond: number;
  readonly sideBySide: number;
  /** Of the strategies that are compared. */
  readonly rounds: number;
}

const MAIN_PER_SECOND = 1_000;
const FULL: Scale = {
  warmUpSeconds: 6,
  seconds: 10,
  killEverySeconds: 20,
  perSecond: 500,
  sideBySide: 2,
  rounds: 2,
};
const QUICK: Scale = {
  warmUpSeconds: 5,
  seconds: 4,
  killEverySeconds: 10,
  perSecond: 200,
  sideBySide: 4,
  rounds: 1,
};
/** What shares nothing needs no time to share it. */
const BASELINE_WARM_UP_SECONDS = 2;

/** Requests of an invocation. */
const INVOCATION = 300;
/** Far away the last answers of an invocation are waited for longer. A batch of groups has more than this; it takes 16 s of 30. */
const FAR_INVOCATION = 2_000;
const REGION = { roundTripMs: [15, 25], lostShare: 0, lostBy: 'reset' } as const;
const FAR = { roundTripMs: [200, 210], lostShare: 0.02 } as const;

const UTILISATION = 'utilisation %';
const WRITES = 'writes per 1,000';
const noneRefused = exactly('refused', 0);

const alone = (goals: readonly Goal[], lengths = 1): readonly Stretch[] => [
  { lengths, trueShare: 1, goals },
];

/** By turns, in rounds, so that all of them see the same machine. */
const MAIN: readonly Scenario[] = [
  {
    name: 'sliding window, 4 containers',
    stretches: alone([atLeast(UTILISATION, 98), noneRefused, countAtMost(WRITES, 5)]),
  },
  {
    name: 'the same, token bucket in DynamoDB',
    strategy: 'naive',
    stretches: alone([], 0.5),
  },
  { name: 'the same, static shares', strategy: 'static', stretches: alone([], 0.5) },
];

/** What takes longest comes first: in a quick run the others go beside it. */
const OTHERS: readonly Scenario[] = [
  {
    name: 'limit cut to 80 %',
    stretches: [
      { name: 'before', lengths: 0.5, trueShare: 1, goals: [noneRefused] },
      { name: 'cut', lengths: 1, trueShare: 0.8, goals: [] },
      { name: 'cut, later', lengths: 1, trueShare: 0.8, goals: [atLeast(UTILISATION, 97)] },
      { name: 'restored', lengths: 1, trueShare: 1, goals: [noneRefused] },
    ],
  },
  {
    name: 'a container killed again and again',
    killEverySeconds: 1,
    // two die
    stretches: alone([noneRefused], 4),
  },
  { name: 'fixed window', counting: 'fixed window', stretches: alone([noneRefused]) },
  {
    name: 'token bucket with 10 % burst',
    counting: 'token bucket',
    stretches: alone([noneRefused]),
  },
  { name: '2 containers', containers: 2, stretches: alone([noneRefused]) },
  { name: '5 containers', containers: 5, stretches: alone([noneRefused]) },
  { name: '20 containers', containers: 20, stretches: alone([noneRefused]) },
  { name: 'clocks off by 1 s', clocksOffByMs: 1_000, stretches: alone([noneRefused]) },
  {
    name: 'vendor 200 ms away, 2 % of exchanges break off',
    network: { ...FAR, lostBy: 'reset' },
    requestsPerInvocation: FAR_INVOCATION,
    stretches: alone([atLeast(UTILISATION, 95), noneRefused]),
  },
  {
    name: 'vendor 200 ms away, 2 % are never answered',
    network: { ...FAR, lostBy: 'silence' },
    requestsPerInvocation: FAR_INVOCATION,
    stretches: alone([noneRefused]),
  },
];

/** The flow limiter against vendors that forgive nothing, with real processes, sockets and clocks that are off. */
export const limiter: Part = {
  name: 'limiter',
  async run({ isQuick, projectFolder }: BenchContext): Promise<readonly Table[]> {
    const scale = isQuick ? QUICK : FULL;
    const database = await startDatabase(projectFolder);
    try {
      const main = await runMain(scale, database);
      const others = await pMap(OTHERS, (scenario) => runOne(scenario, scale, database), {
        concurrency: scale.sideBySide,
      });
      return [
        {
          key: 'limiter',
          title: 'Flow limiter',
          rows: [...main, ...others.flat()],
        },
      ];
    } finally {
      database.close();
    }
  },
};

async function runMain(scale: Scale, database: Database): Promise<Row[]> {
  const counted = new Map<Scenario, PhaseCounts>();
  const shorter = { ...scale, perSecond: MAIN_PER_SECOND };
  for (let round = 0; round < scale.rounds; round += 1) {
    for (const scenario of MAIN) {
      const [counts] = await runRig(rigOf(scenario, shorter), database);
      if (counts) counted.set(scenario, sum(counted.get(scenario), counts));
    }
  }
  return [...counted].map(([scenario, counts]) =>
    rowOf(scenario, scenario.stretches[0], counts, MAIN_PER_SECOND),
  );
}

async function runOne(scenario: Scenario, scale: Scale, database: Database): Promise<Row[]> {
  const phases = await runRig(rigOf(scenario, scale), database);
  return phases.map((counts, index) =>
    rowOf(scenario, scenario.stretches[index], counts, scale.perSecond),
  );
}

function rigOf({ stretches, killEverySeconds, ...own }: Scenario, scale: Scale): RigOptions {
  const { perSecond, seconds, warmUpSeconds } = scale;
  const isBaseline = own.strategy !== undefined;
  return {
    strategy: 'ours',
    counting: 'sliding window',
    containers: 4,
    clocksOffByMs: 50,
    network: REGION,
    requestsPerInvocation: INVOCATION,
    ...own,
    perSecond,
    warmUpSeconds: isBaseline ? BASELINE_WARM_UP_SECONDS : warmUpSeconds,
    phases: stretches.map(({ lengths, trueShare }) => ({
      seconds: seconds * lengths,
      truePerSecond: perSecond * trueShare,
    })),
    ...(killEverySeconds === undefined ? {} : { killEverySeconds: scale.killEverySeconds }),
  };
}

function sum(before: PhaseCounts | undefined, counts: PhaseCounts): PhaseCounts {
  if (before === undefined) return counts;
  return {
    truePerSecond: counts.truePerSecond,
    accepted: before.accepted + counts.accepted,
    refused: before.refused + counts.refused,
    elapsedMs: before.elapsedMs + counts.elapsedMs,
    databaseWrites: before.databaseWrites + counts.databaseWrites,
    databaseReads: before.databaseReads + counts.databaseReads,
    killed: before.killed + counts.killed,
  };
}

function rowOf(
  { name, containers = 4 }: Scenario,
  stretch: Stretch | undefined,
  counts: PhaseCounts,
  perSecond: number,
): Row {
  const { accepted, refused, elapsedMs, truePerSecond } = counts;
  const perThousand = (calls: number) => rounded((1_000 * calls) / Math.max(1, accepted));
  return {
    figures: {
      rig: stretch?.name === undefined ? name : `${name}: ${stretch.name}`,
      'limit per second': perSecond,
      containers,
      seconds: rounded(elapsedMs / 1_000),
      [UTILISATION]: rounded((100_000 * accepted) / elapsedMs / truePerSecond, 4),
      refused,
      'refused per 1,000': perThousand(refused),
      [WRITES]: perThousand(counts.databaseWrites),
      'reads per 1,000': perThousand(counts.databaseReads),
    },
    goals: stretch?.goals ?? [],
  };
}
