import { LEASE_MS } from '../../lib/rules/lease';
import type { OwnShare } from '../../lib/rules/plan-share';
import { type SeenHolder, type SeenShares, unusedShares } from '../../lib/rules/seen-shares';

/** Of the certificate, as configured. */
export const LIMIT = 100;
export const NOW = 10_000;
export const WALL = 1_000_000;

export function anOwn(own: Partial<OwnShare> = {}): OwnShare {
  return {
    id: 'me',
    limit: LIMIT,
    largestRequest: 1,
    lane: 'direct',
    need: 100,
    held: 0,
    ready: 0,
    retired: 0,
    stored: undefined,
    write: 'w1',
    ...own,
  };
}

export function aHolder(holder: Partial<SeenHolder> = {}): SeenHolder {
  return {
    credits: 100,
    need: 100,
    lane: 'direct',
    until: WALL + LEASE_MS,
    write: 'w0',
    seenAt: NOW,
    ...holder,
  };
}

export function someShares(shares: Partial<SeenShares> = {}): SeenShares {
  return { ...unusedShares(LIMIT), ...shares };
}
