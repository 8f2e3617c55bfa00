import type { Lane } from '../../../lib/model/push-job';
import type { Chance } from './timeline';
import type { VendorLimit } from './vendor-limits';

/** A way there and back, in milliseconds. */
export type Trip = (chance: Chance) => { readonly thereMs: number; readonly backMs: number };

/** What is simulated. */
export interface Setting {
  readonly seed: number;
  readonly vendor: VendorLimit;
  /** As configured. */
  readonly limit: number;
  readonly containers: number;
  readonly seconds: number;
  /** Not counted. */
  readonly warmSeconds?: number;
  /** Requests of one invocation. */
  readonly batch?: number | ((container: number) => number);
  /** What was not sent so long after its invocation began goes back to the queue. */
  readonly patienceMs?: number;
  /** Units of one request. */
  readonly weight?: number | ((container: number) => number);
  readonly largestRequest?: number;
  readonly lane?: (container: number) => Lane;
  /** How far wall clocks are from the truth at most. */
  readonly clocksApartMs?: number;
  readonly trip?: Trip;
  /** A container is killed and replaced so often. */
  readonly killEveryMs?: number;
  /** After an invocation: how long until the next, and whether more work was known to wait. */
  readonly gap?: (
    chance: Chance,
    container: number,
  ) => { readonly ms: number; readonly isDone: boolean };
  /** Of so many writes to the table no container hears what became of them. */
  readonly losesAnswers?: number;
  /** The event loop stands still now and then. */
  readonly stalls?: boolean;
  /** Called every simulated second. */
  readonly everySecond?: (second: number, vendor: VendorLimit) => void;
}
