import fc from 'fast-check';
import type { Lane } from '../../lib/model/push-job';
import type { VendorId } from '../../lib/model/vendor-id';
import type { PlannedPush } from '../../lib/rules/build-jobs';
import { NOW } from '../support/builders';
import { aPlannedPush, jobIdsOf, jobsOf, jsonBytesOf } from '../support/planned-pushes';

/** Ids and texts as callers send them: any script, quotes, emoji, and halves of them. */
const anyText = (maxLength: number) =>
  fc.string({
    unit: fc.oneof(
      fc.constantFrom('"', '\\', '包', '😀', '\ud83d', 'é'),
      fc.string({ maxLength: 1 }),
    ),
    maxLength,
  });
const anId = fc
  .oneof(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }), anyText(60))
  .map((text) => text.replaceAll('/', '_') || '_');
const CERTIFICATES: readonly [string, VendorId][] = [
  ['mi', 'xiaomi'],
  ['小米 证书', 'xiaomi'],
  ['constructor', 'fcm'],
];

/** Shrinking what fails would take minutes. */
const OPTIONS = { endOnFailure: true };

/** Messages, each of one lane and content, to any number of devices under any certificate. */
const plans = fc
  .uniqueArray(
    fc.record({
      messageId: anId,
      lane: fc.constantFrom<Lane>('direct', 'bulk'),
      title: anyText(100),
      body: fc.oneof(anyText(100), fc.constant('包'.repeat(5_000))),
      devices: fc.uniqueArray(
        fc.record({
          accountId: anId,
          deviceId: anId,
          certificate: fc.constantFrom(...CERTIFICATES),
          token: fc.oneof(
            anyText(64),
            fc.nat(4_096).map((length) => 't'.repeat(length)),
          ),
        }),
        {
          maxLength: 60,
          selector: ({ accountId, deviceId }) => `${accountId}/${deviceId}`,
          size: 'max',
        },
      ),
    }),
    { maxLength: 8, selector: ({ messageId }) => messageId },
  )
  .map((messages) =>
    messages.flatMap(({ messageId, lane, title, body, devices }) => {
      const notification = { ...aPlannedPush({ messageId }).notification, title, body };
      return devices.map(({ accountId, deviceId, token, certificate: [certificate, vendor] }) =>
        aPlannedPush({
          messageId,
          lane,
          notification,
          accountId,
          deviceId,
          token,
          certificate,
          vendor,
        }),
      );
    }),
  );

test('no push is lost, none is doubled, and each goes with its own content, certificate and lane', () => {
  fc.assert(
    fc.property(plans, (planned) => {
      const packed = jobsOf(planned).flatMap(({ pushes, vendor, certificate, lane }) =>
        pushes.flatMap(({ messageId, notification, expiresAt, targets }) =>
          targets.map(({ accountId, deviceId, token, registeredAt }) => ({
            messageId,
            lane,
            notification,
            expiresAt,
            accountId,
            deviceId,
            chosen: { certificate, vendor, token, registeredAt },
          })),
        ),
      );

      const key = ({ messageId, accountId, deviceId }: PlannedPush) =>
        JSON.stringify([messageId, accountId, deviceId]);
      const byKey = (one: PlannedPush, other: PlannedPush) => (key(one) < key(other) ? -1 : 1);
      expect(packed.toSorted(byKey)).toEqual(planned.toSorted(byKey));
    }),
    OPTIONS,
  );
});

test('a job is never over 64 KB, and a message is in it once', () => {
  fc.assert(
    fc.property(plans, (planned) => {
      for (const job of jobsOf(planned)) {
        expect(jsonBytesOf(job)).toBeLessThanOrEqual(64 * 1024);
        const messageIds = job.pushes.map(({ messageId }) => messageId);
        expect(new Set(messageIds).size).toBe(messageIds.length);
      }
    }),
    OPTIONS,
  );
});

test('the same pushes make the same jobs in whatever order they are found, and whenever', () => {
  const shuffled = plans.chain((planned) =>
    fc.tuple(
      fc.constant(planned),
      fc.shuffledSubarray(planned, { minLength: planned.length }),
      fc.nat(100_000),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([planned, again, laterMs]) => {
      const jobs = jobsOf(planned);
      const repeated = jobsOf(again, { now: NOW + laterMs });

      expect(jobIdsOf(repeated)).toEqual(jobIdsOf(jobs));
      expect(new Set(jobIdsOf(jobs)).size).toBe(jobs.length);
    }),
    OPTIONS,
  );
});

test('apps never share a job id', () => {
  fc.assert(
    fc.property(plans, (planned) => {
      const ids = [...jobIdsOf(jobsOf(planned)), ...jobIdsOf(jobsOf(planned, { appKey: 'app-2' }))];

      expect(new Set(ids).size).toBe(ids.length);
    }),
    OPTIONS,
  );
});
