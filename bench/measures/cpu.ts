import { join } from 'node:path';
import type { Certificate } from '../../lib/model/certificate';
import type { Posting } from '../loops/posting';
import { type CpuRounds, median, runRounds, type Work } from '../loops/rounds';
import { atLeast, atMost, type BenchContext, type Part, type Row, rounded } from '../report/part';
import { message, push, type Rig } from './rig';

const ROUNDS = 7;
/** Least share of its CPU that a work's bare loop is to have. */
const LEAST_RATIO = 0.6;
const RATIO = 'ratio';

/** CPU against bare loops that do the least the same work needs, by turns in one run. */
export const cpu: Part = {
  name: 'cpu',
  async run(context: BenchContext) {
    const rig = await context.rig();
    const cpuRounds = join(context.projectFolder, 'dist/bench/processes/cpu-rounds.mjs');
    const scale = { cpuRounds, quick: context.isQuick ? 0.3 : 1 };
    const rows = [...(await measureDeciding(rig, scale)), ...(await measureSending(rig, scale))];
    const growth = await measureGrowth(rig, scale);
    return [
      { key: 'cpu', title: 'CPU against bare loops', rows },
      { key: 'cpuGrowth', title: 'CPU of deciding and queueing a group', rows: [growth] },
    ];
  },
};

interface Scale {
  readonly cpuRounds: string;
  /** Of 1. */
  readonly quick: number;
}

async function measureDeciding(rig: Rig, { cpuRounds, quick }: Scale): Promise<Row[]> {
  const count = Math.ceil(20 * quick);
  const compare = async (work: string, bodies: 'group' | 'list', recipients: number) => {
    const what = { bodies, recipients, count };
    const works = [
      { kind: 'dispatch', ...what },
      { kind: 'evaluate', ...what },
    ] as const;
    const { cpuMs } = await runRounds(cpuRounds, { works, rounds: ROUNDS });
    return { row: rowOf(work, count, cpuMs, 0, 1, LEAST_RATIO), cpuMs };
  };
  const group = await compare('decide a message to 1,000, without AWS', 'group', 1_000);
  const list = await compare('decide a list of 100 messages, without AWS', 'list', 100);
  const members = rig.members.slice(1_000, 2_000);
  const calls = () =>
    Array.from({ length: count }, () => {
      const body = message(members, 'team');
      return () => rig.server.call('POST', '/v1/messages', body);
    });
  await push(rig, calls(), count * members.length);
  const whole = await cpuOf(rig, 'dispatch-message', () =>
    push(rig, calls(), count * members.length),
  );
  const bare = group.cpuMs[1] ?? [];
  return [
    group.row,
    list.row,
    rowOf('the whole function, a message to 1,000', count, [[whole], [median(bare)]], 0, 1),
  ];
}

async function measureSending(rig: Rig, { cpuRounds, quick }: Scale): Promise<Row[]> {
  const count = Math.ceil(30 * quick) * 10;
  const lists = count / 100;
  const members = rig.members.slice(2_000, 2_000 + count);
  const calls = () =>
    Array.from({ length: Math.ceil(lists) }, (_, call) => {
      const messages = members
        .slice(100 * call, 100 * (call + 1))
        .map((member) => message([member], 'p2p'));
      return () => rig.server.call('POST', '/v1/messages', { messages });
    });
  await push(rig, calls(), count);
  const whole = await cpuOf(rig, 'send-xiaomi', () => push(rig, calls(), count));
  const posting = lastPosting(rig, count);
  const works: readonly Work[] = [
    { kind: 'send', certificate: xiaomiCertificate(rig), count },
    { kind: 'post', poster: 'bare', ...posting },
    { kind: 'post', poster: 'client', ...posting },
    { kind: 'post', poster: 'fetch', ...posting },
  ];
  const { cpuMs } = await runRounds(cpuRounds, { works, rounds: ROUNDS });
  const bare = median(cpuMs[1] ?? []);
  return [
    rowOf('send a 1-to-1 push, without AWS', count, cpuMs, 0, 1, LEAST_RATIO),
    rowOf('the whole sender function, 1-to-1 pushes', count, [[whole], [bare]], 0, 1),
    rowOf('its HTTP client alone', count, cpuMs, 2, 1),
    rowOf('fetch in its place', count, cpuMs, 3, 1),
  ];
}

function xiaomiCertificate({ machine }: Rig): Certificate {
  const { simulators } = machine;
  return {
    name: 'xiaomi',
    appKey: 'bench',
    vendor: 'xiaomi',
    credentials: { ...simulators.credentials('xiaomi') },
    package: simulators.packageName,
    endpoint: simulators.endpoint('xiaomi'),
    receiptId: 'r'.repeat(22),
  };
}

/** The last request as it was sent, to be made again. */
function lastPosting({ machine: { simulators } }: Rig, count: number): Posting {
  const [last] = simulators.xiaomi.front.captured.last(1);
  if (last === undefined) throw new Error('no request was captured');
  return {
    url: new URL(last.path, simulators.url).href,
    headers: {
      'content-type': last.headers['content-type'] ?? last.headers['Content-Type'] ?? '',
      authorization: `key=${simulators.credentials('xiaomi').appSecret}`,
    },
    body: last.body,
    count,
  };
}

/** How a group ten times as large costs the dispatching function. */
async function measureGrowth(rig: Rig, { quick }: Scale): Promise<Row> {
  const members = { small: rig.members.slice(0, 1_000), large: rig.members };
  const pushesOf = (some: readonly string[]) => some.length - rig.inForeground;
  const once = (some: readonly string[]) =>
    cpuOf(rig, 'dispatch-message', () => {
      const body = message(some, 'team');
      return push(rig, [() => rig.server.call('POST', '/v1/messages', body)], pushesOf(some));
    });
  const rounds = Math.ceil(5 * quick);
  const small: number[] = [];
  const large: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    small.push(await once(members.small));
    large.push(await once(members.large));
  }
  const figures = {
    measure: 'a group of 10,000 against one of 1,000',
    'CPU ms of 1,000': rounded(median(small)),
    'CPU ms of 10,000': rounded(median(large)),
    times: rounded(median(large) / median(small)),
  };
  return { figures, goals: [atMost('times', 11)] };
}

async function cpuOf(
  { machine }: Rig,
  functionName: string,
  run: () => Promise<void>,
): Promise<number> {
  const before = await machine.stack.cpuMs(functionName);
  await run();
  return (await machine.stack.cpuMs(functionName)) - before;
}

/** Medians of both, and of their ratio in each round. */
function rowOf(
  work: string,
  count: number,
  cpuMs: CpuRounds['cpuMs'],
  subject: number,
  baseline: number,
  leastRatio?: number,
): Row {
  const used = cpuMs[subject] ?? [];
  const bare = cpuMs[baseline] ?? [];
  const ratios = used.map((ms, round) => (bare[round] ?? Number.NaN) / ms);
  return {
    figures: {
      work,
      count,
      'CPU ms': Math.round(median(used)),
      'bare loop ms': Math.round(median(bare)),
      [RATIO]: rounded(median(ratios), 2),
    },
    goals: leastRatio === undefined ? [] : [atLeast(RATIO, leastRatio)],
  };
}
