import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { ApiClient } from '../api-client';
import { type Connection, signToken, startOneMachine } from '../one-machine';
import { phoneOf, type Vendor } from './phones';

const projectFolder = resolve(import.meta.dirname, '../..');
const dataFolder = process.env['OFFLINE_PUSH_DATA'] ?? resolve(projectFolder, '.offline-push');

type Target = Pick<Connection, 'url' | 'simulatorsUrl' | 'app'> & { close?(): Promise<void> };

/** What a message is expected to come to. */
export interface Expected {
  /** Decision and reason. */
  readonly decision: string;
  /** The phone is not to show it although it was pushed. */
  readonly isLost?: boolean;
}

const trayEntries = v.object({
  tray: v.array(v.object({ title: v.string(), body: v.string() })),
});
const loggedIn = v.object({
  channel: v.object({ vendor: v.nullable(v.string()), pushType: v.number() }),
});
const answered = v.object({
  recipients: v.array(
    v.object({ devices: v.array(v.object({ decision: v.string(), reason: v.string() })) }),
  ),
});
const event = v.object({ kind: v.string(), code: v.optional(v.string()) });
const traced = v.object({
  devices: v.array(v.object({ outcomes: v.array(event), receipts: v.array(event) })),
});

const SHOWN_WITHIN_MS = 10_000;
/** A phone that is to show nothing is looked at for so long. */
const QUIET_MS = 400;
const LOOK_AGAIN_MS = 50;

/** Plays scenes against a stack and tells on the console what they come to. */
export class Stage {
  /** Keeps the accounts of one run apart from those of others. */
  readonly run = randomUUID().slice(0, 8);
  /** Scenes that did not come to what they should. */
  failures = 0;
  readonly #target: Target;
  readonly #server: ApiClient;

  private constructor(target: Target, server: ApiClient) {
    this.#target = target;
    this.#server = server;
  }

  /** Over the stack of `npm start` when it runs, else over one of its own in memory. */
  static async open(): Promise<Stage> {
    const target = (await findRunning()) ?? (await startOwn());
    return new Stage(target, new ApiClient(target.url, await signToken(target.app, 'server')));
  }

  async close(): Promise<void> {
    await this.#target.close?.();
  }

  /** A phone logs in with a token. */
  async logIn(vendor: Vendor, account: string, token: string): Promise<void> {
    const answer = await this.#server.call('PUT', `/v1/accounts/${account}/devices/phone`, {
      ...phoneOf(vendor).facts,
      tokens: [{ certificate: vendor, token }],
    });
    const { channel } = v.parse(loggedIn, answer);
    this.#check(
      channel.vendor === vendor,
      `channel: ${channel.vendor} (push type ${channel.pushType})`,
    );
  }

  async presence(account: string, state: 'foreground' | 'background' | 'disconnected') {
    const path = `/v1/accounts/${account}/devices/phone/presence`;
    await this.#server.call('PUT', path, { state });
  }

  /** Ends the session: the user logs out, or another login kicks the phone. */
  async endSession(account: string, how: 'logout' | 'kicked'): Promise<void> {
    const query = how === 'kicked' ? '?reason=kicked' : '';
    await this.#server.call('DELETE', `/v1/accounts/${account}/devices/phone/session${query}`);
  }

  /** Sends one message and waits for what the phone shows, or a moment for it to show nothing; answers its id. */
  async message(
    account: string,
    token: string,
    body: string,
    { decision, isLost = false }: Expected,
  ): Promise<string> {
    const before = (await this.#trayOf(token)).length;
    const messageId = randomUUID();
    const answer = await this.#server.call('POST', '/v1/messages', {
      messageId,
      type: 'text',
      conversation: { id: `bob-${account}`, type: 'p2p' },
      sender: { accountId: `bob-${this.run}`, nick: 'Bob' },
      recipients: [account],
      body,
      sentAt: Date.now(),
    });
    const devices = v.parse(answered, answer).recipients.flatMap((one) => one.devices);
    const reasons = devices.map((one) => `${one.decision} (${one.reason})`).join(', ');
    const isWanted = devices.some((one) => one.decision === 'push') && !isLost;
    const [shown] = await poll(
      async () => (await this.#trayOf(token)).slice(before),
      (news) => news.length > 0,
      isWanted ? SHOWN_WITHIN_MS : QUIET_MS,
    );
    const isRight = reasons === decision && (shown !== undefined) === isWanted;
    this.#check(isRight, `decision: ${reasons || 'no device'}`);
    console.log(
      shown ? `     phone shows: [${shown.title}] ${shown.body}` : '     phone shows nothing',
    );
    return messageId;
  }

  /** What the trace says became of a message, once it says this. */
  async trace(messageId: string, last: string): Promise<void> {
    const words = await poll(
      async () => {
        const told = await this.#server.call('GET', `/v1/messages/${messageId}/trace`);
        return v
          .parse(traced, told)
          .devices.flatMap(({ outcomes, receipts }) => [...outcomes, ...receipts])
          .map(({ kind, code }) => (code === undefined ? kind : `${kind} (${code})`));
      },
      (kinds) => kinds.some((kind) => kind.startsWith(last)),
      SHOWN_WITHIN_MS,
    );
    const isRight = words.some((kind) => kind.startsWith(last));
    this.#check(isRight, `trace: ${['queued', ...words].join(', ')}`);
  }

  #check(isRight: boolean, line: string): void {
    if (!isRight) this.failures += 1;
    console.log(`   ${isRight ? '✓' : '✗'} ${line}`);
  }

  async #trayOf(token: string) {
    const url = `${this.#target.simulatorsUrl}/phones/${encodeURIComponent(token)}`;
    return v.parse(trayEntries, await (await fetch(url)).json()).tray;
  }
}

async function findRunning(): Promise<Target | undefined> {
  try {
    const text = await readFile(resolve(dataFolder, 'connection.json'), 'utf8');
    const connection = JSON.parse(text) as Connection; // written by the running stack
    return (await fetch(`${connection.url}/health`)).ok ? connection : undefined;
  } catch {
    return undefined;
  }
}

async function startOwn(): Promise<Target> {
  const machine = await startOneMachine({ projectFolder });
  return {
    url: machine.stack.url,
    simulatorsUrl: machine.simulators.url,
    app: machine.app,
    close: () => machine.close(),
  };
}

/** Looks again until it is right or the time is up; answers what was seen last. */
async function poll<Seen>(
  look: () => Promise<Seen>,
  isRight: (seen: Seen) => boolean,
  withinMs: number,
): Promise<Seen> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isRight(seen) || performance.now() > deadline) return seen;
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  }
}
