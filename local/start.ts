import { resolve } from 'node:path';
import { type AppCredentials, signToken, startOneMachine } from './one-machine';

const projectFolder = resolve(import.meta.dirname, '../..');
const { env } = process;

const dataSetting = env['OFFLINE_PUSH_DATA'] ?? resolve(projectFolder, '.offline-push');
const firstKey = env['OFFLINE_PUSH_APP_KEY'];
const firstSecret = env['OFFLINE_PUSH_APP_SECRET'];

/** `key:secret,key:secret` */
function furtherApps(text: string | undefined): AppCredentials[] {
  return (text ?? '').split(',').flatMap((pair) => {
    if (pair.trim() === '') return [];
    const [, key, secret] = /^\s*([^:]+):(.+?)\s*$/.exec(pair) ?? [];
    if (key === undefined || secret === undefined)
      throw new Error('OFFLINE_PUSH_APPS must be key:secret,…');
    return [{ key, secret }];
  });
}

function portIn(name: string, fallback: number | undefined): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${name} must be a port`);
  return port;
}

const port = portIn('PORT', 3000);
const sqsPort = portIn('OFFLINE_PUSH_SQS_PORT', undefined);
const publicUrl = env['OFFLINE_PUSH_PUBLIC_URL'];
const started = performance.now();
const machine = await startOneMachine({
  projectFolder,
  ...(port === undefined ? {} : { port }),
  ...(sqsPort === undefined ? {} : { sqsPort }),
  ...(publicUrl === undefined ? {} : { publicUrl }),
  ...(dataSetting === ':memory:' ? {} : { dataFolder: dataSetting }),
  ...(firstKey && firstSecret ? { app: { key: firstKey, secret: firstSecret } } : {}),
  furtherApps: furtherApps(env['OFFLINE_PUSH_APPS']),
});
const { stack, simulators, app } = machine;
const server = await signToken(app, 'server');
const admin = await signToken(app, 'admin');
const now = Date.now();

console.log(`Offline Push is ready after ${((performance.now() - started) / 1000).toFixed(1)} s.

API            ${stack.url}
App key        ${app.key}
App secret     ${app.secret}
Server token   ${server}
Admin token    ${admin}
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
