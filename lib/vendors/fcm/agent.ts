import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientRequest, RequestOptions } from 'node:http';
import { Agent } from 'node:https';
import { connect, Socket } from 'node:net';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../../model/time';
import type { FlowGate, FlowPass } from '../../model/vendor-ports';
import { retryAfterMsOf } from '../outcomes';
import type { WireAnswer } from './protocol';

declare module 'node:https' {
  interface Agent {
    /** Node calls it for each request that uses the agent, before its head is written. */
    addRequest(request: ClientRequest, options: RequestOptions): void;
  }
}

/** More than the senders of one certificate keep in flight, so that a request that has its pass never waits. */
const CONNECTIONS = 256;
/** A connection idle for longer is closed, rather than found dead when a frozen function wakes up. */
const IDLE_MS = 20 * SECOND_MS;
/** A 503 that asks for more is the SDK's last try (firebase-admin 14.5.1, `defaultRetryConfig`). */
const SDK_MAX_WAIT_MS = MINUTE_MS;
/** The sender settles a message at its deadline; only then its request is cut off. */
const KILL_AFTER_MS = 50;

/** One message on its way through the SDK, which may try it several times without telling. */
export class Sending {
  readonly accessToken: string;
  readonly #gate: FlowGate;
  readonly #clock: Clock;
  readonly #deadline: EpochMs;
  readonly #maxWaitMs: number;
  #isHeld = false;
  #tries = 0;
  #answer: WireAnswer | undefined;
  #giveUp: () => void = () => undefined;
  /** Resolves when no try can bring an answer any more, though the SDK would still wait. */
  readonly givenUp = new Promise<void>((resolve) => {
    this.#giveUp = resolve;
  });

  constructor(options: {
    readonly accessToken: string;
    readonly gate: FlowGate;
    readonly clock: Clock;
    readonly deadline: EpochMs;
    readonly maxWaitMs: number;
  }) {
    this.accessToken = options.accessToken;
    this.#gate = options.gate;
    this.#clock = options.clock;
    this.#deadline = options.deadline;
    this.#maxWaitMs = options.maxWaitMs;
  }

  /** Nothing was sent, for want of a pass or of time. */
  get isHeld(): boolean {
    return this.#tries === 0 && this.#isHeld;
  }

  /** Some try has left. */
  get hasBegun(): boolean {
    return this.#tries > 0;
  }

  get answer(): WireAnswer | undefined {
    return this.#answer;
  }

  get leftMs(): number {
    return this.#deadline - this.#clock.now();
  }

  /** A pass for one try; undefined when none is had in time or the message's time is over. */
  async enter(): Promise<FlowPass | undefined> {
    if (this.leftMs <= 0) {
      this.#isHeld = true;
      return undefined;
    }
    const waitMs = Math.min(this.#maxWaitMs, this.leftMs);
    // a limiter out of order is no reason to send without it, and none to forget what became of other tokens
    const pass = await this.#gate.enter(1, waitMs).catch(() => undefined);
    if (pass === undefined) {
      this.#isHeld = true;
      return undefined;
    }
    if (this.leftMs <= 0) {
      pass.leave();
      this.#isHeld = true;
      return undefined;
    }
    this.#tries += 1;
    this.#answer = undefined;
    return pass;
  }

  /** Notes an answer. The SDK waits up to a minute if a 503 tells it to, which is longer than we can. */
  answered(answer: WireAnswer): void {
    this.#answer = answer;
    const waitMs = retryAfterMsOf(answer.retryAfter, this.#clock.now()) ?? 0;
    if (answer.status === 503 && waitMs >= this.leftMs && waitMs <= SDK_MAX_WAIT_MS) {
      this.#giveUp();
    }
  }
}

const current = new AsyncLocalStorage<Sending>();

/** Runs the SDK for one message; every request it makes within is accounted to it. */
export function within<T>(sending: Sending, run: () => Promise<T>): Promise<T> {
  return current.run(sending, run);
}

/** The message whose turn it is. */
export function currentSending(): Sending | undefined {
  return current.getStore();
}

/**
 * The SDK's way out. Its host is fixed, and it repeats requests on its own; so every request, hidden repeats included, is led to
 * the certificate's endpoint, waits for a pass, and is refused once its message's time is over.
 */
export class FcmAgent extends Agent {
  readonly #endpoint: URL;

  constructor(endpoint: string) {
    super({ keepAlive: true, maxSockets: CONNECTIONS, timeout: IDLE_MS });
    this.#endpoint = new URL(endpoint);
  }

  override addRequest(request: ClientRequest, options: RequestOptions): void {
    const { protocol, host, hostname, port, pathname } = this.#endpoint;
    request.setHeader('Host', host);
    request.path = pathname.replace(/\/+$/, '') + request.path;
    const target = { host: hostname, port: port || (protocol === 'http:' ? '80' : '443') };
    const sending = current.getStore();
    const go = (pass: FlowPass | undefined) => {
      if (sending === undefined || pass === undefined || request.destroyed) {
        pass?.leave();
        refuse(request);
        return;
      }
      const killMs = sending.leftMs + KILL_AFTER_MS;
      const timer = setTimeout(() => request.destroy(new Error('deadline')), killMs);
      let isIn = true;
      const leave = () => {
        clearTimeout(timer);
        if (isIn) {
          isIn = false;
          pass.leave();
        }
      };
      request.once('response', (response) => {
        const { statusCode = 0, headers } = response;
        const retryAfter = headers['retry-after'];
        sending.answered({
          status: statusCode,
          ...(retryAfter === undefined ? {} : { retryAfter }),
        });
        response.once('end', leave);
      });
      request.once('close', leave);
      super.addRequest(request, { ...options, ...target });
    };
    void (sending?.enter() ?? Promise.resolve(undefined)).then(go);
  }

  override createConnection(
    ...[options, callback]: Parameters<Agent['createConnection']>
  ): ReturnType<Agent['createConnection']> {
    return this.#endpoint.protocol === 'http:'
      ? connect(Number(options.port), options.host ?? '127.0.0.1')
      : super.createConnection(options, callback);
  }
}

/** Ends a request that gets no connection. It learns of its end only when it is handed a socket. */
function refuse(request: ClientRequest): void {
  request.destroy(new Error('refused'));
  request.onSocket(new Socket());
}
