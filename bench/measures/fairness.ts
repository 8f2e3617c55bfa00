import { setTimeout as pause } from 'node:timers/promises';
import { type BenchContext, exactly, type Figures, type Part, rounded } from '../report/part';
import { limitPhones } from './limited-phones';
import { message, type Rig, tokenOf } from './rig';

const RATE_PER_SECOND = 100;
const MEMBERS = 10_000;
const SINGLES = 2_000;
/** A larger group comes in calls of as many members as one takes, one after another. */
const GROUP_MESSAGES = { quick: 1, full: 10 };
const ALONE_SECONDS = { quick: 4, full: 10 };
/** 1-to-1 messages a second, far below the limit. */
const SINGLES_PER_SECOND = 8;
const GIVE_UP_MS = 180_000;
const LOOK_EVERY_MS = 10;

/** How long 1-to-1 messages take alone, and beside a group message on the same certificate: while it is decided, and while it is sent. */
export const fairness: Part = {
  name: 'fairness',
  async run(context: BenchContext) {
    const size = context.isQuick ? 'quick' : 'full';
    const rig = await context.rig();
    const rows = await measureFairness(rig, GROUP_MESSAGES[size], ALONE_SECONDS[size]);
    return [
      {
        key: 'fairness',
        title: '1-to-1 messages beside a group, from the answer to the vendor, in ms',
        rows: rows.map((figures) => ({ figures, goals: [exactly('lost', 0)] })),
      },
    ];
  },
};

/** A 1-to-1 message on its way. */
interface Single {
  readonly account: string;
  readonly answeredAt: number;
}

export async function measureFairness(
  rig: Rig,
  groupMessages: number,
  aloneSeconds: number,
): Promise<readonly Figures[]> {
  const { simulators } = rig.machine;
  const { accounts } = await limitPhones(rig, 'fair', SINGLES + MEMBERS, RATE_PER_SECOND);
  const [singles, members] = [accounts.slice(0, SINGLES), accounts.slice(SINGLES)];
  const targets = () => simulators.xiaomi.counters().targets;
  await sendWhile(rig, singles.splice(0, 2 * SINGLES_PER_SECOND), () => true);

  const endsAt = Date.now() + aloneSeconds * 1_000;
  const alone = await sendWhile(rig, singles, () => Date.now() < endsAt);
  const aloneRow = await rowOf(rig, 'alone', alone);

  const before = targets();
  const pushes = groupMessages * MEMBERS;
  const group = sendGroup(rig, members, groupMessages);
  const groupIsLeft = () => targets() - before < pushes;
  const beside = await sendWhile(rig, singles.slice(alone.length), groupIsLeft);
  await group;
  const besideRow = await rowOf(rig, `beside a group message to ${pushes} phones`, beside);
  const giveUpAt = Date.now() + GIVE_UP_MS;
  while (targets() - before < pushes + beside.length) {
    if (Date.now() > giveUpAt) throw new Error('some of the group never got its message');
    await pause(LOOK_EVERY_MS);
  }
  simulators.xiaomi.obey({ ratePerSecond: null });
  const ratio = (figure: string) =>
    rounded(Number(besideRow[figure]) / Math.max(1, Number(aloneRow[figure])));
  return [
    { ...aloneRow, 'p50 / alone': 1, 'p99 / alone': 1 },
    { ...besideRow, 'p50 / alone': ratio('p50'), 'p99 / alone': ratio('p99') },
  ];
}

async function sendGroup(
  { server }: Rig,
  members: readonly string[],
  calls: number,
): Promise<void> {
  for (let call = 0; call < calls; call += 1) {
    await server.call('POST', '/v1/messages', message(members, 'team'));
  }
}

/** Sends 1-to-1 messages at an even pace, each to another phone. */
async function sendWhile(
  { server }: Rig,
  accounts: readonly string[],
  goesOn: () => boolean,
): Promise<readonly Single[]> {
  const beganAt = performance.now();
  const sent: Promise<Single>[] = [];
  for (const [index, account] of accounts.entries()) {
    if (!goesOn()) break;
    sent.push(
      server
        .call('POST', '/v1/messages', message([account], 'p2p'))
        .then(() => ({ account, answeredAt: Date.now() })),
    );
    const nextAt = beganAt + ((index + 1) * 1_000) / SINGLES_PER_SECOND;
    await pause(Math.max(0, nextAt - performance.now()));
  }
  return Promise.all(sent);
}

/** Waits until all have arrived; how long they took. */
async function rowOf(
  { machine: { simulators } }: Rig,
  kind: string,
  singles: readonly Single[],
): Promise<Figures> {
  const arrivalOf = ({ account }: Single) =>
    simulators.phones.look(tokenOf(account)).arrivals[0]?.at;
  const giveUpAt = Date.now() + GIVE_UP_MS;
  while (singles.some((one) => arrivalOf(one) === undefined) && Date.now() < giveUpAt) {
    await pause(LOOK_EVERY_MS);
  }
  const took = singles
    .flatMap((one) => (arrivalOf(one) ?? Number.NaN) - one.answeredAt)
    .filter((ms) => !Number.isNaN(ms))
    .toSorted((one, other) => one - other);
  const share = (part: number) => took[Math.min(took.length - 1, Math.floor(part * took.length))];
  return {
    kind,
    messages: singles.length,
    lost: singles.length - took.length,
    p50: Math.max(0, share(0.5) ?? 0),
    p99: Math.max(0, share(0.99) ?? 0),
  };
}
