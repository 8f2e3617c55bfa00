import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { type AppCredentials, type FirstApp, generatedApp, prepareApps } from './apps';
import { type Simulators, type SimulatorsOptions, startSimulators } from './simulators/simulators';
import { type Stack, startStack } from './stack';

export type { AppCredentials } from './apps';

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
  /** The app's secrets were changed since it was made: the one in `app` is none of them any more. */
  readonly isAppRevoked: boolean;
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
  const named = options.app && { ...options.app, setBy: 'OFFLINE_PUSH_APP_SECRET' };
  const others = (options.furtherApps ?? []).map((app) => ({ ...app, setBy: 'OFFLINE_PUSH_APPS' }));
  const prepared: { app?: FirstApp } = {};
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
        // who tries a setting out wants to see it
        SETTINGS_KEEP_MS: '250',
        ...options.environment,
        ENDPOINT_HOSTS: 'vendors,loopback',
        ...(publicUrl === undefined ? {} : { PUBLIC_URL: publicUrl }),
      },
      ...(port === undefined ? {} : { port }),
      ...(sqsPort === undefined ? {} : { sqsPort }),
      ...(dataFolder === undefined ? {} : { dataFolder }),
      ...(onLog === undefined ? {} : { onLog }),
      async prepare(standing) {
        const wanted = named ?? (await generatedApp(dataFolder));
        const app = await prepareApps(standing, [wanted, ...others], simulators);
        prepared.app = app;
        if (dataFolder === undefined) return;
        await writeConnection(dataFolder, standing, simulators, app.credentials);
      },
    });
    if (prepared.app === undefined) throw new Error('the apps were not prepared');
    const { credentials: app, isRevoked: isAppRevoked } = prepared.app;
    return { stack, simulators, app, isAppRevoked, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A token as an IM server or an app's own login service would make it. */
export function signToken(
  { key, secret, keyId = key }: AppCredentials,
  scope: 'device' | 'server' | 'admin',
  accountId?: string,
): Promise<string> {
  const jwt = new SignJWT({ scope })
    .setProtectedHeader({ alg: 'HS256', kid: keyId })
    .setExpirationTime('30 days');
  if (accountId !== undefined) jwt.setSubject(accountId);
  return jwt.sign(new TextEncoder().encode(secret));
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
