import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { randomDigits } from '../random-digits';
import type { SimulatorKind } from '../vendor-simulator';
import { OppoSimulator } from './oppo-simulator';

const credentials = v.object({ appKey: v.string(), masterSecret: v.string() });

const stored = v.object({ ...credentials.entries, appId: v.string() });

/** 5,000 messages a second is the tier of apps with under 10 million users (vendor limits, as JPush and Getui list them). */
export const oppoKind: SimulatorKind<OppoSimulator, v.InferOutput<typeof credentials>> = {
  defaultRatePerSecond: 5_000,
  hasAuthEndpoint: true,
  async start(keys, context) {
    const kept = await keys.keep(stored, () => ({
      appId: `30${randomDigits(6)}`,
      appKey: randomBytes(16).toString('hex'),
      masterSecret: randomBytes(16).toString('hex'),
    }));
    const { appKey, masterSecret } = kept;
    return {
      simulator: new OppoSimulator({ ...context, credentials: kept }),
      credentials: () => ({ appKey, masterSecret }),
    };
  },
};
