import fc from 'fast-check';
import type { PushJob } from '../../lib/model/push-job';
import { NOW } from '../support/builders';
import {
  ACCEPTED,
  type MergingRig,
  REJECTED,
  startMergingRig,
  UNAVAILABLE,
} from '../support/merging-rig';

let rig: MergingRig;
beforeAll(async () => {
  rig = await startMergingRig();
});
afterAll(() => rig.close());

test('whatever happens, each message is shown, told of by one that is shown, or dropped for a reason of its own', async () => {
  const ENDS = ['expired', 'recalled', 'rejected'];
  let round = 0;
  const aFewTimes = fc.nat(7).map((number) => number === 0);
  let merged = 0;
  const messages = fc.array(
    fc.record({
      user: fc.constantFrom('a', 'a', 'b'),
      conversationId: fc.constantFrom('alice', 'carol'),
      ttlMs: fc.constantFrom(5_000, 20_000, 3_600_000, 3_600_000, 3_600_000, 3_600_000),
      isRecalled: aFewTimes,
      insists: aFewTimes,
      with: fc.nat(2),
    }),
    { minLength: 6, maxLength: 10 },
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
      const vendor = rig.aVendor(({ notification }) => {
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
          rig
            .aMessage(users[user], number, {
              subject: { conversationId, sentAt: NOW + number },
              expiresAt: NOW + ttlMs,
            })
            .pushes.map((push) =>
              insists
                ? { ...push, targets: [{ ...push.targets[0], insists: 'mention' }] as const }
                : push,
            ),
        );
        const [first, ...rest] = pushes;
        if (first === undefined) throw new Error('a job has a push');
        return { ...rig.aMessage('nobody', 0), pushes: [first, ...rest] };
      });
      for (const job of all) {
        for (const { messageId } of job.pushes) {
          const number = Number(messageId.split('-').at(-1));
          if (some[number]?.isRecalled) await vendor.ports.jobs.recall([job], messageId, NOW);
        }
      }

      let waiting: readonly PushJob[] = all;
      for (let turn = 0; turn < 20 && waiting.length > 0; turn += 1) {
        const { back, failed } = await rig.deliverAll(vendor, waiting, 6_000 + turn * 60_000);
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
        if (status === 'merged') {
          merged += 1;
          expect(shown).toContain(code);
        } else if (status !== 'accepted') expect(ENDS).toContain(status);
      }
    }),
    { numRuns: 25 },
  );
  // or it would say nothing about merging
  expect(merged).toBeGreaterThan(10);
}, 60_000);
