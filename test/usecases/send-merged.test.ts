import fc from 'fast-check';
import type { Push, PushJob } from '../../lib/model/push-job';
import type { SendOutcome } from '../../lib/model/send-outcome';
import { deliverJobs } from '../../lib/usecases/deliver-jobs';
import type { SendRequest } from '../../lib/vendors/vendor';
import { xiaomi } from '../../lib/vendors/xiaomi';
import { NOW } from '../support/builders';
import { type DeliveryRig, startDeliveryRig } from '../support/delivery-rig';

let rig: DeliveryRig;
beforeAll(async () => {
  rig = await startDeliveryRig();
});
beforeEach(() => {
  rig.clock.at = NOW;
});
afterAll(() => rig.close());

const ACCEPTED: SendOutcome = { kind: 'accepted' };
const UNAVAILABLE: SendOutcome = { kind: 'unavailable', reason: { code: '500', text: 'busy' } };
const REJECTED: SendOutcome = { kind: 'rejected', reason: { code: '400', text: 'no' } };

/** A vendor that says what it is told to, with as much room as anybody wants. */
function aVendor(say: (request: SendRequest) => SendOutcome = () => ACCEPTED) {
  const requests: SendRequest[] = [];
  const gate = {
    awaitRoom: () => Promise.resolve({ kind: 'ready' } as const),
    enter: () => Promise.resolve({ leave: () => undefined }),
    rest: () => Promise.resolve(),
    refuse: () => undefined,
  };
  const ports = rig.container({
    gate: () => gate,
    sender: () => ({
      async send(request) {
        requests.push(request);
        const [, ...others] = request.tokens;
        const outcome = say(request);
        return [outcome, ...others.map(() => outcome)];
      },
    }),
  });
  const bodies = () =>
    requests.splice(0).map(({ notification: { body }, tokens }) => `${tokens.join()}: ${body}`);
  return { ports, requests, bodies };
}

type Vendor = ReturnType<typeof aVendor>;

let jobs = 0;

/** A job with one message to one user, as an app with `mergeWaiting` has it. */
function aMessage(user: string, number: number, changes: Partial<Push> = {}): PushJob {
  const job = rig.job(user);
  const [push] = job.pushes;
  jobs += 1;
  const messageId = `${user}-${number}`;
  return {
    ...job,
    jobId: `merging-${jobs}`,
    pushes: [
      {
        ...push,
        messageId,
        subject: { conversationId: 'alice', sentAt: NOW + number },
        mayMerge: true,
        ...changes,
        notification: {
          ...push.notification,
          body: `text ${number}`,
          data: { messageId },
          ...changes.notification,
        },
      },
    ],
  };
}

/** Delivers all in one invocation, once they have waited for so long; answers what is put back. */
async function deliver({ ports }: Vendor, all: readonly PushJob[], afterMs = 6_000) {
  rig.clock.at += afterMs;
  const times = { claimLeaseMs: 15_000, lastStartAt: rig.clock.at + 5_000 };
  let failed: readonly PushJob[] = [];
  const calls = await rig.aws.wire.watch(async () => {
    failed = await deliverJobs(all, ports, times);
  });
  const back = calls
    .filter(({ operation }) => operation === 'SendMessageBatch')
    .flatMap(({ body }) => body['Entries'] as { MessageBody: string }[])
    .map(({ MessageBody }) => JSON.parse(MessageBody) as PushJob); // just written by the job queue
  return { back, failed };
}

/** What became of each message at last. */
async function fates({ ports }: Vendor, all: readonly PushJob[]) {
  const records = await ports.jobs.read(all.map(({ jobId }) => jobId));
  const results = [...records.values()].flatMap((record) => record.results);
  return Object.fromEntries(
    results.map(({ messageId, status, code = '' }) => [messageId, `${status} ${code}`.trim()]),
  );
}

test('messages that wait for one phone are shown as the newest, which says how many there are', async () => {
  await rig.user('anna');
  const vendor = aVendor();
  const all = [1, 3, 2].map((number) => aMessage('anna', number));

  await deliver(vendor, all);

  expect(vendor.bodies()).toEqual(['anna: [3条] text 3']);
  expect(await fates(vendor, all)).toEqual({
    'anna-1': 'merged anna-3',
    'anna-2': 'merged anna-3',
    'anna-3': 'accepted',
  });
});

test('the number is told in the language of the phone', async () => {
  await rig.user('emma');
  const vendor = aVendor();
  await vendor.ports.accounts.update('app-1', 'emma', (account) =>
    account === undefined
      ? undefined
      : { account: { ...account, settings: { ...account.settings, locale: 'en-GB' } } },
  );

  await deliver(vendor, [aMessage('emma', 1), aMessage('emma', 2)]);

  expect(vendor.bodies()).toEqual(['emma: [2] text 2']);
});

