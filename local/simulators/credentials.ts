import { generateKeyPair, randomBytes, randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';

const xiaomiCredentials = v.object({
  appId: v.string(),
  appKey: v.string(),
  appSecret: v.string(),
});

const serviceAccount = v.object({
  type: v.literal('service_account'),
  project_id: v.string(),
  private_key_id: v.string(),
  private_key: v.string(),
  client_email: v.string(),
  client_id: v.string(),
});

const stored = v.object({
  xiaomi: xiaomiCredentials,
  fcm: v.object({ serviceAccount }),
});

/** What the simulated vendors know their customer by, as kept from run to run. */
export type StoredCredentials = v.InferOutput<typeof stored>;

export type XiaomiCredentials = v.InferOutput<typeof xiaomiCredentials>;

/** A service account in the form of Google's download. */
export type ServiceAccount = v.InferOutput<typeof serviceAccount> & {
  readonly auth_uri: string;
  readonly token_uri: string;
};

/** The credentials in the file, made and stored there if there are none; without a file they last one run. */
export async function loadCredentials(keyFile?: string): Promise<StoredCredentials> {
  if (keyFile === undefined) return makeCredentials();
  const known = await readIfThere(keyFile);
  if (known !== undefined) return v.parse(stored, JSON.parse(known));
  const made = await makeCredentials();
  await mkdir(dirname(keyFile), { recursive: true });
  await writeFile(keyFile, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

async function makeCredentials(): Promise<StoredCredentials> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const projectId = `simulated-${randomBytes(3).toString('hex')}`;
  return {
    xiaomi: {
      appId: `28823037615${randomDigits(8)}`,
      appKey: `51${randomDigits(11)}`,
      appSecret: randomBytes(16).toString('base64url'),
    },
    fcm: {
      serviceAccount: {
        type: 'service_account',
        project_id: projectId,
        private_key_id: randomBytes(20).toString('hex'),
        private_key: privateKey,
        client_email: `push@${projectId}.iam.gserviceaccount.com`,
        client_id: `1${randomDigits(20)}`,
      },
    },
  };
}

function randomDigits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
