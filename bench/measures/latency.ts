import { setTimeout as pause } from 'node:timers/promises';
import { atMost, type BenchContext, type Part } from '../report/part';
import { limitPhones } from './limited-phones';
import { message, type Rig, tokenOf } from './rig';

/** What the vendor lets in; half of it is offered. */
const LIMIT_PER_SECOND = 100;
const WARM_UP_SECONDS = 3;
/** From the last call until every push has arrived. */
const ARRIVE_MS = 3_000;

/** From the answer of a 1-to-1 message's POST until the vendor has its request, at half of the vendor's limit. */
export const latency: Part = {
  name: 'latency',
  async run(context: BenchContext) {
    const rig = await context.rig();
    const seconds = context.isQuick ? 8 : 20;
    const perSecond = LIMIT_PER_SECOND / 2;
    const count = perSecond * (WARM_UP_SECONDS + seconds);
    const { accounts } = await limitPhones(rig, 'latency', count, LIMIT_PER_SECOND);
    const first = perSecond * WARM_UP_SECONDS;
    await offer(rig, accounts.slice(0, first), perSecond);
    const waits = await offer(rig, accounts.slice(first), perSecond);
    rig.machine.simulators.xiaomi.obey({ ratePerSecond: null });
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
async function offer(rig: Rig, accounts: readonly string[], perSecond: number): Promise<number[]> {
  const { phones } = rig.machine.simulators;
  const began = performance.now();
  const posts = accounts.map(async (account, index) => {
    await pause(Math.max(0, (1_000 * index) / perSecond - (performance.now() - began)));
    await rig.server.call('POST', '/v1/messages', message([account], 'p2p'));
    return { account, answeredAt: Date.now() };
  });
  const answered = await Promise.all(posts);
  await pause(ARRIVE_MS);
  return answered.map(({ account, answeredAt }) => {
    const [arrival] = phones.look(tokenOf(account)).arrivals;
    if (arrival === undefined) throw new Error('a push did not arrive');
    // the request may be there before the answer has been read
    return Math.max(0, arrival.at - answeredAt);
  });
}