test('what has not waited is shown one by one, and so is another conversation or user', async () => {
  await Promise.all([rig.user('ben'), rig.user('bea')]);
  const vendor = aVendor();

  await deliver(vendor, [aMessage('ben', 1), aMessage('ben', 2)], 4_000);
  const elsewhere = { subject: { conversationId: 'carol', sentAt: NOW } };
  await deliver(vendor, [aMessage('ben', 3), aMessage('ben', 4, elsewhere), aMessage('bea', 5)]);

  expect(vendor.bodies().toSorted()).toEqual([
    'bea: text 5',
    ...[1, 2, 3, 4].map((number) => `ben: text ${number}`),
  ]);
});

test('messages in one job merge as well, and of those to several users each user gets what is for him', async () => {
  await Promise.all([rig.user('cleo'), rig.user('carl')]);
  const vendor = aVendor();
  const [first, second, third] = [1, 2, 3].map((number) => {
    const [push] = aMessage('cleo', number).pushes;
    const [carl] = rig.job('carl').pushes[0].targets;
    return number === 3 ? push : { ...push, targets: [...push.targets, carl] as const };
  });
  if (!first || !second || !third) throw new Error('three messages');
  const job = { ...rig.job('cleo', 'carl'), pushes: [first, second, third] as const };

  await deliver(vendor, [job]);

  expect(vendor.bodies().toSorted()).toEqual(['carl: [2条] text 2', 'cleo: [3条] text 3']);
});

test.each([
  ['expired', { expiresAt: NOW + 5_000 }],
  ['recalled', {}],
] as const)(
  'a message that is %s stands for nothing, and is not counted',
  async (status, changes) => {
    for (const [user, gone] of [
      [`${status}-newest`, 3],
      [`${status}-oldest`, 1],
    ] as const) {
      await rig.user(user);
      const vendor = aVendor();
      const all = [1, 2, 3].map((number) => aMessage(user, number, number === gone ? changes : {}));
      const job = all[gone - 1];
      if (status === 'recalled' && job)
        await vendor.ports.jobs.recall([job], `${user}-${gone}`, NOW);

      await deliver(vendor, all);

      const newest = gone === 3 ? 2 : 3;
      expect(vendor.bodies()).toEqual([`${user}: [2条] text ${newest}`]);
      expect(await fates(vendor, all)).toMatchObject({
        [`${user}-${gone}`]: status,
        [`${user}-${newest}`]: 'accepted',
      });
    }
  },
);

test('when the vendor is busy all wait, and are shown as one afterwards, with what has come meanwhile', async () => {
  await rig.user('dora');
  let say: SendOutcome = UNAVAILABLE;
  const vendor = aVendor(() => say);
  const all = [1, 2].map((number) => aMessage('dora', number));

  const { back } = await deliver(vendor, all);
  expect(vendor.bodies()).toEqual(['dora: [2条] text 2']);
  expect(back.map(({ pushes }) => pushes[0].notification.body).toSorted()).toEqual([
    'text 1',
    'text 2',
  ]);
  say = ACCEPTED;
  const later = aMessage('dora', 3);
  await deliver(vendor, [...back, later]);

  expect(vendor.bodies()).toEqual(['dora: [3条] text 3']);
  expect(await fates(vendor, [...all, later])).toEqual({
    'dora-1': 'merged dora-3',
    'dora-2': 'merged dora-3',
    'dora-3': 'accepted',
  });
});

test('when the newest is refused the others are shown without it', async () => {
  await rig.user('elsa');
  const vendor = aVendor(({ notification }) =>
    notification.data['messageId'] === 'elsa-3' ? REJECTED : ACCEPTED,
  );
  const all = [1, 2, 3].map((number) => aMessage('elsa', number));

  const { back } = await deliver(vendor, all);
  vendor.bodies();
  await deliver(vendor, back);

  expect(vendor.bodies()).toEqual(['elsa: [2条] text 2']);
  expect(await fates(vendor, all)).toEqual({
    'elsa-1': 'merged elsa-2',
    'elsa-2': 'accepted',
    'elsa-3': 'rejected 400',
  });
});

test('when the job of the newest fails on our side, the others are not gone', async () => {
  await rig.user('finn');
  let isBroken = true;
  const vendor = aVendor(() => {
    if (isBroken) throw new Error('out of memory');
    return ACCEPTED;
  });
  const all = [1, 2].map((number) => aMessage('finn', number));

  const { back, failed } = await deliver(vendor, all);
  expect(failed.map(({ pushes }) => pushes[0].messageId)).toEqual(['finn-2']);
  isBroken = false;
  await deliver(vendor, [...back, ...failed], 20_000);

  expect(vendor.bodies().at(-1)).toBe('finn: [2条] text 2');
  expect(await fates(vendor, all)).toMatchObject({ 'finn-1': 'merged finn-2' });
});

