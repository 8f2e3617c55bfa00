import type { Holder, ShareChange, Shares } from '../../../lib/model/shares';
import { unusedShares } from '../../../lib/rules/seen-shares';

/** What the table makes of a write: the shares after it, or undefined where a condition of it is not met. */
export function applyChange(
  stored: Shares | undefined,
  change: ShareChange,
  limit: number,
): Shares | undefined {
  const shares: Shares = stored ?? unusedShares(limit);
  const isAsSeen = (id: string, seen: Holder | undefined): boolean =>
    shares.holders.get(id)?.write === seen?.write;
  const isMet =
    isAsSeen(change.id, change.before) &&
    [...change.others].every(([id, { from }]) => isAsSeen(id, from)) &&
    (change.free >= 0 || change.limit !== undefined || shares.free + change.free >= 0) &&
    (change.climb === undefined || shares.climb.changedAt === change.climb.from.changedAt) &&
    (change.limit === undefined ||
      (shares.limit === change.limit.from && shares.cut === change.limit.cutFrom));
  if (!isMet) return undefined;
  const holders = new Map(shares.holders);
  for (const [id, { to }] of change.others) {
    if (to === undefined) holders.delete(id);
    else holders.set(id, to);
  }
  if (change.after === undefined) holders.delete(change.id);
  else holders.set(change.id, change.after);
  return {
    ...shares,
    limit: change.limit?.to ?? shares.limit,
    limitAt: change.limit?.at ?? shares.limitAt,
    cut: shares.cut + change.cut,
    climb: change.climb?.to ?? shares.climb,
    free: shares.free + change.free,
    holders,
  };
}
