import fc from 'fast-check';
import type { SendOutcome } from '../../lib/model/send-outcome';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import { afterSend, FLOW_CONTROL_CODE, MAX_ATTEMPTS } from '../../lib/rules/after-send';
import { aTarget, NOW } from '../support/builders';

const REASON = { code: '10001', text: 'system busy' };
const BUSY: SendOutcome = { kind: 'unavailable', reason: REASON };
const UNMAPPED: SendOutcome = { kind: 'unavailable', reason: { ...REASON, unmapped: true } };
const TOO_FAST: SendOutcome = { kind: 'throttled', scope: 'second', reason: REASON };
const FOR_A_PERSON: readonly SendOutcome[] = [
  UNMAPPED,
  { kind: 'unauthorized', reason: REASON },
  { kind: 'misconfigured', reason: REASON },
];
const CONTEXT = { now: NOW, expiresAt: NOW + DAY_MS, jitter: 1 };

const target = aTarget({ retries: 2, attempts: 1 });

test.each<[string, SendOutcome, object]>([
  ['an accepted push is finished', { kind: 'accepted' }, { do: 'finish' }],
  ['a dead token is forgotten', { kind: 'token-invalid', reason: REASON }, { do: 'forget-token' }],
  ['a refused message is dropped', { kind: 'rejected', reason: REASON }, { do: 'drop' }],
  ['a used up day is a matter of quotas', { ...TOO_FAST, scope: 'day' }, { do: 'without-quota' }],
  [
    'too fast waits, longer each time',
    TOO_FAST,
    { do: 'retry', afterMs: 8_000, target: { ...target, retries: 3 } },
  ],
  [
    'too many for one device waits',
    { ...TOO_FAST, scope: 'device' },
    { do: 'retry', afterMs: 8_000, target: { ...target, retries: 3 } },
  ],
  [
    'too fast waits as long as the vendor says',
    { ...TOO_FAST, retryAfterMs: 300 },
    { do: 'retry', afterMs: 300, target: { ...target, retries: 3 } },
  ],
  [
    'no wait is longer than a queue can delay',
    { ...TOO_FAST, retryAfterMs: DAY_MS / 2 },
    { do: 'retry', afterMs: 15 * MINUTE_MS, target: { ...target, retries: 3 } },
  ],
  [
    'our own flow control counts no retry',
    { ...TOO_FAST, reason: { code: FLOW_CONTROL_CODE, text: '' } },
    { do: 'retry', afterMs: 2_000, target },
  ],
  [
    'a vendor that is down is tried again later',
    BUSY,
    { do: 'retry', afterMs: 4_000, target: { ...target, retries: 3 } },
  ],
  [
    'a vendor may ask for more patience',
    { ...BUSY, retryAfterMs: MINUTE_MS },
    { do: 'retry', afterMs: MINUTE_MS, target: { ...target, retries: 3 } },
  ],
  [
    'but not for less',
    { ...BUSY, retryAfterMs: 1 },
    { do: 'retry', afterMs: 4_000, target: { ...target, retries: 3 } },
  ],
  [
    'nor for more than a queue can delay',
    { ...BUSY, retryAfterMs: DAY_MS / 2 },
    { do: 'retry', afterMs: 15 * MINUTE_MS, target: { ...target, retries: 3 } },
  ],
  ...FOR_A_PERSON.map((outcome): [string, SendOutcome, object] => [
    `${outcome.kind} (unknown, or for a person to mend) spends an attempt`,
    outcome,
    { do: 'retry', afterMs: 4_000, target: { ...target, retries: 3, attempts: 2 } },
  ]),
])('%s', (_name, outcome, step) => {
  expect(afterSend(outcome, target, CONTEXT)).toEqual(step);
});

test('a first failure counts from nothing', () => {
  expect(afterSend(UNMAPPED, aTarget(), { ...CONTEXT, jitter: 0 })).toEqual({
    do: 'retry',
    afterMs: 500,
    target: aTarget({ retries: 1, attempts: 1 }),
  });
  expect(afterSend(TOO_FAST, aTarget(), { ...CONTEXT, jitter: 0 })).toEqual({
    do: 'retry',
    afterMs: 1_000,
    target: aTarget({ retries: 1 }),
  });
});

test.each(FOR_A_PERSON)('the last attempt ends in the dead-letter queue: $kind', (outcome) => {
  const tired = aTarget({ attempts: MAX_ATTEMPTS - 1 });

  expect(afterSend(outcome, tired, CONTEXT)).toEqual({ do: 'dead-letter' });
});

test('a wait beyond the life of the message drops it as expired', () => {
  const expiresAt = NOW + 4_000;

  expect(afterSend(BUSY, target, { ...CONTEXT, expiresAt })).toEqual({ do: 'drop', as: 'expired' });
  expect(afterSend(BUSY, target, { ...CONTEXT, expiresAt: expiresAt + 1 })).toMatchObject({
    do: 'retry',
  });
});

describe('for any outcomes', () => {
  const reason = fc.record(
    {
      code: fc.constantFrom('1', FLOW_CONTROL_CODE),
      text: fc.constant(''),
      unmapped: fc.constant(true),
    },
    { requiredKeys: ['code', 'text'] },
  );
  const retryAfterMs = fc.option(fc.integer({ min: 0, max: DAY_MS }), { nil: undefined });
  const outcome: fc.Arbitrary<SendOutcome> = fc
    .record({
      kind: fc.constantFrom('throttled', 'unavailable', 'unauthorized', 'misconfigured'),
      scope: fc.constantFrom('second', 'device'),
      reason,
      retryAfterMs,
    })
    .map(({ kind, scope, reason: why, retryAfterMs: wait }) => ({
      kind,
      scope,
      reason: why,
      ...(wait !== undefined && { retryAfterMs: wait }),
    }));

  test('no retry lies beyond the expiry, waits longer than a queue can, or follows the last attempt', () => {
    fc.assert(
      fc.property(
        fc.array(outcome, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: DAY_MS }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (outcomes, lifeMs, jitter) => {
          const expiresAt = NOW + lifeMs;
          let now = NOW;
          let current = aTarget();
          let refusals = 0;
          for (const one of outcomes) {
            const unmapped = one.kind === 'unavailable' && one.reason.unmapped === true;
            const isRefusal = one.kind === 'unauthorized' || one.kind === 'misconfigured';
            refusals += unmapped || isRefusal ? 1 : 0;
            const step = afterSend(one, current, { now, expiresAt, jitter });
            if (step.do !== 'retry') {
              expect(step).toEqual(
                refusals === MAX_ATTEMPTS ? { do: 'dead-letter' } : { do: 'drop', as: 'expired' },
              );
              return;
            }
            now += step.afterMs;
            current = step.target;
            expect(now).toBeLessThan(expiresAt);
            expect(step.afterMs).toBeLessThanOrEqual(15 * MINUTE_MS);
            expect(refusals).toBeLessThan(MAX_ATTEMPTS);
            expect(current).toMatchObject(aTarget());
          }
        },
      ),
    );
  });

  test('a vendor that stays down is tried until the message expires', () => {
    let now = NOW;
    let current = aTarget();
    let tries = 0;
    for (;;) {
      const step = afterSend(BUSY, current, { ...CONTEXT, now, jitter: 0.5 });
      if (step.do !== 'retry') {
        expect(step).toEqual({ do: 'drop', as: 'expired' });
        break;
      }
      now += step.afterMs;
      current = step.target;
      tries += 1;
    }

    expect(CONTEXT.expiresAt - now).toBeLessThanOrEqual(15 * MINUTE_MS);
    expect(tries).toBeGreaterThan(90);
  });
});
