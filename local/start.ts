import { resolve } from 'node:path';
import { APP_KEY } from '../lib/model/app-settings';
import { type AppCredentials, SettingError } from './apps';
import { type OneMachine, signToken, startOneMachine } from './one-machine';

const projectFolder = resolve(import.meta.dirname, '../..');
const { env } = process;

const dataSetting = env['OFFLINE_PUSH_DATA'] ?? resolve(projectFolder, '.offline-push');

/** Both or neither. */
function firstApp(): AppCredentials | undefined {
  const key = env['OFFLINE_PUSH_APP_KEY'] ?? '';
  const secret = env['OFFLINE_PUSH_APP_SECRET'] ?? '';
  if (key === '' && secret === '') return undefined;
  if (key === '' || secret === '') {
    throw new SettingError('set OFFLINE_PUSH_APP_KEY and OFFLINE_PUSH_APP_SECRET, or neither');
  }
  return checked('OFFLINE_PUSH_APP_KEY', { key, secret });
}

/** `key:secret,key:secret` */
function furtherApps(): AppCredentials[] {
  return (env['OFFLINE_PUSH_APPS'] ?? '').split(',').flatMap((pair) => {
    if (pair.trim() === '') return [];
    const [, key, secret] = /^\s*([^:]+):(.+?)\s*$/.exec(pair) ?? [];
    if (key === undefined || secret === undefined) {
      throw new SettingError('OFFLINE_PUSH_APPS must be key:secret,…');
    }
    return [checked('OFFLINE_PUSH_APPS', { key, secret })];
  });
}

/** Nobody could ever sign a token for another key. */
function checked(name: string, app: AppCredentials): AppCredentials {
  if (APP_KEY.test(app.key)) return app;
  throw new SettingError(`${name}: an app key has 1 to 64 characters of A-Z a-z 0-9 _ -`);
}

function portIn(name: string, fallback: number | undefined): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new SettingError(`${name} must be a port`);
  return port;
}

async function start(): Promise<OneMachine> {
  const port = portIn('PORT', 3000);
  const sqsPort = portIn('OFFLINE_PUSH_SQS_PORT', undefined);
  const publicUrl = env['OFFLINE_PUSH_PUBLIC_URL'];
  const app = firstApp();
  return startOneMachine({
    projectFolder,
    ...(port === undefined ? {} : { port }),
    ...(sqsPort === undefined ? {} : { sqsPort }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(dataSetting === ':memory:' ? {} : { dataFolder: dataSetting }),
    ...(app === undefined ? {} : { app }),
    furtherApps: furtherApps(),
  });
}

const started = performance.now();
const machine = await start().catch((error: unknown) => {
  console.error(error instanceof SettingError ? error.message : error);
  process.exit(1);
});
const { stack, simulators, app, isAppRevoked } = machine;
const server = isAppRevoked ? '<a server token>' : await signToken(app, 'server');
const secrets = isAppRevoked
  ? 'App secret     changed with npm run app since it was made: sign tokens with the new one'
  : `Key id         ${app.keyId ?? app.key}
App secret     ${app.secret}
Server token   ${server}
Admin token    ${await signToken(app, 'admin')}`;
const now = Date.now();

console.log(`Offline Push is ready after ${((performance.now() - started) / 1000).toFixed(1)} s.

API            ${stack.url}
App key        ${app.key}
${secrets}
Message queue  ${stack.queueUrl('MessageEventsQueue')}
Simulators     ${simulators.url} (a phone: ${simulators.url}/phones/<token>)
Data           ${dataSetting}

A push arriving, in three calls:

1. A phone logs in with its Xiaomi token:
curl -s -X PUT ${stack.url}/v1/accounts/alice/devices/mi-14 -H 'authorization: Bearer ${server}' -H 'content-type: application/json' -d '{"platform":"android","manufacturer":"Xiaomi","package":"${simulators.packageName}","tokens":[{"certificate":"xiaomi","token":"reg-alice-1"}]}'

2. Somebody writes to its user, who is not connected:
curl -s -X POST ${stack.url}/v1/messages -H 'authorization: Bearer ${server}' -H 'content-type: application/json' -d '{"messageId":"m-${now}","type":"text","conversation":{"id":"alice-bob","type":"p2p"},"sender":{"accountId":"bob","nick":"Bob"},"recipients":["alice"],"body":"test text message","sentAt":${now}}'

3. The phone shows it:
curl -s ${simulators.url}/phones/reg-alice-1

Ctrl-C stops everything.`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    machine.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
