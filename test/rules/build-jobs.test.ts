import { JOB_BYTES, type PlannedPush } from '../../lib/rules/build-jobs';
import { NOW } from '../support/builders';
import { aPlannedPush, jobIdsOf, jobsOf, jsonBytesOf } from '../support/planned-pushes';

/** So many phones of a group, of some 150 bytes each. */
const aGroup = (size: number): PlannedPush[] =>
  Array.from({ length: size }, (_, n) =>
    aPlannedPush({ accountId: `member-${n}`, token: `${n}`.padStart(64, 't'), lane: 'bulk' }),
  );

test('a push becomes a job that holds all it takes to send it', () => {
  const presence = { deviceId: 'phone-1', state: 'disconnected', at: NOW } as const;
  const plan = aPlannedPush({ presence });

  expect(jobsOf([plan])).toEqual([
    {
      jobId: expect.stringMatching(/^[\w-]{22}$/),
      generation: 0,
      appKey: 'app-1',
      traceLevel: 'full',
      vendor: 'xiaomi',
      certificate: 'mi',
      lane: 'direct',
      queuedAt: NOW,
      decidedAt: NOW,
      pushes: [
        {
          messageId: 'm1',
          notification: plan.notification,
          expiresAt: plan.expiresAt,
          targets: [
            {
              accountId: 'bob',
              deviceId: 'phone-1',
              token: 'token-1',
              registeredAt: NOW,
              presence,
            },
          ],
        },
      ],
    },
  ]);
});

test('nothing planned is no job', () => {
  expect(jobsOf([])).toEqual([]);
});

test('equal content is carried once, with all its targets', () => {
  const [job, ...others] = jobsOf(aGroup(300));

  expect(others).toEqual([]);
  expect(job?.pushes).toHaveLength(1);
  expect(job?.pushes[0].targets).toHaveLength(300);
  expect(JSON.stringify(job).split('text of m1')).toHaveLength(2);
});

test('messages for one certificate travel together, others do not', () => {
  const jobs = jobsOf([
    aPlannedPush(),
    aPlannedPush({ messageId: 'm2' }),
    aPlannedPush({ messageId: 'm3', lane: 'bulk' }),
    aPlannedPush({ messageId: 'm1', deviceId: 'phone-2', certificate: 'mi 2' }),
    aPlannedPush({ messageId: 'm1', deviceId: 'phone-3', certificate: 'google', vendor: 'fcm' }),
  ]);

  const summary = jobs.map(({ lane, certificate, vendor, pushes }) => [
    lane,
    certificate,
    vendor,
    pushes.map(({ messageId }) => messageId).join(),
  ]);
  expect(summary.toSorted()).toEqual([
    ['bulk', 'mi', 'xiaomi', 'm3'],
    ['direct', 'google', 'fcm', 'm1'],
    ['direct', 'mi 2', 'xiaomi', 'm1'],
    ['direct', 'mi', 'xiaomi', 'm1,m2'],
  ]);
});

test('what does not fit one job fills as few as it can', () => {
  const jobs = jobsOf(aGroup(3_000));
  const sizes = jobs.map(jsonBytesOf);

  const needed = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / JOB_BYTES);
  expect(jobs).toHaveLength(needed);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(JOB_BYTES);
});

describe('an id', () => {
  const id = jobsOf([aPlannedPush()])[0]?.jobId;

  test.each([
    ['certificate', aPlannedPush({ certificate: 'mi 2' })],
    ['vendor', aPlannedPush({ vendor: 'fcm' })],
    ['lane', aPlannedPush({ lane: 'bulk' })],
    ['message', aPlannedPush({ messageId: 'm2' })],
    ['account', aPlannedPush({ accountId: 'carol' })],
    ['device', aPlannedPush({ deviceId: 'phone-2' })],
  ])('is another one for another %s', (_what, other) => {
    expect(jobsOf([other])[0]?.jobId).not.toBe(id);
  });

  test('is another one for another app', () => {
    expect(jobsOf([aPlannedPush()], { appKey: 'app-2' })[0]?.jobId).not.toBe(id);
  });

  test('is the same later, for a renewed token and a newer presence', () => {
    const renewed = aPlannedPush({
      token: 'token-2',
      presence: { deviceId: 'phone-1', state: 'disconnected' },
    });

    const [job] = jobsOf([renewed], { now: NOW + 86_400_000 });

    expect(job?.jobId).toBe(id);
  });

  test('does not confuse where one name ends and the next begins', () => {
    const one = aPlannedPush({ messageId: 'a', accountId: 'b c', deviceId: 'd' });
    const other = aPlannedPush({ messageId: 'a', accountId: 'b', deviceId: 'c d' });

    expect(jobIdsOf(jobsOf([one]))).not.toEqual(jobIdsOf(jobsOf([other])));
  });
});

test('what differs between devices of one message are pushes of their own in one job', () => {
  const own = { ...aPlannedPush().notification, body: 'for you' };
  const [job, ...others] = jobsOf([
    aPlannedPush(),
    aPlannedPush({ deviceId: 'phone-2', notification: own }),
    aPlannedPush({ deviceId: 'phone-3' }),
  ]);

  expect(others).toEqual([]);
  expect(
    job?.pushes.map(({ notification, targets }) => [notification.body, targets.length]),
  ).toEqual([
    ['text of m1', 2],
    ['for you', 1],
  ]);
});

test('devices that may still acknowledge wait in a job of their own', () => {
  const jobs = jobsOf([
    aPlannedPush(),
    aPlannedPush({ deviceId: 'phone-2', unacked: true, notBefore: NOW + 5_000 }),
  ]);

  expect(
    jobs.map(({ pushes }) => pushes.map(({ targets }) => targets.map((one) => one.notBefore))),
  ).toEqual([[[undefined]], [[NOW + 5_000]]]);
});
