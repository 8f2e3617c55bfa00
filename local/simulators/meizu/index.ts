import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { randomDigits } from '../random-digits';
import type { SimulatorKind } from '../vendor-simulator';
import { MeizuSimulator } from './meizu-simulator';

const stored = v.object({ appId: v.string(), appSecret: v.string(), receiptToken: v.string() });

/** What a certificate for Meizu holds. */
export type MeizuCredentials = Readonly<Record<'appId' | 'appSecret', string>>;

/** 200 requests a second is what Alibaba Cloud's EMAS document says Meizu grants without being asked for more. */
export const meizuKind: SimulatorKind<MeizuSimulator, MeizuCredentials> = {
  defaultRatePerSecond: 200,
  hasAuthEndpoint: false,
  async start(keys, context) {
    const { receiptToken, ...app } = await keys.keep(stored, () => ({
      appId: `1${randomDigits(5)}`,
      appSecret: randomBytes(16).toString('hex'),
      receiptToken: randomBytes(16).toString('hex'),
    }));
    return {
      simulator: new MeizuSimulator({ ...context, app, receiptToken }),
      credentials: () => app,
    };
  },
};
