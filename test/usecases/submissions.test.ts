import * as v from 'valibot';
import { sha256 } from '../../lib/aws/fingerprint';
import { messageBody, toMessageEvent } from '../../lib/http/message-schemas';
import { messageInForm } from '../../lib/http/nim-forms';
import { eventOfNim } from '../../lib/rules/nim-message';
import { submissionHash } from '../../lib/usecases/submissions';
import { NOW } from '../support/builders';
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

test('when a message came makes it no other one where nobody said when it was sent', () => {
  const form = new URLSearchParams({
    ...{ messageId: 'm1', from: 'bob', ope: '0', to: 'alice', type: '0', body: '{"msg":"hi"}' },
  });
  const hashAt = (now: number, more: Record<string, string> = {}) => {
    const said = messageInForm(new URLSearchParams([...form, ...Object.entries(more)]), now);
    return submissionHash([eventOfNim(said, undefined, 60)], sha256);
  };

  expect(hashAt(NOW + 1_000)).toBe(hashAt(NOW));
  expect(hashAt(NOW, { msgTimestamp: '7' })).toBe(hashAt(NOW + 1_000, { msgTimestamp: '7' }));
  expect(hashAt(NOW, { msgTimestamp: '8' })).not.toBe(hashAt(NOW, { msgTimestamp: '7' }));
  expect(hashAt(NOW, { fromNick: 'Bob' })).not.toBe(hashAt(NOW));
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
