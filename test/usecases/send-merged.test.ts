import type { SendOutcome } from '../../lib/model/send-outcome';
import { xiaomi } from '../../lib/vendors/xiaomi';
import { NOW } from '../support/builders';
import {
  ACCEPTED,
  type MergingRig,
  REJECTED,
  startMergingRig,
  UNAVAILABLE,
} from '../support/merging-rig';

let rig: MergingRig;
beforeAll(async () => {
  rig = await startMergingRig();
});
beforeEach(() => {
  rig.clock.at = NOW;
});
afterAll(() => rig.close());

test('messages that wait for one phone are shown as the newest, which says how many there are', async () => {
  await rig.user('anna');
  const vendor = rig.aVendor();
  const all = [1, 3, 2].map((number) => rig.aMessage('anna', number));

  await rig.deliverAll(vendor, all);

  expect(vendor.bodies()).toEqual(['anna: [3条] text 3']);
  expect(await rig.fates(vendor, all)).toEqual({
    'anna-1': 'merged anna-3',
    'anna-2': 'merged anna-3',
    'anna-3': 'accepted',
  });
});

test('the number is told in the language of the phone', async () => {
  await rig.user('emma');
  const vendor = rig.aVendor();
  await vendor.ports.accounts.update('app-1', 'emma', (account) =>
    account === undefined
      ? undefined
      : { account: { ...account, settings: { ...account.settings, locale: 'en-GB' } } },
  );

  await rig.deliverAll(vendor, [rig.aMessage('emma', 1), rig.aMessage('emma', 2)]);

  expect(vendor.bodies()).toEqual(['emma: [2] text 2']);
});

test('what has not waited is shown one by one, and so is another conversation or user', async () => {
  await Promise.all([rig.user('ben'), rig.user('bea')]);
  const vendor = rig.aVendor();

  await rig.deliverAll(vendor, [rig.aMessage('ben', 1), rig.aMessage('ben', 2)], 4_000);
  const elsewhere = { subject: { conversationId: 'carol', sentAt: NOW } };
  await rig.deliverAll(vendor, [
    rig.aMessage('ben', 3),
    rig.aMessage('ben', 4, elsewhere),
    rig.aMessage('bea', 5),
  ]);

  expect(vendor.bodies().toSorted()).toEqual([
    'bea: text 5',
    ...[1, 2, 3, 4].map((number) => `ben: text ${number}`),
  ]);
});

test('messages in one job merge as well, and of those to several users each user gets what is for him', async () => {
  await Promise.all([rig.user('cleo'), rig.user('carl')]);
  const vendor = rig.aVendor();
  const [first, second, third] = [1, 2, 3].map((number) => {
    const [push] = rig.aMessage('cleo', number).pushes;
    const [carl] = rig.job('carl').pushes[0].targets;
    return number === 3 ? push : { ...push, targets: [...push.targets, carl] as const };
  });
  if (!first || !second || !third) throw new Error('three messages');
  const job = { ...rig.job('cleo', 'carl'), pushes: [first, second, third] as const };

  await rig.deliverAll(vendor, [job]);

  expect(vendor.bodies().toSorted()).toEqual(['carl: [2条] text 2', 'cleo: [3条] text 3']);
});

test.each([
  ['expired', { expiresAt: NOW + 5_000 }],
  ['recalled', {}],
] as const)(
  'a message that is %s stands for nothing, and is not counted',
  async (status, changes) => {
    for (const [user, gone] of [
      [`${status}-newest`, 3],
      [`${status}-oldest`, 1],
    ] as const) {
      await rig.user(user);
      const vendor = rig.aVendor();
      const all = [1, 2, 3].map((number) =>
        rig.aMessage(user, number, number === gone ? changes : {}),
      );
      const job = all[gone - 1];
      if (status === 'recalled' && job)
        await vendor.ports.jobs.recall([job], `${user}-${gone}`, NOW);

      await rig.deliverAll(vendor, all);

      const newest = gone === 3 ? 2 : 3;
      expect(vendor.bodies()).toEqual([`${user}: [2条] text ${newest}`]);
      expect(await rig.fates(vendor, all)).toMatchObject({
        [`${user}-${gone}`]: status,
        [`${user}-${newest}`]: 'accepted',
      });
    }
  },
);

