import { DAY_MS } from '../../lib/model/time';
import { quotaClassOf as ofHarmony } from '../../lib/vendors/harmony/quota-class';
import { createHarmonySender } from '../../lib/vendors/harmony/sender';
import { quotaClassOf as ofHonor } from '../../lib/vendors/honor/quota-class';
import { createHonorSender } from '../../lib/vendors/honor/sender';
import { quotaClassOf as ofHuawei } from '../../lib/vendors/huawei/quota-class';
import { createHuaweiSender } from '../../lib/vendors/huawei/sender';
import { quotaClassOf as ofMeizu } from '../../lib/vendors/meizu/quota-class';
import { createMeizuSender } from '../../lib/vendors/meizu/sender';
import { quotaClassOf as ofOppo } from '../../lib/vendors/oppo/quota-class';
import { createOppoSender } from '../../lib/vendors/oppo/sender';
import { vendors } from '../../lib/vendors/registry';
import { quotaClassOf as ofVivo } from '../../lib/vendors/vivo/quota-class';
import { createVivoSender } from '../../lib/vendors/vivo/sender';
import { type QuotaRig, startQuotaRig, type VendorParts } from '../support/quota-rig';
import { phoneOf, type Vendor } from '../support/vendor-phones';

let rig: QuotaRig;
let days = 0;
beforeAll(async () => {
  rig = await startQuotaRig();
  await rig.whenUsedUp('drop');
});
beforeEach(() => {
  // 16:00 in China: an hour at which vivo takes everything
  rig.clock.at += days++ * DAY_MS;
});
afterAll(() => rig.close());

const LIMITED: readonly [Exclude<Vendor, 'xiaomi' | 'fcm' | 'apns'>, VendorParts, number][] = [
  ['huawei', { createSender: createHuaweiSender, quotaClassOf: ofHuawei }, 2],
  ['harmony', { createSender: createHarmonySender, quotaClassOf: ofHarmony }, 2],
  ['honor', { createSender: createHonorSender, quotaClassOf: ofHonor }, 2],
  ['oppo', { createSender: createOppoSender, quotaClassOf: ofOppo }, 2],
  ['vivo', { createSender: createVivoSender, quotaClassOf: ofVivo }, 2],
  ['meizu', { createSender: createMeizuSender, quotaClassOf: ofMeizu }, 3],
];

/** Sends five messages to one phone; answers what arrived there, and what became of each. */
async function sendFive(vendor: (typeof LIMITED)[number][0], parts: VendorParts) {
  const token = phoneOf(vendor).makeToken();
  const container = rig.containerOf(vendors[vendor], parts);
  const statuses: unknown[] = [];
  for (let message = 0; message < 5; message += 1) {
    const job = rig.job(token);
    const [push] = job.pushes;
    const notification = {
      ...push.notification,
      dedupeKey: `key-${message}`,
      notifyId: message + 1,
    };
    const one = {
      ...job,
      ...{ jobId: `${vendor}-${days}-${message}`, vendor, certificate: `${vendor}-cert` },
      pushes: [{ ...push, messageId: `message-${message}`, notification }] as const,
    };
    await rig.deliver(container, one);
    const [last] = await rig.resultsOf(one);
    statuses.push(last?.code ?? last?.status);
  }
  return { statuses, shown: rig.simulators.phones.look(token).tray.length };
}

test.each(LIMITED)(
  '%s is sent no more of its restricted class for a phone than it shows',
  async (vendor, parts, limit) => {
    await rig.limit(vendor, {}, { im: { instantMessaging: false } });

    const { statuses, shown } = await sendFive(vendor, parts);

    expect(shown).toBe(limit);
    expect(statuses).toEqual([
      ...Array(limit).fill('accepted'),
      ...Array(5 - limit).fill('quota-device'),
    ]);
  },
);

test.each(LIMITED)(
  '%s is sent all of its class for chat, and nothing is written to count it',
  async (vendor, parts) => {
    await rig.limit(vendor, {});
    const written = await rig.aws.wire.watch(async () => {
      expect(await sendFive(vendor, parts)).toMatchObject({ shown: 5 });
    });

    const counts = written.filter(
      ({ operation, body }) =>
        operation !== 'GetItem' && JSON.stringify(body).includes(`quota/${vendor}/`),
    );
    expect(counts).toEqual([]);
  },
);
