import fc from 'fast-check';
import { insistenceIn, isFromManager } from '../../lib/rules/insistence';
import { aMessageEvent } from '../support/builders';

type Changes = Parameters<typeof aMessageEvent>[0];

const TEAM = { id: 'team-7', type: 'team' } as const;
const of = (changes: Changes, accountId = 'bob') =>
  insistenceIn(aMessageEvent({ conversation: TEAM, ...changes }))(accountId);
const forced = (...ids: string[]) => ({
  pushConfig: { forcePush: true, forcePushAccountIds: ids },
});

test.each<[string, Changes, 'force' | 'mention' | undefined]>([
  ['nothing is forced by itself', {}, undefined],
  ['without a list everybody is', { pushConfig: { forcePush: true } }, 'force'],
  ['with an empty list nobody is', forced(), undefined],
  ['those in the list are', forced('carol', 'bob'), 'force'],
  ['others are not', forced('carol'), undefined],
  [
    'a list alone forces nothing',
    { pushConfig: { forcePush: false, forcePushAccountIds: ['bob'] } },
    undefined,
  ],
  [
    'nothing is forced between two',
    { conversation: { id: 'alice', type: 'p2p' }, pushConfig: { forcePush: true } },
    undefined,
  ],
  [
    'a super team is a team',
    { conversation: { id: 't', type: 'superTeam' }, pushConfig: { forcePush: true } },
    'force',
  ],
  ['who is mentioned is', { mentions: ['bob'] }, 'mention'],
  ['all are mentioned at once', { mentions: ['@all'] }, 'mention'],
  ['mentions of others are nothing', { mentions: ['carol'] }, undefined],
  [
    'a mention counts between two',
    { conversation: { id: 'alice', type: 'p2p' }, mentions: ['bob'] },
    'mention',
  ],
  ['force is more than a mention', { ...forced('bob'), mentions: ['bob'] }, 'force'],
  ['a mention is left where force is not', { ...forced('carol'), mentions: ['bob'] }, 'mention'],
])('%s', (_name, changes, expected) => {
  expect(of(changes)).toBe(expected);
});

test('whoever is in the list is forced, and nobody else', () => {
  const id = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'constructor'));
  fc.assert(
    fc.property(fc.array(id, { maxLength: 100 }), id, (ids, accountId) => {
      expect(of(forced(...ids), accountId)).toBe(ids.includes(accountId) ? 'force' : undefined);
    }),
  );
});

test.each([
  ['owner', true],
  ['Manager', true],
  ['admin', true],
  ['administrator', true],
  ['member', false],
  ['', false],
  [undefined, false],
])('a sender with the role %s manages: %s', (role, manages) => {
  const sender = { accountId: 'alice', ...(role === undefined ? {} : { role }) };

  expect(isFromManager(aMessageEvent({ sender }))).toBe(manages);
});
