import * as v from 'valibot';
import { MAX_TEAM_MEMBERS } from '../model/team';
import { idField } from './fields';

const accountIds = v.pipe(
  v.array(idField),
  v.maxLength(MAX_TEAM_MEMBERS, `must have at most ${MAX_TEAM_MEMBERS} entries`),
);

const managers = v.optional(
  v.pipe(
    accountIds,
    v.description('The owner and the managers; whoever is named is a member, too'),
  ),
);

/** `PUT /v1/teams/{teamId}/members`: who is in a team from now on. */
export const teamMembersBody = v.strictObject({ members: accountIds, managers });

/** `PATCH /v1/teams/{teamId}/members`: who joins and leaves; who is in both lists stays. */
export const teamChangeBody = v.strictObject({
  add: v.optional(accountIds),
  remove: v.optional(accountIds),
  addManagers: managers,
  removeManagers: v.optional(v.pipe(accountIds, v.description('They stay members'))),
});

/** Answer of both: how many are in the team then. */
export const changedTeam = v.strictObject({
  teamId: v.string(),
  members: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
