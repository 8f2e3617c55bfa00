import { createTokenLossCounter } from '../../lib/aws/token-losses';
import type { SendOutcome } from '../../lib/model/send-outcome';
import { createTokenGuard, guardTokens } from '../../lib/usecases/token-guard';
import { type Aws, startAws } from '../support/aws';

let aws: Aws;
let certificates = 0;

beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

const HOUR_MS = 3_600_000;
const clock = { at: 1_000 * HOUR_MS, now: () => clock.at };

/** Containers that share one certificate. */
function guards(count: number) {
  certificates += 1;
  const losses = createTokenLossCounter(aws.dynamoDb, 'flow');
  const certificate = { vendor: 'xiaomi', appKey: 'app', name: `小米 ${certificates}` } as const;
  const [first, second] = Array.from({ length: count }, () =>
    createTokenGuard(certificate, { losses, clock }),
  );
  if (first === undefined) throw new Error('one at least');
  return { first, second: second ?? first };
}

const ACCEPTED: SendOutcome = { kind: 'accepted' };
const INVALID: SendOutcome = { kind: 'token-invalid', reason: { code: '80300007', text: 'gone' } };
const times = (count: number, outcome: SendOutcome) => Array(count).fill({ outcome });

test('a thousand tokens called invalid at once are all kept, and nothing else is touched', async () => {
  const { first } = guards(1);

  const judged = await guardTokens([...times(1_000, INVALID), ...times(3, ACCEPTED)], first);

  expect(judged.slice(0, 1_000)).toEqual(
    times(1_000, {
      kind: 'misconfigured',
      reason: {
        code: 'mass-failure',
        text: 'nearly every token is called invalid (80300007: gone)',
      },
    }),
  );
  expect(judged.slice(1_000)).toEqual(times(3, ACCEPTED));
});

test('one by one, in whatever container, no more than 50 an hour are lost', async () => {
  const { first, second } = guards(2);
  let lost = 0;
  for (let turn = 0; turn < 120; turn += 1) {
    const [one] = await guardTokens(times(1, INVALID), turn % 2 === 0 ? first : second);
    if (one?.outcome.kind === 'token-invalid') lost += 1;
  }

  expect(lost).toBe(50);
  clock.at += HOUR_MS;
  const [next] = await guardTokens(times(1, INVALID), first);
  expect(next?.outcome.kind).toBe('token-invalid');
});

test('dead tokens among living ones are let go, however many', async () => {
  const { first } = guards(1);
  let lost = 0;
  for (let turn = 0; turn < 30; turn += 1) {
    const judged = await guardTokens([...times(5, INVALID), ...times(20, ACCEPTED)], first);
    lost += judged.filter(({ outcome }) => outcome.kind === 'token-invalid').length;
  }

  expect(lost).toBe(150);
});

test('a certificate that goes bad after a good time is noticed', async () => {
  const { first } = guards(1);
  await guardTokens(times(5_000, ACCEPTED), first);
  let lost = 0;
  for (let turn = 0; turn < 1_000; turn += 1) {
    const [one] = await guardTokens(times(1, INVALID), first);
    if (one?.outcome.kind === 'token-invalid') lost += 1;
  }

  expect(lost).toBeLessThan(400);
});
