/** Who is in a team, as the IM server says. */
export interface Team {
  readonly teamId: string;
  /** Each once, managers among them; in the order they came. */
  readonly members: readonly string[];
  /** The owner and the managers, in the order of the members: their messages reach through `except-managers`. */
  readonly managers: readonly string[];
}

/** At most so many accounts are in a team. */
export const MAX_TEAM_MEMBERS = 10_000;

/** Teams by app; a port, implemented in `lib/aws`. */
export interface TeamStore {
  /** As it was at one moment, strongly consistent. Throws `ConflictError` if it changes faster than it can be read. */
  get(appKey: string, teamId: string): Promise<Team | undefined>;
  /**
   * Reads, changes and writes one team, again if somebody else was faster; answers it as it is then. `change` may be
   * called more than once, and answers `undefined` if there is to be none. Throws `ConflictError` after too many tries.
   */
  update(
    appKey: string,
    teamId: string,
    change: (team: Team | undefined) => Team | undefined,
  ): Promise<Team | undefined>;
}
