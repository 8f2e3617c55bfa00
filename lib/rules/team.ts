import type { Team } from '../model/team';

/** What becomes of a team's members; all lists are of account ids. */
export interface TeamChange {
  readonly add?: readonly string[] | undefined;
  /** Managers leave their office with the team. */
  readonly remove?: readonly string[] | undefined;
  /** Who is no member yet becomes one. */
  readonly addManagers?: readonly string[] | undefined;
  /** They stay in the team. */
  readonly removeManagers?: readonly string[] | undefined;
}

/** The team with these members; a manager who is not named among them is one all the same. */
export function teamOf(
  teamId: string,
  members: readonly string[],
  managers: readonly string[] = [],
): Team {
  const office = new Set(managers);
  const all = [...new Set([...members, ...office])];
  return { teamId, members: all, managers: all.filter((id) => office.has(id)) };
}

/** The team after a change. Who is both removed and added stays, in the same place; so it is with offices. */
export function changeTeam(
  team: Team,
  { add = [], remove = [], addManagers = [], removeManagers = [] }: TeamChange,
): Team {
  const coming = new Set([...add, ...addManagers]);
  const leaving = new Set(remove.filter((id) => !coming.has(id)));
  const resigning = new Set([...leaving, ...removeManagers]);
  return teamOf(
    team.teamId,
    [...team.members.filter((id) => !leaving.has(id)), ...add],
    [...team.managers.filter((id) => !resigning.has(id)), ...addManagers],
  );
}
