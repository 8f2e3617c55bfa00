import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { randomDigits } from '../random-digits';
import type { SimulatorKind } from '../vendor-simulator';
import { HonorSimulator } from './honor-simulator';

const credentials = v.object({
  appId: v.string(),
  clientId: v.string(),
  clientSecret: v.string(),
});

/** 3,000 requests a second, not adjustable (help.aliyun.com/document_detail/616229.html). */
export const honorKind: SimulatorKind<HonorSimulator, v.InferOutput<typeof credentials>> = {
  defaultRatePerSecond: 3_000,
  hasAuthEndpoint: true,
  async start(keys, context) {
    const kept = await keys.keep(credentials, () => ({
      appId: `104${randomDigits(6)}`,
      clientId: randomBytes(16).toString('hex'),
      // with characters that are only right when they are encoded
      clientSecret: `${randomBytes(15).toString('base64url')}+/=&`,
    }));
    const simulator = new HonorSimulator({ ...context, credentials: kept });
    return { simulator, credentials: () => kept };
  },
};
