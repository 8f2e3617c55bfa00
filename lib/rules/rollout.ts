import type { AppSettings } from '../model/app-settings';

/**
 * Whether pushes to an account are really sent: all when `live`, none in `shadow`, those of a part of the accounts as a
 * `canary`. An account that is in at some percentage is in at every higher one.
 */
export function isSentFor(
  accountId: string,
  { mode, canaryPercent }: Pick<AppSettings, 'mode' | 'canaryPercent'>,
): boolean {
  switch (mode) {
    case 'live':
      return true;
    case 'shadow':
      return false;
    case 'canary':
      return placeOf(accountId) < canaryPercent;
  }
}

/** 0..99, much the same for a hundredth of all accounts each: FNV-1a over the id. */
function placeOf(accountId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < accountId.length; index++) {
    hash = Math.imul(hash ^ accountId.charCodeAt(index), 0x01000193);
  }
  // the low bits of similar ids are alike, the high ones are not
  return ((hash >>> 0) / 2 ** 32) * 100;
}
