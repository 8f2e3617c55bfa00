import fc from 'fast-check';
import { createUnreadStore } from '../../lib/aws/unread-store';
import type { Notification } from '../../lib/model/notification';
import type { Push, PushTarget } from '../../lib/model/push-job';
import { type RenderedPush, rememberPushes } from '../../lib/usecases/remember-pushes';
import { apns } from '../../lib/vendors/apns';
import { huawei } from '../../lib/vendors/huawei';
import type { Vendor } from '../../lib/vendors/vendor';
import { xiaomi } from '../../lib/vendors/xiaomi';
import { type Aws, refuseWith, startAws } from '../support/aws';
import { aPushJob, aTarget, NOW } from '../support/builders';

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

const told: string[] = [];
const telemetry = {
  count: (metric: string, value: number) => void told.push(`${metric} ${value}`),
  log: (_level: string, message: string) => void told.push(message),
};

function remember(pushes: readonly Push[], vendor: Vendor): Promise<readonly RenderedPush[]> {
  const unread = createUnreadStore(aws.dynamoDb, 'devices', { now: () => NOW });
  return rememberPushes(aPushJob({ vendor: vendor.id }), pushes, { vendor, unread, telemetry });
}

/** Text `number` of a conversation, as it is remembered, to devices by these names. */
function aText(
  number: number,
  targets: readonly [Partial<PushTarget>, ...Partial<PushTarget>[]],
  changes: Partial<Notification> = {},
): Push {
  const [push] = aPushJob().pushes;
  const [first, ...rest] = targets.map((one) => aTarget(one));
  const messageId = `message-${number}`;
  return {
    ...push,
    messageId,
    remembered: true,
    subject: { conversationId: 'team', sentAt: NOW + number * 1_000 },
    notification: {
      ...push.notification,
      body: `text ${number}`,
      badge: { add: 1 },
      data: { messageId },
      ...changes,
    },
    targets: [first ?? aTarget(), ...rest],
  };
}

const shown = (rendered: readonly RenderedPush[]) =>
  rendered.map(({ notification, targets }) => ({
    ...('badge' in notification ? { badge: notification.badge } : {}),
    body: notification.body,
    ...('alert' in notification ? { alert: notification.alert } : {}),
    devices: targets.map(({ deviceId }) => deviceId),
  }));

const STACK = { stack: { text: '[{count}条] {text}' } };
const SILENT = { sound: false, vibration: false };

test('an iPhone is told the number its icon is to show, counted from what it last said', async () => {
  const badge = { value: 4, since: NOW };
  const phone = { deviceId: 'iphone', badge };
  const answers = [];
  for (const number of [1, 2, 2, 3]) {
    answers.push(...shown(await remember([aText(number, [phone])], apns)));
  }

  expect(answers.map((one) => one.badge)).toEqual([{ set: 5 }, { set: 6 }, { set: 6 }, { set: 7 }]);
});

test('a report of the phone begins a new count', async () => {
  await remember([aText(1, [{ deviceId: 'reporting', badge: { value: 0, since: NOW } }])], apns);
  const again = { deviceId: 'reporting', badge: { value: 0, since: NOW + 1 } };

  expect(shown(await remember([aText(2, [again])], apns))).toMatchObject([{ badge: { set: 1 } }]);
});

test('what does not count changes no number', async () => {
  const { badge: _counts, ...notification } = aText(1, [{}]).notification;
  const quiet = { ...aText(1, [{ deviceId: 'quiet' }]), notification };
  await remember([quiet], apns);

  const answers = await remember([quiet, aText(2, [{ deviceId: 'quiet' }])], apns);

  expect(answers[0]?.notification).toEqual(notification);
  expect(answers[1]?.notification.badge).toEqual({ set: 1 });
});

test('who adds for itself is told to add', async () => {
  const push = aText(1, [{ deviceId: 'mate' }], STACK);

  expect(shown(await remember([push], huawei))).toMatchObject([{ badge: { add: 1 } }]);
});

test('phones with the same number share a request, others get their own', async () => {
  await remember([aText(1, [{ deviceId: 'a' }, { deviceId: 'c' }])], apns);
  const push = aText(2, [{ deviceId: 'a' }, { deviceId: 'b' }, { deviceId: 'c' }]);

  const rendered = await remember([push], apns);

  expect(shown(rendered)).toEqual([
    { badge: { set: 2 }, body: 'text 2', devices: ['a', 'c'] },
    { badge: { set: 1 }, body: 'text 2', devices: ['b'] },
  ]);
  expect(rendered.every((one) => one.push === push)).toBe(true);
});

test('a conversation says how many messages it stands for, from two on', async () => {
  const bodies = [];
  for (const number of [1, 2, 2]) {
    const rendered = await remember([aText(number, [{ deviceId: 'stacked' }], STACK)], xiaomi);
    bodies.push(...rendered.map(({ notification }) => notification.body));
  }

  expect(bodies).toEqual(['text 1', '[2条] text 2', '[2条] text 2']);
});

