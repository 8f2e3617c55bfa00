import type { JobProgress, StoredResult } from '../../lib/model/ports';
import type { TargetStatus } from '../../lib/model/send-outcome';
import { devicesTried } from '../../lib/usecases/devices-tried';
import { NOW } from '../support/builders';

const LATER = NOW + 30_000;
const BEFORE = NOW - 1;

/** What is stored of bob's phone, or of another one. */
function aResult(status: TargetStatus, accountId = 'bob'): StoredResult {
  const place = { messageId: 'm', accountId, deviceId: 'd', tokenFingerprint: 'print' };
  return { ...place, status, at: NOW };
}

const own = (state: JobProgress['state'], ...results: StoredResult[]): JobProgress => ({
  state,
  results,
  ...(state === 'claimed' && { until: LATER }),
});

/** A job that brings pushes by another vendor, or the same again. */
const offshoot = (certificate: string, progress: JobProgress) =>
  ({ jobId: `job.${certificate}`, vendor: 'oppo', certificate, ...progress }) as const;

/** Where bob's phone was tried: under which certificate, whether it may show the message there, and until when it is sent to. */
function tried(job: JobProgress) {
  const decision = { deviceId: 'd', reason: 'queued', vendor: 'xiaomi', jobId: 'job' } as const;
  const devices = [{ ...decision, certificate: 'own' }];
  const recipients = [{ accountId: 'bob', reachable: true, devices }];
  return devicesTried('m', recipients, new Map([['job', job]]), NOW).map(
    ({ certificate, isShown, notBefore }) => [certificate, isShown, notBefore],
  );
}

test.each<[string, JobProgress, ReturnType<typeof tried>]>([
  ['nobody has had its job', own('queued'), []],
  ['its push was accepted', own('done', aResult('accepted')), [['own', true, undefined]]],
  ['its push was refused', own('done', aResult('rejected')), [['own', false, undefined]]],
  ['nothing is kept', own('done'), [['own', true, undefined]]],
  ['a sender has its job', own('claimed'), [['own', true, LATER]]],
  ['it is tried again just now', own('claimed', aResult('throttled')), [['own', true, LATER]]],
  [
    'its token was renewed and is tried',
    own('claimed', aResult('token-invalid')),
    [['own', true, LATER]],
  ],
  ['only others are tried again', own('claimed', aResult('accepted')), [['own', true, undefined]]],
  [
    'whoever sent to it is dead by now',
    { ...own('claimed', aResult('throttled')), until: BEFORE },
    [['own', true, undefined]],
  ],
])('of a phone of which %s', (_case, job, expected) => {
  expect(tried(job)).toEqual(expected);
});

const shownThere = offshoot('other', own('done'));

test.each<[string, JobProgress, ReturnType<typeof tried>]>([
  [
    'the phone went another way',
    { ...own('done', aResult('other-channel')), cameOut: [shownThere] },
    [
      ['own', false, undefined],
      ['other', true, undefined],
    ],
  ],
  [
    'it is sent the other way just now',
    { ...own('done', aResult('other-channel')), cameOut: [offshoot('other', own('claimed'))] },
    [
      ['own', false, undefined],
      ['other', true, LATER],
    ],
  ],
  [
    'the other vendor refused it',
    {
      ...own('done', aResult('other-channel')),
      cameOut: [offshoot('other', own('done', aResult('rejected')))],
    },
    [
      ['own', false, undefined],
      ['other', false, undefined],
    ],
  ],
  [
    'only another phone went another way',
    {
      ...own('done', aResult('other-channel', 'alice'), aResult('accepted')),
      cameOut: [shownThere],
    },
    [['own', true, undefined]],
  ],
  [
    'another phone went another way, and only failures are kept',
    { ...own('done', aResult('other-channel', 'alice')), cameOut: [shownThere] },
    [['own', true, undefined]],
  ],
  [
    'others went another way before, and the phone may go just now',
    { ...own('claimed', aResult('other-channel', 'alice')), cameOut: [shownThere] },
    [
      ['own', true, LATER],
      ['other', true, undefined],
    ],
  ],
  [
    'nothing is kept of who went another way',
    { ...own('done'), cameOut: [shownThere] },
    [
      ['own', true, undefined],
      ['other', true, undefined],
    ],
  ],
  [
    'a person had it sent again by the same vendor',
    {
      ...own('done', aResult('dead-lettered')),
      cameOut: [offshoot('own', own('done', aResult('accepted')))],
    },
    [['own', true, undefined]],
  ],
])('where jobs came out of its job: %s', (_case, job, expected) => {
  expect(tried(job)).toEqual(expected);
});
