import type { Holder, Shares } from '../model/shares';
import type { EpochMs } from '../model/time';
import { START } from './climb';

/** A share with the monotonic time at which this container first saw it so. */
export interface SeenHolder extends Holder {
  readonly seenAt: EpochMs;
}

/** The shares as one container sees them. */
export interface SeenShares extends Omit<Shares, 'holders'> {
  readonly holders: ReadonlyMap<string, SeenHolder>;
}

/** Shares of a certificate that nobody has used lately. */
export function unusedShares(limit: number): SeenShares {
  return { limit, limitAt: 0, cut: 0, climb: START, free: limit, holders: new Map() };
}

/** Notes when each share was first seen as it is; what has not changed since `before` keeps its time. */
export function asSeen(shares: Shares, before: SeenShares | undefined, now: EpochMs): SeenShares {
  const holders = [...shares.holders].map(([id, holder]): [string, SeenHolder] => {
    const known = before?.holders.get(id);
    return [id, known?.write === holder.write ? known : { ...holder, seenAt: now }];
  });
  return { ...shares, holders: new Map(holders) };
}