describe('the number on the icon', () => {
  const COUNTED = { notification: { badge: { add: 1 } } };
  const counting = (user: string, number: number) => {
    const job = aMessage(user, number);
    const [push] = job.pushes;
    const notification = { ...push.notification, ...COUNTED.notification };
    return { ...job, pushes: [{ ...push, remembered: true, notification }] as const };
  };

  test('counts each message where it is told', async () => {
    await rig.user('gina');
    const vendor = aVendor();
    vendor.ports = { ...vendor.ports, vendor: { ...xiaomi, badge: 'absolute' } };

    await deliver(
      vendor,
      [1, 2, 3].map((number) => counting('gina', number)),
    );

    expect(vendor.requests.map(({ notification }) => notification.badge)).toEqual([{ set: 3 }]);
  });

  test('grows by each message where the phone adds', async () => {
    await rig.user('gwen');
    const vendor = aVendor();
    vendor.ports = { ...vendor.ports, vendor: { ...xiaomi, badge: 'increment' } };

    await deliver(
      vendor,
      [1, 2, 3].map((number) => counting('gwen', number)),
    );

    expect(vendor.requests.map(({ notification }) => notification.badge)).toEqual([{ add: 3 }]);
  });
});

test('a collapsed conversation counts once, and is heard if one of its messages would have been', async () => {
  await rig.user('hans');
  const vendor = aVendor();
  const stacked = (number: number) => {
    const job = aMessage('hans', number);
    const [push] = job.pushes;
    const stack = { text: '[{count}条] {text}', alertEverySeconds: 60 };
    const notification = { ...push.notification, stack };
    const subject = { conversationId: 'alice', sentAt: NOW + number * 1_000 };
    return { ...job, pushes: [{ ...push, subject, remembered: true, notification }] as const };
  };

  await deliver(vendor, [stacked(1), stacked(2)]);
  await deliver(vendor, [stacked(3), stacked(4)]);

  const shown = vendor.requests.map(({ notification: { body, alert } }) => [body, alert?.sound]);
  expect(shown).toEqual([
    ['[2条] text 2', undefined],
    ['[4条] text 4', false],
  ]);
});

test('whatever happens, each message is shown, told of by one that is shown, or dropped for a reason of its own', async () => {
  const ENDS = ['expired', 'recalled', 'rejected'];
  let round = 0;
  const messages = fc.array(
    fc.record({
      user: fc.constantFrom('a', 'b'),
      conversationId: fc.constantFrom('alice', 'carol'),
      ttlMs: fc.constantFrom(5_000, 20_000, 3_600_000),
      isRecalled: fc.boolean(),
      insists: fc.boolean(),
      with: fc.nat(2),
    }),
    { minLength: 2, maxLength: 8 },
  );
  const answers = fc.array(fc.constantFrom(ACCEPTED, UNAVAILABLE, REJECTED), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(messages, answers, async (some, said) => {
      round += 1;
      rig.clock.at = NOW;
      const users = { a: `property-a-${round}`, b: `property-b-${round}` };
      await Promise.all(Object.values(users).map((user) => rig.user(user)));
      const shown: string[] = [];
      const left = [...said];
      const vendor = aVendor(({ notification }) => {
        const outcome = left.shift() ?? ACCEPTED;
        if (outcome === ACCEPTED) shown.push(notification.data['messageId'] ?? '');
        return outcome;
      });
      // some messages share a job
      const jobsOf = [
        ...Map.groupBy(some.entries(), ([index, one]) => `${one.user}/${one.with}/${index % 3}`),
      ];
      const all = jobsOf.map(([, entries]): PushJob => {
        const pushes = entries.flatMap(([number, { user, conversationId, ttlMs, insists }]) =>
          aMessage(users[user], number, {
            subject: { conversationId, sentAt: NOW + number },
            expiresAt: NOW + ttlMs,
          }).pushes.map((push) =>
            insists
              ? { ...push, targets: [{ ...push.targets[0], insists: 'mention' }] as const }
              : push,
          ),
        );
        const [first, ...rest] = pushes;
        if (first === undefined) throw new Error('a job has a push');
        return { ...aMessage('nobody', 0), pushes: [first, ...rest] };
      });
      for (const job of all) {
        for (const { messageId } of job.pushes) {
          const number = Number(messageId.split('-').at(-1));
          if (some[number]?.isRecalled) await vendor.ports.jobs.recall([job], messageId, NOW);
        }
      }

      let waiting: readonly PushJob[] = all;
      for (let turn = 0; turn < 20 && waiting.length > 0; turn += 1) {
        const { back, failed } = await deliver(vendor, waiting, 6_000 + turn * 60_000);
        expect(failed).toEqual([]);
        waiting = back;
      }

      expect(waiting).toEqual([]);
      const records = await vendor.ports.jobs.read(all.map(({ jobId }) => jobId));
      const ends = [...records.values()]
        .flatMap(({ results }) => results)
        .filter(({ status }) => !['unavailable', 'throttled'].includes(status));
      expect(ends).toHaveLength(some.length);
      expect(new Set(ends.map(({ messageId }) => messageId)).size).toBe(some.length);
      for (const { messageId, status, code } of ends) {
        if (status === 'accepted') expect(shown.filter((id) => id === messageId)).toHaveLength(1);
        else expect(shown).not.toContain(messageId);
        if (status === 'merged') expect(shown).toContain(code);
        else if (status !== 'accepted') expect(ENDS).toContain(status);
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);
