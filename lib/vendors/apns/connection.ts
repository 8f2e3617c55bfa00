import { type EpochMs, SECOND_MS } from '../../model/time';
import { Session, type StreamRequest, type StreamResult } from './session';

/** After so long without a word from Apple the socket may be dead: a frozen function does not see it close. */
const PAUSE_MS = 10 * SECOND_MS;
/** Apple takes rapid reconnecting for an attack, so after a failure nobody tries for a while. */
const REST_MS = SECOND_MS;

/** The connection of one certificate to one host: a session that is opened when needed and kept between invocations. */
export class Connection {
  readonly #origin: string;
  #session: Session | undefined;
  #preparing: Promise<Session | string> | undefined;
  /** When the other side last answered; 0 when it is in doubt. */
  #heardAt: EpochMs = 0;
  #failure: { readonly code: string; readonly at: number } | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** The session to send on: the kept one, or a new one. A code when none can be had; one asks, however many wait. */
  ready(now: EpochMs): Session | Promise<Session | string> {
    if (this.#session?.isOpen && now - this.#heardAt < PAUSE_MS) {
      return this.#session;
    }
    this.#preparing ??= this.#prepare(now).finally(() => {
      this.#preparing = undefined;
    });
    return this.#preparing;
  }

  /** Sends a request in a stream that was entered. */
  async request(session: Session, request: StreamRequest, now: EpochMs): Promise<StreamResult> {
    const result = await session.request(request);
    if (session === this.#session) {
      if (result.kind === 'response') this.#heardAt = Math.max(this.#heardAt, now);
      // to be pinged before it is used again
      if (result.kind === 'failed' && result.code === 'timeout') this.#heardAt = 0;
    }
    return result;
  }

  /** No further request goes out on the session; those under way end as they may. */
  retire(session = this.#session): void {
    session?.close();
    if (session === this.#session) this.#session = undefined;
  }

  async #prepare(now: EpochMs): Promise<Session | string> {
    if (this.#session?.isOpen) {
      if (await this.#session.answersPing()) {
        this.#heardAt = now;
        return this.#session;
      }
      this.#session.destroy();
    }
    if (this.#failure !== undefined && performance.now() - this.#failure.at < REST_MS) {
      return this.#failure.code;
    }
    const opened = await Session.open(this.#origin);
    if (typeof opened === 'string') {
      this.#failure = { code: opened, at: performance.now() };
    } else {
      this.#session = opened;
      this.#heardAt = now;
    }
    return opened;
  }
}
