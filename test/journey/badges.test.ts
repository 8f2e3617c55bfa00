import * as v from 'valibot';
import { type Service, startService, until } from '../support/service';
import {
  logInPhone,
  order,
  sendTo,
  storeVendorCertificate,
  storyWith,
} from '../support/vendor-journeys';
import type { Vendor } from '../support/vendor-phones';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const PHONE = (accountId: string) => `/v1/accounts/${accountId}/devices/phone`;

/** What the phone got, once it got so many. */
async function arrivals(token: string, count: number) {
  const { phones } = service.machine.simulators;
  return (
    await until(
      () => phones.look(token).arrivals,
      (found) => found.length >= count,
    )
  ).map(({ fields }) => fields);
}

const appleMessage = v.object({
  payload: v.object({ aps: v.object({ badge: v.optional(v.number()) }) }),
});

/** The numbers an iPhone was told, in order; undefined for none. */
async function numbersOn(token: string, count: number) {
  const fields = await arrivals(token, count);
  return fields.map((one) => v.parse(appleMessage, one).payload.aps.badge);
}

/** Sends texts one after the other, and answers the numbers of all that the iPhone was told. */
async function texts(accountId: string, token: string, count: number) {
  const before = service.machine.simulators.phones.look(token).arrivals.length;
  for (let sent = 1; sent <= count; sent += 1) {
    await sendTo(service, [accountId]);
    await arrivals(token, before + sent);
  }
  return numbersOn(token, before + count);
}

const report = (accountId: string, state: object) =>
  service.server.call('PUT', `${PHONE(accountId)}/presence`, state);

test('an iPhone counts one after the other, anew once somebody looks, and on from what it says', async () => {
  const token = await logInPhone(service, 'apns', 'ina');

  expect(await texts('ina', token, 3)).toEqual([1, 2, 3]);

  await report('ina', { state: 'foreground' });
  await report('ina', { state: 'disconnected' });
  expect(await texts('ina', token, 2)).toEqual([1, 2, 3, 1, 2]);

  await report('ina', { state: 'background', badge: 7 });
  expect(await texts('ina', token, 1)).toEqual([1, 2, 3, 1, 2, 8]);
});

test('a message that had to be sent again is counted once', async () => {
  const token = await logInPhone(service, 'apns', 'rea');
  order(service, 'apns', { failNext: 1, status: 503 });

  const messageId = await sendTo(service, ['rea']);
  await storyWith(service, messageId, 'rea', 'accepted');

  expect(await texts('rea', token, 1)).toEqual([1, 2]);
});

test('what is not to be counted is not: unreadEnabled off, custom notifications', async () => {
  const token = await logInPhone(service, 'apns', 'cleo');
  await sendTo(service, ['cleo'], { pushConfig: { unreadEnabled: false } });
  await arrivals(token, 1);
  await service.server.call('POST', '/v1/notifications', {
    messageId: 'a custom notification',
    sender: { accountId: 'bob' },
    recipients: ['cleo'],
    pushConfig: { pushContent: '有人赞了你' },
    sentAt: Date.now(),
  });
  await arrivals(token, 2);

  expect(await texts('cleo', token, 1)).toEqual([undefined, undefined, 1]);
});

test('members of a group are each told their own number', async () => {
  const [first, second] = await Promise.all(
    ['gus', 'gil'].map((accountId) => logInPhone(service, 'apns', accountId)),
  );
  if (first === undefined || second === undefined) throw new Error('nobody is logged in');
  await texts('gus', first, 2);

  await sendTo(service, ['gus', 'gil'], { conversation: { id: 'team', type: 'team' } });

  expect(await numbersOn(first, 3)).toEqual([1, 2, 3]);
  expect(await numbersOn(second, 1)).toEqual([1]);
});

test('a Huawei phone adds one by itself, where the app names its first activity', async () => {
  const classes = { im: { launcherActivity: 'com.example.chat.Main' } };
  await storeVendorCertificate(service, 'huawei', 'huawei-counting', { classes });
  const vendor: Vendor = 'huawei';
  const token = await logInPhone(service, vendor, 'hu', { certificate: 'huawei-counting' });
  const plain = await logInPhone(service, vendor, 'ha');

  await sendTo(service, ['hu', 'ha']);

  expect(await arrivals(token, 1)).toMatchObject([
    { android: { notification: { badge: { add_num: 1, class: 'com.example.chat.Main' } } } },
  ]);
  expect(JSON.stringify(await arrivals(plain, 1))).not.toContain('badge');
});

test('an app that wants no numbers has none', async () => {
  const token = await logInPhone(service, 'apns', 'otto');
  await service.admin.call('PATCH', '/v1/app', { badge: false });
  await until(
    () => texts('otto', token, 1),
    (numbers) => numbers.at(-1) === undefined,
  );

  expect((await texts('otto', token, 1)).slice(-2)).toEqual([undefined, undefined]);
});
