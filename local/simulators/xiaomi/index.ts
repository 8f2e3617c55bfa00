import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { randomDigits } from '../random-digits';
import type { SimulatorKind } from '../vendor-simulator';
import { XiaomiSimulator } from './xiaomi-simulator';

const credentials = v.object({ appId: v.string(), appKey: v.string(), appSecret: v.string() });

/** 500 requests a second is Xiaomi's lowest published tier (devices with notifications on < 100,000). */
export const xiaomiKind: SimulatorKind<XiaomiSimulator, v.InferOutput<typeof credentials>> = {
  defaultRatePerSecond: 500,
  hasAuthEndpoint: false,
  async start(keys, { packageName, ...context }) {
    const kept = await keys.keep(credentials, () => ({
      appId: `28823037615${randomDigits(8)}`,
      appKey: `51${randomDigits(11)}`,
      appSecret: randomBytes(16).toString('base64url'),
    }));
    const simulator = new XiaomiSimulator({
      ...context,
      credentials: kept,
      packages: [packageName],
    });
    return { simulator, credentials: () => kept };
  },
};
