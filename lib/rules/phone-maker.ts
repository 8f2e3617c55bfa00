import type { DeviceFacts } from '../model/account';
import type { VendorId } from '../model/vendor-id';

/** Makers and brands as phones name themselves, in lower case without spaces. */
const CHANNEL_OF_MAKER: ReadonlyMap<string, VendorId> = new Map([
  ['xiaomi', 'xiaomi'],
  ['redmi', 'xiaomi'],
  ['poco', 'xiaomi'],
  ['blackshark', 'xiaomi'],
  ['huawei', 'huawei'],
  ['honor', 'honor'],
  ['hihonor', 'honor'],
  ['oppo', 'oppo'],
  ['oneplus', 'oppo'],
  ['realme', 'oppo'],
  ['vivo', 'vivo'],
  ['iqoo', 'vivo'],
  ['meizu', 'meizu'],
]);

/**
 * Honor phones have Honor's own channel from this major version of their system on, Huawei's before.
 * Sources: docs.getui.com/getui/mobile/vendor/qps, trtc.io/document/60576.
 */
const HONOR_CHANNEL_SINCE_MAGIC = 4;

/** The channels built into an Android phone by its maker, best first; none for makers without one. */
export function channelsOfMaker(facts: DeviceFacts): readonly VendorId[] {
  const maker = channelNamed(facts.manufacturer);
  const brand = channelNamed(facts.brand);
  if (maker === 'honor' || brand === 'honor') {
    return hasHonorChannel(facts.romVersion, maker) ? ['honor', 'huawei'] : ['huawei'];
  }
  const own = maker ?? brand;
  return own === undefined ? [] : [own];
}

function channelNamed(name: string | undefined): VendorId | undefined {
  return name === undefined
    ? undefined
    : CHANNEL_OF_MAKER.get(name.toLowerCase().replaceAll(/[\s_-]+/g, ''));
}

/** A phone that does not tell its version is new if it names Honor as its maker: before the split that was Huawei. */
function hasHonorChannel(romVersion = '', maker: VendorId | undefined): boolean {
  if (/emui|emotion/i.test(romVersion)) {
    return false;
  }
  const version = /magic\D*(\d+)|^\s*v?(\d+)/i.exec(romVersion);
  const major = version?.[1] ?? version?.[2];
  return major === undefined ? maker !== 'huawei' : Number(major) >= HONOR_CHANNEL_SINCE_MAGIC;
}
