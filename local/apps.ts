import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAppRegistry } from '../lib/aws/app-registry';
import { createAppStore } from '../lib/aws/app-store';
import { createCertificateStore } from '../lib/aws/certificate-store';
import { createDynamoDb, createKms } from '../lib/aws/clients';
import { createEnvelope } from '../lib/aws/envelope';
import { createSecretStore } from '../lib/aws/secret-store';
import type { App, CertificateEntry } from '../lib/model/app-settings';
import type { CertificateStore } from '../lib/model/ports';
import { configureCertificate } from '../lib/usecases/configure-certificate';
import type { Simulators } from './simulators/simulators';
import type { Stack } from './stack';

/** One app with one of its secrets. */
export interface AppCredentials {
  readonly key: string;
  readonly secret: string;
  /** Which of its secrets; its first one if absent. */
  readonly keyId?: string;
}

/** A setting of whoever starts the stack is wrong; the message names it. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** An app that is to be there. */
export interface WantedApp extends AppCredentials {
  /** The variable that says so; absent for the one that was generated. */
  readonly setBy?: string;
}

/** What the first app has come to. */
export interface FirstApp {
  readonly credentials: AppCredentials;
  /** The secret is none of the app's any more. */
  readonly isRevoked: boolean;
}

/** The app generated at the first start on this data. */
export async function generatedApp(dataFolder: string | undefined): Promise<AppCredentials> {
  const made = {
    key: randomBytes(16).toString('hex'),
    secret: randomBytes(32).toString('base64url'),
  };
  if (dataFolder === undefined) return made;
  const file = join(dataFolder, 'app.json');
  try {
    await writeFile(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
    return made;
  } catch {
    const stored: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isCredentials(stored)) throw new Error(`${file} holds no app`);
    return stored;
  }
}

function isCredentials(value: unknown): value is AppCredentials {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    typeof value.key === 'string' &&
    'secret' in value &&
    typeof value.secret === 'string'
  );
}

/**
 * Creates apps that are not there yet, and gives the first one its way to the simulators. Throws a `SettingError` when a
 * variable names another secret than the app has.
 */
export async function prepareApps(
  stack: Stack,
  [wanted, ...others]: readonly [WantedApp, ...WantedApp[]],
  simulators: Simulators,
): Promise<FirstApp> {
  Object.assign(process.env, stack.awsEnvironment);
  const keyId = stack.environmentOf('manage-certificates')['KMS_KEY_ID'] ?? '';
  const settings = stack.tableName('SettingsTable');
  const dynamoDb = createDynamoDb();
  const kms = createKms();
  const envelope = createEnvelope(kms, keyId);
  const registry = createAppRegistry(dynamoDb, settings, envelope);
  const store = createAppStore(dynamoDb, settings);
  const secrets = createSecretStore(dynamoDb, settings, envelope);

  async function prepare({ key, secret, setBy }: WantedApp): Promise<FirstApp> {
    if ((await store.getFresh(key)) === undefined) {
      await registry.create(key, secret);
      return { credentials: { key, secret }, isRevoked: false };
    }
    const [own] = [...(await secrets.secretsOf(key))].find(([, one]) => one === secret) ?? [];
    if (own === undefined && setBy !== undefined) {
      throw new SettingError(
        `${setBy} is no secret of the app ${key} that is kept from an earlier start: set one of its own, or take another key or data folder`,
      );
    }
    const isFirst = own === undefined || own === key;
    return {
      credentials: { key, secret, ...(isFirst ? {} : { keyId: own }) },
      isRevoked: own === undefined,
    };
  }

  try {
    const first = await prepare(wanted);
    for (const other of others) await prepare(other);
    const app = await store.getFresh(wanted.key);
    const certificates = createCertificateStore(dynamoDb, settings, envelope);
    if (app !== undefined) await configureSimulators(app, certificates, simulators, stack.url);
    return first;
  } finally {
    dynamoDb.destroy();
    kms.destroy();
  }
}

/** A certificate named after each vendor stands for its simulator until the owner stores a real one under the name. */
async function configureSimulators(
  { appKey, certificates }: App,
  store: CertificateStore,
  simulators: Simulators,
  apiUrl: string,
): Promise<void> {
  for (const vendor of simulators.vendors) {
    const stored = certificates[vendor];
    if (stored !== undefined && !leadsToSimulator(stored)) continue;
    const authEndpoint = simulators.authEndpoint(vendor);
    const { receiptId } = await configureCertificate(
      {
        name: vendor,
        appKey,
        vendor,
        credentials: { ...simulators.credentials(vendor) },
        package: simulators.packageName,
        endpoint: simulators.endpoint(vendor),
        ...(authEndpoint === undefined ? {} : { authEndpoint }),
      },
      { certificates: store, loopbackAllowed: true },
    );
    simulators.useReceiptAddress(vendor, `${apiUrl}/r/${receiptId}`);
  }
}

/** Of an earlier run too, whose port was another. */
function leadsToSimulator({ endpoint, vendor }: CertificateEntry): boolean {
  if (typeof endpoint !== 'string') return false;
  const { hostname, pathname } = new URL(endpoint);
  return hostname === '127.0.0.1' && [`/${vendor}`, '/'].includes(pathname);
}
