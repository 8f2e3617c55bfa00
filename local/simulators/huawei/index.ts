import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { randomDigits } from '../random-digits';
import type { SimulatorKind } from '../vendor-simulator';
import { type HuaweiClientCredentials, HuaweiSimulator } from './huawei-simulator';
import { huaweiServiceAccount, makeServiceAccount } from './service-account';

const stored = v.object({
  credentials: v.object({ appId: v.string(), clientId: v.string(), clientSecret: v.string() }),
  serviceAccount: huaweiServiceAccount,
});

/**
 * 6,000 devices a second is the least an app has; the number of its users and its category give more.
 * Source: cloud.tencent.com/document/product/548/41407 and help.aliyun.com/document_detail/616229.html.
 */
export const huaweiKind: SimulatorKind<HuaweiSimulator, HuaweiClientCredentials> = {
  defaultRatePerSecond: 6_000,
  hasAuthEndpoint: true,
  async start(keys, context) {
    const kept = await keys.keep(stored, async () => ({
      credentials: {
        appId: `10${randomDigits(7)}`,
        clientId: `1${randomDigits(17)}`,
        // characters that a form must encode, so that whoever does not is found out
        clientSecret: `${randomBytes(30).toString('base64')}+/=&`,
      },
      serviceAccount: await makeServiceAccount(),
    }));
    return {
      simulator: new HuaweiSimulator({ ...context, ...kept }),
      credentials: () => kept.credentials,
    };
  },
};
