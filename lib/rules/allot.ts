import type { Lane } from '../model/push-job';
import type { EpochMs } from '../model/time';

/** Groups get at least this share of the limit, however many calls and 1-to-1 messages there are. */
const LEAST_BULK_SHARE = 0.1;
/** Where the limit is too small for both, calls and groups take turns of so long. */
const TURN_MS = 4_000;

/** Of a limit of at least so many credits, some are kept free for a call or a 1-to-1 message that comes up. */
const LEAST_TO_KEEP = 20;
/** Kept while somebody sends such messages, and while nobody does. */
const KEPT_SHARE = { busy: 0.02, quiet: 0.005 };
/** Where one request may count a larger share of the limit than this, keeping some free for nobody would cost a whole request. */
const LARGE_REQUEST_SHARE = 0.05;

/** A container with something to send. */
export interface Claimant {
  readonly id: string;
  readonly lane: Lane;
  readonly need: number;
  /** What it holds now. */
  readonly credits: number;
}

/**
 * How many of `total` credits each container should hold: calls and 1-to-1 before groups, and within either whoever needs least is
 * served first, the others alike. For groups a container gets enough for a whole request or nothing: where that is not enough for
 * all, those that hold most keep theirs.
 */
export function allot(
  total: number,
  claimants: readonly Claimant[],
  largestRequest: number,
  now: EpochMs,
): ReadonlyMap<string, number> {
  const of = (lane: Lane) => claimants.filter((one) => one.lane === lane && one.need > 0);
  const [direct, bulk] = [of('direct'), of('bulk')];
  const needed = (some: readonly Claimant[]) => some.reduce((sum, { need }) => sum + need, 0);
  const leastBulk = Math.min(
    needed(bulk),
    Math.max(Math.ceil(total * LEAST_BULK_SHARE), Math.min(largestRequest, total)),
  );
  const isTooSmallForBoth = direct.length > 0 && bulk.length > 0 && total <= leastBulk;
  if (isTooSmallForBoth) {
    const isTheirTurn = Math.floor(now / TURN_MS) % 2 === 0;
    return isTheirTurn ? fill(total, direct, 1) : fill(total, bulk, largestRequest);
  }
  const forDirect = fill(Math.min(needed(direct), total - leastBulk), direct, 1);
  const given = [...forDirect.values()].reduce((sum, credits) => sum + credits, 0);
  const isAllServed = given >= needed(direct);
  const kept = isAllServed ? keptForDirect(total, claimants, largestRequest) : 0;
  const left = Math.max(total - given - kept, Math.min(leastBulk, total - given));
  return new Map([...forDirect, ...fill(left, bulk, largestRequest)]);
}

/** Credits that groups leave free, so that the next call or 1-to-1 message does not wait until they give some up. */
export function keptForDirect(
  total: number,
  claimants: readonly Pick<Claimant, 'lane'>[],
  largestRequest: number,
): number {
  if (total < LEAST_TO_KEEP) return 0;
  if (claimants.some(({ lane }) => lane === 'direct')) return Math.ceil(total * KEPT_SHARE.busy);
  const isLarge = largestRequest > total * LARGE_REQUEST_SHARE;
  return isLarge ? 0 : Math.ceil(total * KEPT_SHARE.quiet);
}

/** Each in turn gets enough for one request (all there is, if that is less), while there is some; what is left goes to those who need more, the least needy first. */
function fill(
  total: number,
  claimants: readonly Claimant[],
  largestRequest: number,
): ReadonlyMap<string, number> {
  let left = total;
  const served = claimants.toSorted(byCredits).flatMap((claimant) => {
    const least = Math.min(claimant.need, largestRequest, total);
    if (least > left) return [];
    left -= least;
    return [{ ...claimant, least }];
  });
  const shares = new Map<string, number>();
  let waiting = served.length;
  for (const { id, need, least } of served.toSorted((one, other) => one.need - other.need)) {
    const more = Math.min(need - least, Math.ceil(left / waiting));
    shares.set(id, least + more);
    left -= more;
    waiting -= 1;
  }
  return shares;
}

function byCredits(one: Claimant, other: Claimant): number {
  return other.credits - one.credits || (one.id < other.id ? -1 : 1);
}
