import { answersOf } from '../../lib/http/message-answer';
import type { StoredDecisions } from '../../lib/model/submission';

const LAMBDA_BYTES = 6_291_556;

/** Messages to 100 recipients each, as they were decided. */
function decided(messages: number, devices: number, deviceId: (at: number) => string) {
  return Array.from(
    { length: messages },
    (_, number): StoredDecisions & { duplicate: boolean } => ({
      messageId: `m-${number}`,
      duplicate: false,
      counts: { queued: 100 * devices },
      recipients: Array.from({ length: 100 }, (_one, at) => ({
        accountId: `account-${at}`,
        reachable: true,
        devices: Array.from({ length: devices }, (_each, index) => ({
          deviceId: deviceId(index),
          reason: 'queued',
          vendor: 'xiaomi',
          certificate: 'xiaomi',
          jobId: 'j',
        })),
      })),
    }),
  );
}

/** As it leaves the function: a text within another. */
const bytesOf = (answers: unknown) =>
  Buffer.byteLength(JSON.stringify({ statusCode: 202, body: JSON.stringify(answers) }));

test.each([
  ['100 × 100 × 8 devices', decided(100, 8, (at) => `device-${at}`)],
  // each quote is four bytes in the end
  ['ids full of quotes', decided(50, 8, () => '"'.repeat(128))],
])('%s are answered with counts, which fit', (_case, answers) => {
  const told = answersOf(answers);

  expect(told[0]).toEqual({
    messageId: 'm-0',
    duplicate: false,
    counts: { queued: 800 },
    reachable: 100,
  });
  expect(told.every((one) => !('recipients' in one))).toBe(true);
  expect(bytesOf(told)).toBeLessThan(LAMBDA_BYTES);
});

test('a call just below the limit is answered in full, its repeat too, and fits', () => {
  const answers = decided(48, 8, (at) => `device-${at}`);
  const repeat = answers.map((one) => ({ ...one, duplicate: true }));

  for (const told of [answersOf(answers), answersOf(repeat)]) {
    expect(told.every((one) => 'recipients' in one)).toBe(true);
    expect(bytesOf(told)).toBeGreaterThan(3_900_000);
    expect(bytesOf(told)).toBeLessThan(LAMBDA_BYTES);
  }
});

const [ONE] = decided(1, 1, () => 'd');
const answered = (changes: Partial<StoredDecisions>) =>
  answersOf([{ ...ONE, messageId: 'm', counts: {}, duplicate: false, ...changes }])[0];
const decidedAs = (device: object) => ({
  recipients: [
    { accountId: 'a', reachable: true, devices: [{ deviceId: 'd', reason: '', ...device }] },
  ],
});

test.each([
  [{ reason: 'queued', vendor: 'xiaomi', certificate: 'c' }, 'push'],
  [{ reason: 'unacked', vendor: 'xiaomi', certificate: 'c' }, 'push'],
  [{ reason: 'foreground' }, 'skip'],
])('a device decided as %j is told as a %s', (device, decision) => {
  const { certificate: _notTold, ...told } = { certificate: '', ...device };

  expect(answered(decidedAs(device))).toMatchObject({
    recipients: [{ devices: [{ deviceId: 'd', decision, ...told }] }],
  });
  expect(JSON.stringify(answered(decidedAs(device)))).not.toContain('certificate');
});

test('in shadow mode it is told where a push would have gone', () => {
  const shadow = { reason: 'shadow', vendor: 'xiaomi', certificate: 'c' };

  expect(answered(decidedAs(shadow))).toMatchObject({
    recipients: [{ devices: [{ deviceId: 'd', decision: 'skip', ...shadow }] }],
  });
});

test('what was left out of a message is told, with its decisions or with counts', () => {
  const warnings = ['pushConfig.pushPayload.oppoField is wrong; it was left out'];
  const { recipients: _none, ...counted } = { ...ONE, messageId: 'm', duplicate: false };

  expect(answered({ warnings })).toMatchObject({ warnings, recipients: expect.any(Array) });
  expect(answersOf([{ ...counted, counts: { queued: 101 }, warnings, reachable: 7 }])).toEqual([
    { messageId: 'm', duplicate: false, warnings, counts: { queued: 101 }, reachable: 7 },
  ]);
  expect(answered({})).not.toHaveProperty('warnings');
});
