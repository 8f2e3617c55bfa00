import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { BaselineResult, BaselineTask } from '../baseline';
import { message, push, type Rig } from './rig';

/** CPU of a function against a bare loop that does the least the same work needs. */
export interface CpuRow {
  readonly work: string;
  readonly count: number;
  readonly 'CPU ms': number;
  readonly 'bare loop ms': number;
  /** 1 would be no overhead at all. */
  readonly ratio: number;
}

const GROUP = 1_000;
const GROUP_CALLS = 20;
const REQUESTS = 300;

/** Function and bare loop by turns in one run, each warmed up before. Needs Node 24.6 for a thread's CPU time. */
export async function measureCpu(rig: Rig): Promise<CpuRow[]> {
  return [await measureEvaluate(rig), ...(await measureSend(rig))];
}

/** A 1,000-member event through the whole function, against parsing it and its accounts and deciding. */
async function measureEvaluate(rig: Rig): Promise<CpuRow> {
  const members = rig.members.slice(1_000, 1_000 + GROUP);
  const bodies = () => Array.from({ length: GROUP_CALLS }, () => message(members, 'team'));
  const run = async () => {
    const calls = bodies().map((body) => () => rig.server.call('POST', '/v1/messages', body));
    await push(rig, calls, GROUP * GROUP_CALLS);
  };
  await run();
  const used = await cpuOf(rig, 'dispatch-message', run);
  const bare = await runBaseline({
    kind: 'evaluate',
    bodies: bodies().map((body) => JSON.stringify(body)),
    packageName: rig.machine.simulators.packageName,
  });
  return row(`decide an event of ${GROUP} recipients`, GROUP_CALLS, used, bare);
}

/** 1-to-1 pushes through the whole sender, through its HTTP client alone and through `fetch`, against posting the very same requests. */
async function measureSend(rig: Rig): Promise<CpuRow[]> {
  const run = () =>
    push(
      rig,
      Array.from({ length: REQUESTS / 100 }, (_, call) => () => {
        const messages = rig.members
          .slice(2_000 + 100 * call, 2_100 + 100 * call)
          .map((member) => message([member], 'p2p'));
        return rig.server.call('POST', '/v1/messages', { messages });
      }),
      REQUESTS,
    );
  await run();
  const used = await cpuOf(rig, 'send-xiaomi', run);
  const { xiaomi } = rig.machine.simulators;
  const [last] = xiaomi.front.captured.last(1);
  if (last === undefined) throw new Error('no request was captured');
  const posting = {
    url: new URL(last.path, rig.machine.simulators.url).href,
    headers: {
      'content-type': last.headers['content-type'] ?? last.headers['Content-Type'] ?? '',
      authorization: `key=${rig.machine.simulators.credentials('xiaomi').appSecret}`,
    },
    body: last.body,
    count: REQUESTS,
  };
  const bare = await runBaseline({ kind: 'bare', ...posting });
  return [
    row('send a 1-to-1 push', REQUESTS, used, bare),
    row('its HTTP client alone', REQUESTS, await runBaseline({ kind: 'client', ...posting }), bare),
    row('fetch in its place', REQUESTS, await runBaseline({ kind: 'fetch', ...posting }), bare),
  ];
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

async function runBaseline(task: BaselineTask): Promise<number> {
  const worker = new Worker(new URL('./baseline.mjs', import.meta.url), { workerData: task });
  const [result]: BaselineResult[] = await once(worker, 'message');
  await worker.terminate(); // kept connections would hold it
  if (result === undefined) throw new Error('the bare loop gave no result');
  return result.cpuMs;
}

function row(work: string, count: number, used: number, bare: number): CpuRow {
  return {
    work,
    count,
    'CPU ms': Math.round(used),
    'bare loop ms': Math.round(bare),
    ratio: Number((bare / used).toPrecision(2)),
  };
}
