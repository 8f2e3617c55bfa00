import { idField } from '../lib/http/fields';
import type { ApiCall } from '../lib/http/http-function';
import { parse } from '../lib/http/parse';
import { teamChangeBody, teamMembersBody } from '../lib/http/team-schemas';
import { Refusal } from '../lib/model/errors';
import { MAX_TEAM_MEMBERS, type Team } from '../lib/model/team';
import { changeTeam, teamOf } from '../lib/rules/team';
import { api } from './wiring/api';
import { teams } from './wiring/container';

const MEMBERS = '/v1/teams/{teamId}/members';
/** Ten thousand ids of the longest. */
const MAX_BODY_BYTES = 4_194_304;

/** Keeps who is in which team, as the IM server tells it. */
export const handler = api({
  [`PUT ${MEMBERS}`]: {
    scope: 'server',
    maxBodyBytes: MAX_BODY_BYTES,
    async handle(call) {
      const teamId = teamIdIn(call);
      const { members, managers } = parse(teamMembersBody, call.body);
      const team = inLimit(teamOf(teamId, members, managers), 'members');
      return answer(await teams().update(call.appKey, teamId, () => team));
    },
  },

  [`PATCH ${MEMBERS}`]: {
    scope: 'server',
    maxBodyBytes: MAX_BODY_BYTES,
    async handle(call) {
      const teamId = teamIdIn(call);
      const change = parse(teamChangeBody, call.body);
      const changed = await teams().update(call.appKey, teamId, (team) =>
        team === undefined ? undefined : inLimit(changeTeam(team, change), 'add'),
      );
      return answer(changed);
    },
  },

  [`DELETE ${MEMBERS}`]: {
    scope: 'server',
    async handle(call) {
      await teams().update(call.appKey, teamIdIn(call), () => undefined);
      return { status: 204 };
    },
  },
});

function teamIdIn({ path }: ApiCall): string {
  return parse(idField, path['teamId'], 'teamId');
}

function inLimit(team: Team, path: string): Team {
  if (team.members.length <= MAX_TEAM_MEMBERS) return team;
  const message = `gives the team more than ${MAX_TEAM_MEMBERS} members`;
  throw new Refusal(400, 'the request has invalid fields', [{ path, message }]);
}

function answer(team: Team | undefined) {
  if (team === undefined) throw new Refusal(404, 'there is no such team');
  return { status: 200, body: { teamId: team.teamId, members: team.members.length } } as const;
}
