import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { randomDigits } from '../random-digits';
import type { SimulatorKind } from '../vendor-simulator';
import { FcmSimulator } from './fcm-simulator';

const serviceAccount = v.object({
  type: v.literal('service_account'),
  project_id: v.string(),
  private_key_id: v.string(),
  private_key: v.string(),
  client_email: v.string(),
  client_id: v.string(),
});

const stored = v.object({ serviceAccount });

type Stored = v.InferOutput<typeof stored>;

/** A service account in the form of Google's download. */
export type ServiceAccount = Stored['serviceAccount'] & {
  readonly auth_uri: string;
  readonly token_uri: string;
};

/** 600,000 requests a minute is FCM's default quota. */
export const fcmKind: SimulatorKind<FcmSimulator, { readonly serviceAccount: ServiceAccount }> = {
  defaultRatePerSecond: 10_000,
  hasAuthEndpoint: true,
  async start(keys, context) {
    const kept = await keys.keep(stored, makeAccount);
    return {
      simulator: new FcmSimulator({ ...context, serviceAccount: kept.serviceAccount }),
      credentials: (url) => ({
        serviceAccount: {
          ...kept.serviceAccount,
          auth_uri: 'https://accounts.google.com/o/oauth2/auth',
          token_uri: `${url}/fcm/token`,
        },
      }),
    };
  },
  // Google's SDK has its own host and paths without a prefix: whoever connects it here finds FCM at the root
  isRootPath: (path) => path.startsWith('/v1/projects/') || path === '/token',
};

async function makeAccount(): Promise<Stored> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const projectId = `simulated-${randomBytes(3).toString('hex')}`;
  return {
    serviceAccount: {
      type: 'service_account',
      project_id: projectId,
      private_key_id: randomBytes(20).toString('hex'),
      private_key: privateKey,
      client_email: `push@${projectId}.iam.gserviceaccount.com`,
      client_id: `1${randomDigits(20)}`,
    },
  };
}