test('what a user writes is no place to put a number into', async () => {
  await remember([aText(1, [{ deviceId: 'braces' }], STACK)], xiaomi);
  const push = aText(2, [{ deviceId: 'braces' }], { ...STACK, body: '{count} $& {text}' });

  expect(shown(await remember([push], xiaomi))).toMatchObject([
    { body: '[2条] {count} $& {text}' },
  ]);
});

test('messages are told apart by their own ids, whatever keys the app gives its payload', async () => {
  const own = { ...STACK, data: { messageId: 'a key of the app' } };
  const pushes = [1, 2, 3].map((number) => aText(number, [{ deviceId: 'keyed' }], own));
  const numbers = [];
  const bodies = [];
  for (const push of pushes) {
    for (const { badge, body } of shown(await remember([push], apns))) {
      numbers.push(badge);
      bodies.push(body);
    }
  }

  expect(numbers).toEqual([{ set: 1 }, { set: 2 }, { set: 3 }]);
  expect(bodies).toEqual(['text 1', '[2条] text 2', '[3条] text 3']);
});

test('a conversation makes itself heard at most once in its time, whatever is repeated', async () => {
  const stack = { stack: { ...STACK.stack, alertEverySeconds: 3 } };
  const alerts = [];
  for (const number of [1, 2, 3, 4, 3, 4, 5]) {
    const rendered = await remember([aText(number, [{ deviceId: 'noisy' }], stack)], xiaomi);
    alerts.push(...rendered.map(({ notification }) => notification.alert));
  }

  expect(alerts).toEqual([undefined, SILENT, SILENT, undefined, SILENT, undefined, SILENT]);
});

test('the numbers a phone is told are those of its messages, in any order and however often', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 12 }),
      async (numbers) => {
        run += 1;
        const phone = { deviceId: `any-${run}`, badge: { value: 2, since: 0 } };
        const seen = new Set<number>();
        for (const number of numbers) {
          seen.add(number);
          const rendered = await remember([aText(number, [phone])], apns);
          expect(shown(rendered)).toMatchObject([{ badge: { set: 2 + seen.size } }]);
        }
      },
    ),
    { numRuns: 15 },
  );
});

test('what is not remembered goes as it is, and costs nothing', async () => {
  const { remembered: _remembered, ...push } = aText(1, [{ deviceId: 'plain' }]);
  const withdrawal: Push = { ...aText(2, [{ deviceId: 'plain' }]), withdraws: true };
  let rendered: readonly RenderedPush[] = [];

  const calls = await aws.wire.watch(async () => {
    rendered = await remember([push, withdrawal], apns);
  });

  expect(calls).toEqual([]);
  expect(rendered.map((one) => one.notification)).toEqual([
    push.notification,
    withdrawal.notification,
  ]);
  expect(rendered[0]?.notification).toBe(push.notification);
});

test('each phone costs one write', async () => {
  const push = aText(1, [{ deviceId: 'x' }, { deviceId: 'y' }], STACK);

  const calls = await aws.wire.watch(() => remember([push], apns));

  expect(calls.map(({ operation }) => operation)).toEqual(['UpdateItem', 'UpdateItem']);
});

test('a push whose count fails goes without a number, and the failure is counted', async () => {
  told.length = 0;
  aws.wire.next('UpdateItem', refuseWith('AccessDeniedException'));

  const rendered = await remember([aText(9, [{ deviceId: 'unlucky' }], STACK)], apns);

  expect(shown(rendered)).toEqual([{ body: 'text 9', devices: ['unlucky'] }]);
  expect(told).toEqual(['UnreadFailures 1', 'pushes go without their count']);
});

test('a count that does not answer holds nothing up', async () => {
  told.length = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  aws.wire.next('UpdateItem', async (_body, goOn) => {
    await promise;
    return goOn();
  });

  const rendered = await remember([aText(9, [{ deviceId: 'slow' }, { deviceId: 'fast' }])], apns);
  resolve();

  expect(shown(rendered).map(({ devices }) => devices)).toHaveLength(2);
  expect(told).toContain('UnreadFailures 1');
});

test('once the time is up nobody else is waited for, or asked about', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (let call = 0; call < 50; call += 1) {
    aws.wire.next('UpdateItem', async (_body, goOn) => {
      await promise;
      return goOn();
    });
  }
  const phones = Array.from({ length: 60 }, (_, index) => ({ deviceId: `crowd-${index}` }));
  const [first = {}, ...rest] = phones;

  const calls = await aws.wire.watch(() => remember([aText(9, [first, ...rest])], apns));
  resolve();

  expect(calls).toHaveLength(50);
});
