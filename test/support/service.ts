import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { ApiClient } from '../../local/api-client';
import {
  type AppCredentials,
  type OneMachine,
  signToken,
  startOneMachine,
} from '../../local/one-machine';

/** The packaged service on this machine, with clients for its callers. */
export interface Service {
  readonly machine: OneMachine;
  readonly logs: readonly string[];
  readonly server: ApiClient;
  readonly admin: ApiClient;
  readonly otherApp: AppCredentials;
  as(
    scope: 'device' | 'server' | 'admin',
    accountId?: string,
    app?: AppCredentials,
  ): Promise<ApiClient>;
  close(): Promise<void>;
}

export async function startService(
  options: Partial<Parameters<typeof startOneMachine>[0]> = {},
): Promise<Service> {
  const logs: string[] = [];
  const otherApp = { key: 'other-app', secret: 'another secret of 32 characters…' };
  const machine = await startOneMachine({
    projectFolder: resolve(import.meta.dirname, '../..'),
    furtherApps: [otherApp],
    onLog: (_name, line) => logs.push(line),
    ...options,
  });
  const as: Service['as'] = async (scope, accountId, app = machine.app) =>
    new ApiClient(machine.stack.url, await signToken(app, scope, accountId));
  return {
    machine,
    logs,
    otherApp,
    as,
    server: await as('server'),
    admin: await as('admin'),
    close: () => machine.close(),
  };
}

/** A registration of a Xiaomi phone. */
export function xiaomiPhone(token: string) {
  return {
    platform: 'android',
    manufacturer: 'Xiaomi',
    package: 'com.example.chat',
    tokens: [{ certificate: 'xiaomi', token }],
  };
}

/** A message event to these recipients. */
export function aMessage(recipients: readonly unknown[], changes: Record<string, unknown> = {}) {
  return {
    messageId: randomUUID(),
    type: 'text',
    conversation: { id: 'c-1', type: 'p2p' },
    sender: { accountId: 'bob', nick: 'Bob' },
    recipients,
    body: 'test text message',
    sentAt: Date.now(),
    ...changes,
  };
}

/** Asks again until the answer is right; the last answer is left to the caller's own expectation. */
export async function until<Found>(
  look: () => Promise<Found> | Found,
  right: (found: Found) => boolean,
  withinMs = 10_000,
): Promise<Found> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (right(found) || Date.now() > deadline) return found;
    await new Promise((done) => setTimeout(done, 40));
  }
}
