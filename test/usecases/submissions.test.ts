import * as v from 'valibot';
import { sha256 } from '../../lib/aws/fingerprint';
import { messageBody, toMessageEvent } from '../../lib/http/message-schemas';
import { submissionHash } from '../../lib/usecases/submissions';
import { aMessage } from '../support/service';

const MESSAGE = aMessage(['alice', 'carol'], { sentAt: Date.now() });

/** The hash of a message as its sender wrote it, in an app whose messages live so long. */
function hashOf(changes: object = {}, appTtlSeconds = 86_400): string {
  const body = v.parse(messageBody, { ...MESSAGE, ...changes });
  return submissionHash([toMessageEvent(body, appTtlSeconds)], sha256);
}

test('a setting that changes how long messages live leaves a repeat the same message', () => {
  expect(hashOf({}, 60)).toBe(hashOf());
  expect(hashOf({ ttlSeconds: 60 }, 60)).toBe(hashOf({ ttlSeconds: 60 }));
});

test('so does what recipients are doing, and the spelling of push properties', () => {
  const presence = [{ deviceId: 'd', state: 'background' }];

  expect(hashOf({ recipients: [{ accountId: 'alice', presence }, 'carol'] })).toBe(hashOf());
  expect(hashOf({ pushConfig: { needPush: false } })).toBe(
    hashOf({ pushConfig: { pushEnabled: false } }),
  );
});

test.each([
  { ttlSeconds: 86_400 },
  { ttlSeconds: 60 },
  { body: 'another text' },
  { recipients: ['alice'] },
  { sentAt: MESSAGE.sentAt + 1 },
  { pushConfig: { pushEnabled: false } },
])('%j makes it another message', (change) => {
  expect(hashOf(change)).not.toBe(hashOf());
});
