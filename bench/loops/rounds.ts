import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Certificate } from '../../lib/model/certificate';
import type { Poster, Posting } from './posting';

/** A piece of work to be measured. */
export type Work =
  | {
      /** What the service does with messages, AWS left out, or the bare loop. */
      readonly kind: 'dispatch' | 'evaluate';
      /** A message to all recipients, or a list of one message to each. */
      readonly bodies: 'group' | 'list';
      readonly recipients: number;
      /** Calls. */
      readonly count: number;
    }
  | ({ readonly kind: 'post'; readonly poster: Poster } & Posting)
  /** What a sender does, AWS left out. */
  | { readonly kind: 'send'; readonly certificate: Certificate; readonly count: number };

export interface CpuTask {
  readonly works: readonly Work[];
  readonly rounds: number;
}

/** CPU of each work in each round. */
export interface CpuRounds {
  readonly cpuMs: readonly (readonly number[])[];
}

/** Runs works by turns, `rounds` times each, in a thread of their own; `file` is its bundle. Needs Node 24.6. */
export async function runRounds(file: URL | string, task: CpuTask): Promise<CpuRounds> {
  const worker = new Worker(file, { workerData: task });
  try {
    const [result]: CpuRounds[] = await once(worker, 'message');
    if (result === undefined) throw new Error('the loops gave no result');
    return result;
  } finally {
    await worker.terminate(); // kept connections would hold it
  }
}

/** The middle of some numbers; the upper one of two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
