import fc from 'fast-check';
import type { Team } from '../../lib/model/team';
import { changeTeam, type TeamChange, teamOf } from '../../lib/rules/team';

// few ids, so that lists meet
const EVERYBODY: readonly string[] = [...'abcdefg'];
const ids = fc.array(fc.constantFrom(...EVERYBODY), { maxLength: 8 });
const team = fc
  .tuple(ids, ids)
  .map(([members, managers]): Team => teamOf('t-1', members, managers));
const change = fc.record(
  { add: ids, remove: ids, addManagers: ids, removeManagers: ids },
  { requiredKeys: [] },
);

test('a team has everybody once, its managers among the members and in their order', () => {
  expect(teamOf('t-1', ['b', 'a', 'b'], ['c', 'a'])).toEqual({
    teamId: 't-1',
    members: ['b', 'a', 'c'],
    managers: ['a', 'c'],
  });
});

test.each<[string, TeamChange, readonly string[], readonly string[]]>([
  ['nothing', {}, ['a', 'b', 'c'], ['a']],
  ['one who comes', { add: ['d'] }, ['a', 'b', 'c', 'd'], ['a']],
  ['one who was there', { add: ['b'] }, ['a', 'b', 'c'], ['a']],
  ['one who leaves', { remove: ['b'] }, ['a', 'c'], ['a']],
  ['one who leaves and was not there', { remove: ['x'] }, ['a', 'b', 'c'], ['a']],
  ['a manager who leaves', { remove: ['a'] }, ['b', 'c'], []],
  ['a manager who resigns', { removeManagers: ['a'] }, ['a', 'b', 'c'], []],
  ['a member who becomes manager', { addManagers: ['c'] }, ['a', 'b', 'c'], ['a', 'c']],
  ['a stranger who becomes manager', { addManagers: ['d'] }, ['a', 'b', 'c', 'd'], ['a', 'd']],
  ['a new owner', { addManagers: ['b'], removeManagers: ['a'] }, ['a', 'b', 'c'], ['b']],
  ['one removed and added', { remove: ['a'], add: ['a'] }, ['a', 'b', 'c'], ['a']],
  [
    'one in and out of office',
    { addManagers: ['b'], removeManagers: ['b'] },
    ['a', 'b', 'c'],
    ['a', 'b'],
  ],
])('a change tells of %s', (_case, given, members, managers) => {
  const before = teamOf('t-1', ['a', 'b', 'c'], ['a']);

  expect(changeTeam(before, given)).toEqual({ teamId: 't-1', members, managers });
});

test('after any change who comes is in, who only leaves is out, and all others are as they were', () => {
  fc.assert(
    fc.property(team, change, (before, given) => {
      const { add = [], remove = [], addManagers = [], removeManagers = [] } = given;

      const after = changeTeam(before, given);

      for (const id of EVERYBODY) {
        const comes = add.includes(id) || addManagers.includes(id);
        const leaves = remove.includes(id) && !comes;
        const resigns = leaves || removeManagers.includes(id);
        expect(after.members.includes(id)).toBe(comes || (before.members.includes(id) && !leaves));
        expect(after.managers.includes(id)).toBe(
          addManagers.includes(id) || (before.managers.includes(id) && !resigns),
        );
      }
    }),
  );
});

test('whatever changes, everybody is in a team once, and managers are members', () => {
  fc.assert(
    fc.property(team, fc.array(change, { maxLength: 4 }), (before, changes) => {
      const after = changes.reduce(changeTeam, before);

      expect(new Set(after.members).size).toBe(after.members.length);
      expect(after.managers).toEqual(after.members.filter((id) => after.managers.includes(id)));
    }),
  );
});

test('a change that is repeated changes nothing more', () => {
  fc.assert(
    fc.property(team, change, (before, given) => {
      const once = changeTeam(before, given);

      expect(changeTeam(once, given)).toEqual(once);
    }),
  );
});

test('members who stay keep their order, so that few pages of a large team change', () => {
  fc.assert(
    fc.property(team, change, (before, given) => {
      const after = changeTeam(before, given);
      const stayed = before.members.filter((id) => after.members.includes(id));

      expect(after.members.slice(0, stayed.length)).toEqual(stayed);
    }),
  );
});
