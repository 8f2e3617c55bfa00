import { setTimeout as pause } from 'node:timers/promises';
import { atMost, type BenchContext, type Part } from '../report/part';
import { message, type Rig, tokenOf } from './rig';

/** What the vendor lets in; half of it is offered. */
const LIMIT_PER_SECOND = 100;
/** Longer than a sender keeps a certificate with its limit. */
const WARM_UP_SECONDS = 11;
/** From the last call until every push has arrived. */
const ARRIVE_MS = 3_000;

/** From the answer of a 1-to-1 message's POST until the vendor has its request, at half of the vendor's limit. */
export const latency: Part = {
  name: 'latency',
  async run(context: BenchContext) {
    const rig = await context.rig();
    const seconds = context.isQuick ? 8 : 20;
    await rig.limitTo(LIMIT_PER_SECOND);
    const perSecond = LIMIT_PER_SECOND / 2;
    await offer(rig, perSecond, WARM_UP_SECONDS);
    const waits = await offer(rig, perSecond, seconds);
    await rig.limitTo(undefined);
    const sorted = waits.toSorted((one, other) => one - other);
    const share = (of: number) => sorted[Math.ceil(of * sorted.length) - 1] ?? Number.NaN;
    return [
      {
        key: 'latency',
        title: 'Answer of the POST until the request is at the vendor',
        rows: [
          {
            figures: {
              load: `${perSecond} 1-to-1 messages a second, half of the limit`,
              messages: waits.length,
              'p50 ms': share(0.5),
              'p99 ms': share(0.99),
              'longest ms': share(1),
            },
            goals: [atMost('p50 ms', 100), atMost('p99 ms', 500)],
          },
        ],
      },
    ];
  },
};

/** Sends messages evenly, each to another phone, and answers how long each was on its way. */
async function offer(rig: Rig, perSecond: number, seconds: number): Promise<number[]> {
  const { phones } = rig.machine.simulators;
  const began = performance.now();
  const beganAt = Date.now();
  const posts = Array.from({ length: perSecond * seconds }, async (_, index) => {
    await pause(Math.max(0, (1_000 * index) / perSecond - (performance.now() - began)));
    const member = rig.members[1_000 + index] ?? '';
    await rig.server.call('POST', '/v1/messages', message([member], 'p2p'));
    return { member, answeredAt: Date.now() };
  });
  const answered = await Promise.all(posts);
  await pause(ARRIVE_MS);
  return answered.map(({ member, answeredAt }) => {
    const arrival = phones.look(tokenOf(member)).arrivals.find(({ at }) => at >= beganAt);
    if (arrival === undefined) throw new Error('a push did not arrive');
    // the request may be there before the answer has been read
    return Math.max(0, arrival.at - answeredAt);
  });
}
