import { createHash } from 'node:crypto';
import { packJson } from '../../lib/aws/stored-json';
import type { Mute } from '../../lib/model/account';
import { MUTES } from '../../lib/model/account';
import { MAX_DEVICES } from '../../lib/rules/device-limit';
import { MAX_MUTES_WITHIN } from '../../lib/rules/mute';
import { aDevice, anAccount, aPresence, NOW } from '../support/builders';

/** A write is billed by the kilobyte, and every presence report writes the account. */
const GOAL_BYTES = 4_096;

/** Looks like chance, and is the same each time. */
function random(seed: string): Buffer {
  return createHash('sha512').update(seed).digest();
}

const numeric = (seed: string) => String(2_000_000_000 + random(seed).readUInt32BE() / 2);

test('an account with ten devices, all settings and as many mutes as it holds is as small as it is to be', () => {
  const devices = Array.from({ length: MAX_DEVICES }, (_, index) => {
    const deviceId = random(`device ${index}`).toString('hex').slice(0, 32);
    const token = random(`token ${index}`).toString('base64').slice(0, 64);
    return aDevice({
      deviceId,
      facts: {
        manufacturer: 'Xiaomi',
        model: `M${numeric(`model ${index}`)}`,
        osVersion: '15',
        package: 'com.example.chat',
        appVersion: '10.9.4',
        locale: 'zh-CN',
        timeZone: 'Asia/Shanghai',
      },
      session: { state: 'logged-in', at: NOW - random(`session ${index}`).readUInt32BE() },
      presence: aPresence({ at: NOW - random(`presence ${index}`).readUInt16BE() }),
      settings: { showDetail: false, doNotDisturb: { until: NOW + index } },
      badge: { value: index, since: NOW - index },
      tokens: { 'xiaomi-cert': { vendor: 'xiaomi', token, registeredAt: NOW - index * 7_919 } },
      deviceKeyHash: random(`key ${index}`).toString('base64url').slice(0, 43),
    });
  });
  const mutes = Array.from({ length: MAX_MUTES_WITHIN }, (_, index): [string, Mute] => [
    numeric(`team ${index}`),
    MUTES[index % MUTES.length] ?? 'all',
  ]);
  const account = anAccount(devices, {
    settings: {
      showDetail: false,
      pushWhenDesktopOnline: false,
      locale: 'zh-CN',
      doNotDisturb: { window: { from: '22:00', to: '07:30', timeZone: 'Asia/Shanghai' } },
    },
    mutes: Object.fromEntries(mutes),
    hasMoreMutes: true,
    lastDeviceId: devices[9]?.deviceId ?? '',
  });

  expect(packJson(account).length).toBeLessThan(GOAL_BYTES);
});
