import * as v from 'valibot';
import { huaweiServiceAccount, makeServiceAccount } from '../huawei/service-account';
import { randomDigits } from '../random-digits';
import type { SimulatorKind } from '../vendor-simulator';
import { type HarmonyCredentials, HarmonySimulator } from './harmony-simulator';

const stored = v.object({
  projectId: v.string(),
  clientId: v.string(),
  serviceAccount: huaweiServiceAccount,
});

/** 6,000 devices a second, the least an app has on Android; the console tells an app's own limit. */
export const harmonyKind: SimulatorKind<HarmonySimulator, HarmonyCredentials> = {
  defaultRatePerSecond: 6_000,
  hasAuthEndpoint: false,
  async start(keys, context) {
    const credentials = await keys.keep(stored, async () => {
      const serviceAccount = await makeServiceAccount();
      const clientId = `1${randomDigits(17)}`;
      return { projectId: serviceAccount.project_id, clientId, serviceAccount };
    });
    return {
      simulator: new HarmonySimulator({ ...context, credentials }),
      credentials: () => credentials,
    };
  },
};
