import { setTimeout as pause } from 'node:timers/promises';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { createSqs } from '../../lib/aws/clients';
import { chunk } from '../../lib/model/chunk';
import { atMost, type BenchContext, exactly, type Part, type Row, rounded } from '../report/part';
import { limitPhones } from './limited-phones';
import { message, type Rig } from './rig';
import { openVendorQueues } from './vendor-queues';

const RATE_PER_SECOND = 20;
const TIMES_THE_LIMIT = 10;
/** How long it is offered that much. */
const SECONDS = { quick: 2, full: 12 };
const PHONES = 200;
/** Every tenth message may live only so long: most of these are too old when there is a credit for them. */
const SHORT_LIFE_SECONDS = 3;
const SHORT_LIFE_EVERY = 10;
const EVENTS_A_CALL = 10;
/** Enough that all containers run before anything is counted. */
const WARM_UP_MESSAGES = 100;
const GIVE_UP_MS = 240_000;
const LOOK_EVERY_MS = 50;

/** What becomes of ten times as many messages as the vendor takes. */
export const overload: Part = {
  name: 'overload',
  async run(context: BenchContext) {
    const seconds = context.isQuick ? SECONDS.quick : SECONDS.full;
    const row = await measureOverload(await context.rig(), seconds);
    return [{ key: 'overload', title: 'Ten times the limit', rows: [row] }];
  },
};

interface Offered {
  readonly messageId: string;
  readonly livesShort: boolean;
}

/** Offers ten times the limit for so long, and waits until all is delivered or dropped. */
export async function measureOverload(rig: Rig, seconds: number): Promise<Row> {
  const { simulators } = rig.machine;
  const { accounts } = await limitPhones(rig, 'overload', PHONES, RATE_PER_SECOND);
  const queues = openVendorQueues(rig);
  await rig.setTraceLevel('failures');
  const deadBefore = await queues.dead();
  await offer(rig, accounts, WARM_UP_MESSAGES);
  await untilDrained(rig, () => queues.waiting());
  const before = { ...simulators.phones.totals(), ...simulators.xiaomi.counters() };
  rig.forgetCalls();
  const beganAt = Date.now();
  const offered = await offer(rig, accounts, RATE_PER_SECOND * TIMES_THE_LIMIT * seconds);
  const offeredMs = Date.now() - beganAt;
  const lastAt = await untilDrained(rig, () => queues.waiting());
  const after = { ...simulators.phones.totals(), ...simulators.xiaomi.counters() };
  simulators.xiaomi.obey({ ratePerSecond: null });

  const delivered = after.shown - before.shown;
  const expired = await countExpired(rig, offered);
  const idealMs = (delivered / RATE_PER_SECOND) * 1_000;
  const putBacks = rig
    .callsOf(['send-xiaomi'])
    .filter(({ operation }) => operation.startsWith('SendMessage')).length;
  return {
    figures: {
      limit: `${RATE_PER_SECOND}/s`,
      offered: offered.length,
      'offered / limit': rounded((offered.length * 1_000) / offeredMs / RATE_PER_SECOND),
      delivered,
      expired,
      lost: offered.length - delivered - expired,
      duplicated: after.repeats - before.repeats,
      deadLettered: (await queues.dead()) - deadBefore,
      refused: after.refusedByRate - before.refusedByRate,
      'put back per message': rounded(putBacks / offered.length),
      'drain / ideal': rounded((lastAt - beganAt) / idealMs),
    },
    goals: [
      exactly('lost', 0),
      exactly('duplicated', 0),
      exactly('deadLettered', 0),
      exactly('refused', 0),
      atMost('drain / ideal', 1.05),
    ],
  };
}

/** Messages one by one, ten times as many a second as the vendor takes, into the queue that an IM server in AWS has. */
async function offer(
  rig: Rig,
  accounts: readonly string[],
  count: number,
): Promise<readonly Offered[]> {
  const { stack, app } = rig.machine;
  const events = Array.from({ length: count }, (_, index) => {
    const livesShort = index % SHORT_LIFE_EVERY === 0;
    const event = message([accounts[index % accounts.length] ?? ''], 'p2p');
    return { ...event, ...(livesShort ? { ttlSeconds: SHORT_LIFE_SECONDS } : {}) };
  });
  const client = createSqs();
  const appKey = { DataType: 'String', StringValue: app.key };
  const beganAt = performance.now();
  for (const [index, some] of chunk(events, EVENTS_A_CALL).entries()) {
    const dueMs = (index * EVENTS_A_CALL * 1_000) / (RATE_PER_SECOND * TIMES_THE_LIMIT);
    await pause(Math.max(0, beganAt + dueMs - performance.now()));
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl: stack.queueUrl('MessageEventsQueue'),
        Entries: some.map((event) => ({
          Id: event.messageId,
          MessageBody: JSON.stringify({ ...event, sentAt: Date.now() }),
          MessageAttributes: { appKey },
        })),
      }),
    );
  }
  client.destroy();
  return events.map(({ messageId, ttlSeconds }) => ({
    messageId,
    livesShort: ttlSeconds !== undefined,
  }));
}

/** Waits until no job is left; when the last message arrived. */
async function untilDrained(rig: Rig, waiting: () => Promise<number>): Promise<number> {
  const { xiaomi } = rig.machine.simulators;
  const giveUpAt = Date.now() + GIVE_UP_MS;
  let [seen, seenAt] = [xiaomi.counters().targets, Date.now()];
  for (let left = await waiting(); left > 0; left = await waiting()) {
    if (Date.now() > giveUpAt) throw new Error(`${left} jobs still wait`);
    for (let look = 0; look < 10; look += 1) {
      const { targets } = xiaomi.counters();
      if (targets > seen) [seen, seenAt] = [targets, Date.now()];
      await pause(LOOK_EVERY_MS);
    }
  }
  return seenAt;
}

/** Of the messages that live short, those whose trace says that they were dropped for that. */
async function countExpired({ server }: Rig, offered: readonly Offered[]): Promise<number> {
  let expired = 0;
  for (const { messageId } of offered.filter(({ livesShort }) => livesShort)) {
    const trace = await server.call('GET', `/v1/messages/${messageId}/trace`);
    if (JSON.stringify(trace).includes('"expired"')) expired += 1;
  }
  return expired;
}