test('when the vendor is busy all wait, and are shown as one afterwards, with what has come meanwhile', async () => {
  await rig.user('dora');
  let say: SendOutcome = UNAVAILABLE;
  const vendor = rig.aVendor(() => say);
  const all = [1, 2].map((number) => rig.aMessage('dora', number));

  const { back } = await rig.deliverAll(vendor, all);
  expect(vendor.bodies()).toEqual(['dora: [2条] text 2']);
  expect(back.map(({ pushes }) => pushes[0].notification.body).toSorted()).toEqual([
    'text 1',
    'text 2',
  ]);
  say = ACCEPTED;
  const later = rig.aMessage('dora', 3);
  await rig.deliverAll(vendor, [...back, later]);

  expect(vendor.bodies()).toEqual(['dora: [3条] text 3']);
  expect(await rig.fates(vendor, [...all, later])).toEqual({
    'dora-1': 'merged dora-3',
    'dora-2': 'merged dora-3',
    'dora-3': 'accepted',
  });
});

test('when the newest is refused the others are shown without it', async () => {
  await rig.user('elsa');
  const vendor = rig.aVendor(({ notification }) =>
    notification.data['messageId'] === 'elsa-3' ? REJECTED : ACCEPTED,
  );
  const all = [1, 2, 3].map((number) => rig.aMessage('elsa', number));

  const { back } = await rig.deliverAll(vendor, all);
  vendor.bodies();
  await rig.deliverAll(vendor, back);

  expect(vendor.bodies()).toEqual(['elsa: [2条] text 2']);
  expect(await rig.fates(vendor, all)).toEqual({
    'elsa-1': 'merged elsa-2',
    'elsa-2': 'accepted',
    'elsa-3': 'rejected 400',
  });
});

test('when the job of the newest fails on our side, the others are not gone', async () => {
  await rig.user('finn');
  let isBroken = true;
  const vendor = rig.aVendor(() => {
    if (isBroken) throw new Error('out of memory');
    return ACCEPTED;
  });
  const all = [1, 2].map((number) => rig.aMessage('finn', number));

  const { back, failed } = await rig.deliverAll(vendor, all);
  expect(failed.map(({ pushes }) => pushes[0].messageId)).toEqual(['finn-2']);
  isBroken = false;
  await rig.deliverAll(vendor, [...back, ...failed], 20_000);

  expect(vendor.bodies().at(-1)).toBe('finn: [2条] text 2');
  expect(await rig.fates(vendor, all)).toMatchObject({ 'finn-1': 'merged finn-2' });
});

describe('the number on the icon', () => {
  const COUNTED = { notification: { badge: { add: 1 } } };
  const counting = (user: string, number: number) => {
    const job = rig.aMessage(user, number);
    const [push] = job.pushes;
    const notification = { ...push.notification, ...COUNTED.notification };
    return { ...job, pushes: [{ ...push, remembered: true, notification }] as const };
  };

  test('counts each message where it is told', async () => {
    await rig.user('gina');
    const vendor = rig.aVendor();
    vendor.ports = { ...vendor.ports, vendor: { ...xiaomi, badge: 'absolute' } };

    await rig.deliverAll(
      vendor,
      [1, 2, 3].map((number) => counting('gina', number)),
    );

    expect(vendor.requests.map(({ notification }) => notification.badge)).toEqual([{ set: 3 }]);
  });

  test('grows by each message where the phone adds', async () => {
    await rig.user('gwen');
    const vendor = rig.aVendor();
    vendor.ports = { ...vendor.ports, vendor: { ...xiaomi, badge: 'increment' } };

    await rig.deliverAll(
      vendor,
      [1, 2, 3].map((number) => counting('gwen', number)),
    );

    expect(vendor.requests.map(({ notification }) => notification.badge)).toEqual([{ add: 3 }]);
  });
});

test('a collapsed conversation counts once, and is heard if one of its messages would have been', async () => {
  await rig.user('hans');
  const vendor = rig.aVendor();
  const stacked = (number: number) => {
    const job = rig.aMessage('hans', number);
    const [push] = job.pushes;
    const stack = { text: '[{count}条] {text}', alertEverySeconds: 60 };
    const notification = { ...push.notification, stack };
    const subject = { conversationId: 'alice', sentAt: NOW + number * 1_000 };
    return { ...job, pushes: [{ ...push, subject, remembered: true, notification }] as const };
  };

  await rig.deliverAll(vendor, [stacked(1), stacked(2)]);
  await rig.deliverAll(vendor, [stacked(3), stacked(4)]);

  const shown = vendor.requests.map(({ notification: { body, alert } }) => [body, alert?.sound]);
  expect(shown).toEqual([
    ['[2条] text 2', undefined],
    ['[4条] text 4', false],
  ]);
});
