import type { EpochMs } from '../model/time';
import { WINDOW_MS } from './credit-pool';

/** At most this share of the credits is taken out in one episode, which lasts a little longer than a window. */
const RETIRED_SHARE = 0.25;
const EPISODE_MS = 1.3 * WINDOW_MS;
/** A run of refusals means that the vendor counts refused requests as well: only silence helps then. */
const RUN_OF_REFUSALS = 6;
const FORGOTTEN_PER_ANSWER = 0.9;
const SILENCE_MS = 1.2 * WINDOW_MS;
/** However much is refused, so much of the limit stays in use, or nobody would learn that it is over. */
const LEAST_SHARE = 0.05;

/** What a container makes of the vendor's refusals. Times are its own monotonic milliseconds. */
export interface Refusals {
  /** How many of `units` refused credits are to be taken out, of those it holds. */
  refused(units: number, held: number, now: EpochMs): number;
  answered(): void;
  /** Nothing is sent before then. */
  readonly silentUntil: EpochMs;
}

export function createRefusals(): Refusals {
  let run = 0;
  let silentUntil = Number.NEGATIVE_INFINITY;
  let episodeAt = Number.NEGATIVE_INFINITY;
  let left = 0;
  return {
    refused(units, held, now) {
      run += units;
      if (run > RUN_OF_REFUSALS && now > silentUntil) {
        silentUntil = now + SILENCE_MS;
        run = 0;
      }
      if (now - episodeAt > EPISODE_MS) {
        episodeAt = now;
        left = Math.max(1, Math.ceil(held * RETIRED_SHARE));
      }
      const floor = Math.max(1, Math.ceil(held * LEAST_SHARE));
      const retired = Math.max(0, Math.min(units, left, held - floor));
      left -= retired;
      return retired;
    },
    answered() {
      run *= FORGOTTEN_PER_ANSWER;
    },
    get silentUntil() {
      return silentUntil;
    },
  };
}
