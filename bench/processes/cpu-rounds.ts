import { parentPort, workerData } from 'node:worker_threads';
import { createDispatching } from '../loops/dispatch';
import { createBareEvaluation } from '../loops/evaluate';
import type { Loop } from '../loops/loop';
import { createPosting } from '../loops/posting';
import type { CpuRounds, CpuTask, Work } from '../loops/rounds';
import { accountTexts, messageBodies } from '../loops/scene';
import { createSending } from '../loops/sending';

/** Runs pieces of work by turns in a thread of its own, so that its CPU time is theirs alone; each is warmed up before. */
const { works, rounds }: CpuTask = workerData;
/** A container has run for a while, and its code is compiled. */
const WARM_UP_ROUNDS = 15;

const loops = works.map(loopOf);
for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
  for (const loop of loops) {
    loop.prepare?.();
    await loop.run();
  }
}
const cpuMs: number[][] = works.map(() => []);
for (let round = 0; round < rounds; round += 1) {
  for (const [index, loop] of loops.entries()) {
    loop.prepare?.();
    const before = process.threadCpuUsage();
    await loop.run();
    const { user, system } = process.threadCpuUsage(before);
    cpuMs[index]?.push((user + system) / 1_000);
  }
}
for (const loop of loops) loop.close();
parentPort?.postMessage({ cpuMs } satisfies CpuRounds);

function loopOf(work: Work): Loop {
  switch (work.kind) {
    case 'post':
      return createPosting(work.poster, work);
    case 'send':
      return createSending(work.certificate, work.count);
    default: {
      const ids = Array.from({ length: work.recipients }, (_, index) => `m${index}`);
      const bodies = messageBodies(ids, work.bodies, work.count);
      const create = work.kind === 'dispatch' ? createDispatching : createBareEvaluation;
      return create(bodies, accountTexts(ids));
    }
  }
}
