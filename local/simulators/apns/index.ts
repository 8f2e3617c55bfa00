import { generateKeyPair, randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { SimulatorKind } from '../vendor-simulator';
import { ApnsSimulator } from './apns-simulator';

const stored = v.object({ teamId: v.string(), keyId: v.string(), privateKey: v.string() });

/** What a certificate for APNs holds. */
export type ApnsCredentials = v.InferOutput<typeof stored> & {
  /** Bundle id of the app. */
  readonly topic: string;
};

/** Apple publishes no limit for an app. */
export const apnsKind: SimulatorKind<ApnsSimulator, ApnsCredentials> = {
  defaultRatePerSecond: Number.POSITIVE_INFINITY,
  hasAuthEndpoint: false,
  async start(keys, { packageName, ...context }) {
    const key = await keys.keep(stored, makeKey);
    const simulator = await ApnsSimulator.start({ ...context, key, topic: packageName });
    return { simulator, credentials: () => ({ ...key, topic: packageName }) };
  },
};

async function makeKey(): Promise<v.InferOutput<typeof stored>> {
  const { privateKey } = await promisify(generateKeyPair)('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { teamId: tenCharacters(), keyId: tenCharacters(), privateKey };
}

/** Ids of teams and keys are ten upper-case letters and digits. */
function tenCharacters(): string {
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return Array.from({ length: 10 }, () => characters[randomInt(characters.length)]).join('');
}
