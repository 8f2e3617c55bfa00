/** What became of one certificate's tokens lately. */
export interface TokenFates {
  readonly accepted: number;
  readonly invalid: number;
}

/** So many tokens an hour may be forgotten on a vendor's word alone, whatever else is going on. */
export const FORGETTABLE_PER_HOUR = 50;

/** With fewer accepted than this share, "invalid" more likely means a wrong setting than so many dead phones. */
const LEAST_ACCEPTED_SHARE = 0.2;

/** Outcomes looked at: enough to tell a share, few enough to notice a change within minutes. */
export const RECENT_FATES = 200;

/**
 * Whether a vendor that calls tokens invalid is to be doubted: nearly all it answers lately is "invalid", and more
 * tokens of the certificate went this hour than phones die. Then none is forgotten, and a person is called.
 *
 * @param lostThisHour tokens of this certificate, over all containers, those in question included
 */
export function isMassFailure({ accepted, invalid }: TokenFates, lostThisHour: number): boolean {
  if (lostThisHour <= FORGETTABLE_PER_HOUR) return false;
  return accepted < LEAST_ACCEPTED_SHARE * (accepted + invalid);
}
