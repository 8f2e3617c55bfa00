import { randomBytes, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { randomDigits } from '../random-digits';
import type { SimulatorKind } from '../vendor-simulator';
import { VivoSimulator } from './vivo-simulator';

const credentials = v.object({
  appId: v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/)),
  appKey: v.string(),
  appSecret: v.string(),
});

/** 3,000 messages a second is the tier of apps with under 5 million devices (vendor limits, as JPush and Alibaba EMAS list them). */
export const vivoKind: SimulatorKind<VivoSimulator, v.InferOutput<typeof credentials>> = {
  defaultRatePerSecond: 3_000,
  hasAuthEndpoint: true,
  async start(keys, context) {
    const kept = await keys.keep(credentials, () => ({
      appId: `1${randomDigits(5)}`,
      appKey: randomBytes(16).toString('hex'),
      appSecret: randomUUID(),
    }));
    const simulator = new VivoSimulator({ ...context, credentials: kept });
    return { simulator, credentials: () => kept };
  },
};
