import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { createAppRegistry } from '../lib/aws/app-registry';
import { createAppStore } from '../lib/aws/app-store';
import { createCertificateStore } from '../lib/aws/certificate-store';
import { createDynamoDb, createKms } from '../lib/aws/clients';
import { createEnvelope } from '../lib/aws/envelope';
import type { App, CertificateEntry } from '../lib/model/app-settings';
import type { CertificateStore } from '../lib/model/ports';
import { configureCertificate } from '../lib/usecases/configure-certificate';
import { type Simulators, type SimulatorsOptions, startSimulators } from './simulators/simulators';
import { type Stack, startStack } from './stack';

/** One app with the first of its secrets. */
export interface AppCredentials {
  readonly key: string;
  readonly secret: string;
}

export interface OneMachineOptions {
  /** The project's folder, with `.serverless` and `dist` in it. */
  readonly projectFolder: string;
  readonly port?: number;
  readonly sqsPort?: number;
  /** Absent: nothing is kept. */
  readonly dataFolder?: string;
  readonly publicUrl?: string;
  /** The first app; generated once when absent. */
  readonly app?: AppCredentials;
  readonly furtherApps?: readonly AppCredentials[];
  readonly simulatorRates?: NonNullable<SimulatorsOptions['ratePerSecond']>;
  /** Variables every function gets besides. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLog?: (functionName: string, line: string) => void;
}

/** How to reach a running stack; kept in its data folder. */
export interface Connection {
  readonly url: string;
  readonly simulatorsUrl: string;
  readonly packageName: string;
  readonly app: AppCredentials;
  readonly environment: Readonly<Record<string, string>>;
  readonly settingsTable: string;
  readonly keyId: string;
}

/** The whole service on one machine, with vendor simulators behind it. */
export interface OneMachine {
  readonly stack: Stack;
  readonly simulators: Simulators;
  readonly app: AppCredentials;
  close(): Promise<void>;
}

/** Starts the packaged service and its simulators; creates the apps, and certificates that point at the simulators. */
export async function startOneMachine(options: OneMachineOptions): Promise<OneMachine> {
  const { projectFolder, dataFolder, port, sqsPort, publicUrl, onLog } = options;
  if (dataFolder !== undefined) await mkdir(dataFolder, { recursive: true });
  const simulators = await startSimulators({
    ...(dataFolder === undefined ? {} : { keyFile: join(dataFolder, 'simulators.json') }),
    ...(options.simulatorRates === undefined ? {} : { ratePerSecond: options.simulatorRates }),
  });
  let stack: Stack | undefined;
  const close = async () => {
    await stack?.close();
    await simulators.close();
  };
  try {
    stack = await startStack({
      templateFile: join(projectFolder, '.serverless/cloudformation-template-update-stack.json'),
      distFolder: projectFolder,
      environment: {
        ...options.environment,
        ENDPOINT_HOSTS: 'vendors,loopback',
        ...(publicUrl === undefined ? {} : { PUBLIC_URL: publicUrl }),
      },
      ...(port === undefined ? {} : { port }),
      ...(sqsPort === undefined ? {} : { sqsPort }),
      ...(dataFolder === undefined ? {} : { dataFolder }),
      ...(onLog === undefined ? {} : { onLog }),
    });
    const app = options.app ?? (await firstApp(dataFolder));
    await prepareApps(stack, [app, ...(options.furtherApps ?? [])], simulators);
    if (dataFolder !== undefined) await writeConnection(dataFolder, stack, simulators, app);
    return { stack, simulators, app, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A token as an IM server or an app's own login service would make it. */
export function signToken(
  { key, secret }: AppCredentials,
  scope: 'device' | 'server' | 'admin',
  accountId?: string,
): Promise<string> {
  const jwt = new SignJWT({ scope })
    .setProtectedHeader({ alg: 'HS256', kid: key })
    .setExpirationTime('30 days');
  if (accountId !== undefined) jwt.setSubject(accountId);
  return jwt.sign(new TextEncoder().encode(secret));
}

async function firstApp(dataFolder: string | undefined): Promise<AppCredentials> {
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

/** Creates apps that are not there yet, and gives the first one its way to the simulators. */
async function prepareApps(
  stack: Stack,
  apps: readonly [AppCredentials, ...AppCredentials[]],
  simulators: Simulators,
): Promise<void> {
  Object.assign(process.env, stack.awsEnvironment);
  const keyId = stack.environmentOf('manage-certificates')['KMS_KEY_ID'] ?? '';
  const settings = stack.tableName('SettingsTable');
  const dynamoDb = createDynamoDb();
  const kms = createKms();
  const envelope = createEnvelope(kms, keyId);
  try {
    const registry = createAppRegistry(dynamoDb, settings, envelope);
    const store = createAppStore(dynamoDb, settings);
    for (const { key, secret } of apps) {
      if ((await store.getFresh(key)) === undefined) await registry.create(key, secret);
    }
    const first = await store.getFresh(apps[0].key);
    const certificates = createCertificateStore(dynamoDb, settings, envelope);
    if (first !== undefined) await configureSimulators(first, certificates, simulators, stack.url);
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

/** What `npm run app` and `npm run demo` need to reach this stack. */
async function writeConnection(
  dataFolder: string,
  stack: Stack,
  simulators: Simulators,
  app: AppCredentials,
): Promise<void> {
  const connection: Connection = {
    url: stack.url,
    simulatorsUrl: simulators.url,
    packageName: simulators.packageName,
    app,
    environment: stack.awsEnvironment,
    settingsTable: stack.tableName('SettingsTable'),
    keyId: stack.environmentOf('manage-certificates')['KMS_KEY_ID'] ?? '',
  };
  await writeFile(join(dataFolder, 'connection.json'), JSON.stringify(connection), { mode: 0o600 });
}
