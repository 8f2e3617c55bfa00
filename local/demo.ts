import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ApiClient } from './api-client';
import { type Connection, signToken, startOneMachine } from './one-machine';

const projectFolder = resolve(import.meta.dirname, '../..');
const dataFolder = process.env['OFFLINE_PUSH_DATA'] ?? resolve(projectFolder, '.offline-push');

type Target = Pick<Connection, 'url' | 'simulatorsUrl' | 'packageName' | 'app'> & {
  close?: () => Promise<void>;
};

interface TrayEntry {
  readonly title: string;
  readonly body: string;
}

/** The stack of `npm start` when it runs, else one of our own in memory. */
async function target(): Promise<Target> {
  try {
    const text = await readFile(resolve(dataFolder, 'connection.json'), 'utf8');
    const connection = JSON.parse(text) as Connection; // written by the running stack
    if ((await fetch(`${connection.url}/health`)).ok) return connection;
  } catch {
    // not running: fall through
  }
  const machine = await startOneMachine({ projectFolder });
  return {
    url: machine.stack.url,
    simulatorsUrl: machine.simulators.url,
    packageName: machine.simulators.packageName,
    app: machine.app,
    close: () => machine.close(),
  };
}

const stack = await target();
const server = new ApiClient(stack.url, await signToken(stack.app, 'server'));
const run = randomUUID().slice(0, 8);
let failures = 0;

const ENGLISH = 'test text message';
const CHINESE = '晚上一起吃火锅吗？🍲😋';

async function trayOf(token: string): Promise<readonly TrayEntry[]> {
  const answer = await fetch(`${stack.simulatorsUrl}/phones/${encodeURIComponent(token)}`);
  return ((await answer.json()) as { tray: TrayEntry[] }).tray;
}

/** Sends one message and waits for what the phone shows, or a moment for it to show nothing. */
async function message(to: string, token: string, body: string, expected: string): Promise<void> {
  const before = (await trayOf(token)).length;
  const answer = (await server.call('POST', '/v1/messages', {
    messageId: randomUUID(),
    type: 'text',
    conversation: { id: `bob-${to}`, type: 'p2p' },
    sender: { accountId: `bob-${run}`, nick: 'Bob' },
    recipients: [to],
    body,
    sentAt: Date.now(),
  })) as { recipients: { devices: { deviceId: string; decision: string; reason: string }[] }[] };
  const devices = answer.recipients.flatMap((recipient) => recipient.devices);
  const pushed = devices.some(({ decision }) => decision === 'push');
  let shown: TrayEntry | undefined;
  for (let waited = 0; waited < (pushed ? 8_000 : 400); waited += 50) {
    await new Promise((done) => setTimeout(done, 50));
    const tray = await trayOf(token);
    if (tray.length > before) {
      shown = tray.at(-1);
      break;
    }
  }
  const reasons = devices.map(({ decision, reason }) => `${decision} (${reason})`).join(', ');
  const right = reasons === expected && (shown !== undefined) === pushed;
  if (!right) failures++;
  console.log(`   ${right ? '✓' : '✗'} decision: ${reasons || 'no device'}`);
  console.log(
    shown ? `     phone shows: [${shown.title}] ${shown.body}` : '     phone shows nothing',
  );
}

async function scene(title: string, act: () => Promise<unknown>): Promise<void> {
  console.log(`\n${title}`);
  await act();
}

async function logIn(
  account: string,
  device: string,
  vendor: string,
  token: string,
): Promise<void> {
  const answer = await server.call('PUT', `/v1/accounts/${account}/devices/${device}`, {
    platform: 'android',
    manufacturer: vendor === 'xiaomi' ? 'Xiaomi' : 'Google',
    googleServices: vendor === 'fcm',
    package: stack.packageName,
    tokens: [{ certificate: vendor, token }],
  });
  const { channel } = answer as { channel: { vendor: string; pushType: number } };
  console.log(`   channel: ${channel.vendor} (push type ${channel.pushType})`);
}

const presence = (account: string, device: string, state: string): Promise<unknown> =>
  server.call('PUT', `/v1/accounts/${account}/devices/${device}/presence`, { state });

try {
  for (const vendor of ['xiaomi', 'fcm'] as const) {
    const alice = `alice-${run}-${vendor}`;
    const carol = `carol-${run}-${vendor}`;
    const token = `${vendor}-token-${run}`;
    console.log(`\n=== A ${vendor === 'xiaomi' ? 'Xiaomi' : 'Google'} phone ===`);
    await scene('Alice logs in', () => logIn(alice, 'phone', vendor, token));
    await scene('The app is in the foreground', async () => {
      await presence(alice, 'phone', 'foreground');
      await message(alice, token, ENGLISH, 'skip (foreground)');
    });
    await scene('It goes to the background, the connection lives', async () => {
      await presence(alice, 'phone', 'background');
      await message(alice, token, ENGLISH, 'skip (connected-in-background)');
    });
    await scene('The user closes the app without logging out', async () => {
      await presence(alice, 'phone', 'disconnected');
      await message(alice, token, ENGLISH, 'push (queued)');
      await message(alice, token, CHINESE, 'push (queued)');
    });
    await scene('Back in the foreground, then the network is lost', async () => {
      await presence(alice, 'phone', 'foreground');
      await presence(alice, 'phone', 'disconnected');
      await message(alice, token, ENGLISH, 'push (queued)');
    });
    await scene('Another login kicks the device', async () => {
      await server.call('DELETE', `/v1/accounts/${alice}/devices/phone/session?reason=kicked`);
      await message(alice, token, ENGLISH, 'skip (kicked)');
    });
    await scene('Alice logs in again, and out', async () => {
      await logIn(alice, 'phone', vendor, token);
      await server.call('DELETE', `/v1/accounts/${alice}/devices/phone/session`);
      await message(alice, token, ENGLISH, 'skip (logged-out)');
    });
    await scene('Carol logs in on the same phone: the token is hers now', async () => {
      await logIn(alice, 'phone', vendor, token);
      await logIn(carol, 'phone', vendor, token);
      await message(alice, token, ENGLISH, 'skip (no-token)');
      await message(carol, token, CHINESE, 'push (queued)');
    });
  }
  console.log(failures === 0 ? '\nAll as it should be.' : `\n${failures} scenes went wrong.`);
} finally {
  await stack.close?.();
}
process.exit(failures === 0 ? 0 : 1);
