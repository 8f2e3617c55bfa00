import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { createHttpClient } from '../lib/http/http-client';
import type { Account } from '../lib/model/account';
import { type App, DEFAULT_APP_SETTINGS } from '../lib/model/app-settings';
import type { MessageEvent } from '../lib/model/message-event';
import { decideRecipient } from '../lib/rules/decide';

/** A bare loop to run in a thread of its own, so that its CPU time is its own. */
export type BaselineTask =
  | { readonly kind: 'evaluate'; readonly bodies: readonly string[]; readonly packageName: string }
  | {
      /** Bare: `node:http`; client: what senders use; fetch: Node's own. */
      readonly kind: 'bare' | 'client' | 'fetch';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly count: number;
    };

export interface BaselineResult {
  readonly cpuMs: number;
}

type Evaluation = Extract<BaselineTask, { kind: 'evaluate' }>;
type Posting = Exclude<BaselineTask, Evaluation>;

const IN_FLIGHT = 20;

/** Parses each body and each account's text, and decides: no validation, no store, no queue. */
async function evaluate({ bodies, packageName }: Evaluation): Promise<void> {
  const app: App = {
    appKey: 'bench',
    settings: DEFAULT_APP_SETTINGS,
    certificates: {
      xiaomi: { name: 'xiaomi', vendor: 'xiaomi', package: packageName, receiptId: 'r' },
    },
  };
  const texts = new Map<string, string>();
  for (const body of bodies) {
    // the bodies are ours, and already what the schema would make of them but for the defaults
    const parsed = JSON.parse(body) as { recipients: string[] } & Omit<MessageEvent, 'recipients'>;
    const now = Date.now();
    const event: MessageEvent = {
      ...parsed,
      expiresAt: now + 86_400_000,
      pushConfig: {
        pushEnabled: true,
        pushNickEnabled: true,
        forcePush: false,
        unreadEnabled: true,
      },
      recipients: parsed.recipients.map((accountId) => ({ accountId })),
    };
    for (const { accountId } of event.recipients) {
      if (texts.has(accountId)) continue;
      texts.set(accountId, JSON.stringify(anAccount(accountId, packageName, now)));
    }
    const decisions = event.recipients.map((recipient) =>
      decideRecipient({
        app,
        heartbeats: new Map(),
        now,
        event,
        recipient,
        account: JSON.parse(texts.get(recipient.accountId) ?? '') as Account,
      }),
    );
    if (!decisions.every(({ devices }) => devices.every(({ push }) => push))) {
      throw new Error('the bare loop decides otherwise than the function');
    }
  }
}

function anAccount(accountId: string, packageName: string, now: number): Account {
  return {
    appKey: 'bench',
    accountId,
    devices: {
      d: {
        deviceId: 'd',
        platform: 'android',
        facts: { manufacturer: 'Xiaomi', package: packageName },
        autoSelectPushType: false,
        session: { state: 'logged-in', at: now },
        presence: {
          connected: false,
          appState: 'background',
          at: now,
          witness: { kind: 'none' },
        },
        pushEnabled: true,
        tokens: { xiaomi: { vendor: 'xiaomi', token: `t-${accountId}`, registeredAt: now } },
      },
    },
  };
}

/** Posts one body again and again and reads each answer. */
async function post(task: Posting): Promise<void> {
  const { one, close } = POSTERS[task.kind](task);
  let left = task.count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      JSON.parse(await one());
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  close();
}

interface Poster {
  one(): Promise<string>;
  close(): void;
}

const POSTERS: Readonly<Record<Posting['kind'], (task: Posting) => Poster>> = {
  bare({ url, headers, body }) {
    const agent = new Agent({ keepAlive: true });
    return {
      one: () =>
        new Promise((resolve, reject) => {
          const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('end', () => resolve(Buffer.concat(parts).toString()));
          });
          sent.on('error', reject);
          sent.end(body);
        }),
      close: () => agent.destroy(),
    };
  },
  client({ url, headers, body }) {
    const client = createHttpClient();
    return {
      async one() {
        const result = await client.send({ method: 'POST', url, headers, body, timeoutMs: 5_000 });
        return result.kind === 'response' ? result.body : '';
      },
      close: () => undefined,
    };
  },
  fetch: ({ url, headers, body }) => ({
    one: async () => (await fetch(url, { method: 'POST', headers, body })).text(),
    close: () => undefined,
  }),
};

async function main(): Promise<void> {
  const task: BaselineTask = workerData; // handed over by measures/cpu.ts
  const run = () => (task.kind === 'evaluate' ? evaluate(task) : post(task));
  await run(); // warm-up
  const before = process.threadCpuUsage();
  await run();
  const { user, system } = process.threadCpuUsage(before);
  const result: BaselineResult = { cpuMs: (user + system) / 1_000 };
  parentPort?.postMessage(result);
}

await main();
