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

  expect(told[0]).toEqual({ messageId: 'm-0', duplicate: false, counts: { queued: 800 } });
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
