import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { UnreadMember, UnreadMessages } from '../../lib/model/unread';
import {
  badgeOf,
  decodeMember,
  encodeMember,
  foldOldest,
  MAX_MEMBERS,
  readUpTo,
  shortName,
  stackOf,
  withoutMessage,
} from '../../lib/rules/unread';
import { NOW } from '../support/builders';

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
const name = (id: string) => shortName(id, hash);

function aMember(message: string, changes: Partial<UnreadMember> = {}): UnreadMember {
  return {
    conversation: name('team'),
    message: name(message),
    sentAt: NOW,
    notifyId: 7,
    counts: true,
    ...changes,
  };
}

const unreadOf = (...members: readonly UnreadMember[]): UnreadMessages => ({ members, folded: {} });

const member = fc.record({
  conversation: fc.constantFrom('team', 'alice', 'bob').map(name),
  message: fc.nat({ max: 300 }).map((id) => name(`m${id}`)),
  sentAt: fc.nat({ max: 1_000_000 }).map((ms) => NOW + ms),
  notifyId: fc.integer({ min: 1, max: 2_147_483_647 }),
  counts: fc.boolean(),
});
const members = fc.uniqueArray(member, { maxLength: 40, selector: encodeMember });

test('a member is what was written, in a few bytes', () => {
  fc.assert(
    fc.property(member, (one) => {
      expect(decodeMember(encodeMember(one))).toEqual(one);
      expect(encodeMember(one).length).toBeLessThanOrEqual(30);
    }),
  );
});

test.each(['', 'abc', 'abcdefghijkl', 'abcdefghijkl12', 'abcdefghijklA.1'])(
  'what is no member is none: %j',
  (text) => {
    expect(decodeMember(text)).toBeUndefined();
  },
);

test('a member is the same whatever order it was told in, and however often', () => {
  fc.assert(
    fc.property(members, member, fc.nat({ max: 60 }), fc.nat(), (some, mine, everySeconds, cut) => {
      const all = [...some, mine];
      const at = cut % all.length;
      const turned = [...all.slice(at), ...all.slice(0, at), mine];

      expect(stackOf(unreadOf(...turned), mine, everySeconds)).toEqual(
        stackOf(unreadOf(...all), mine, everySeconds),
      );
      expect(badgeOf(3, unreadOf(...turned))).toBe(badgeOf(3, unreadOf(...all)));
    }),
  );
});

test('a conversation makes itself heard, and at most once in its time', () => {
  fc.assert(
    fc.property(members, fc.integer({ min: 1, max: 300 }), (some, everySeconds) => {
      const unread = unreadOf(...some);
      const heard = some.filter((one) => stackOf(unread, one, everySeconds).alerts);

      for (const conversation of new Set(some.map((one) => one.conversation))) {
        const times = heard
          .filter((one) => one.conversation === conversation)
          .map(({ sentAt }) => sentAt)
          .sort((a, b) => a - b);
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
        expect(times.length).toBeGreaterThan(0);
        expect(gaps.every((gap) => gap >= everySeconds * 1000)).toBe(true);
      }
    }),
  );
});

test('a conversation without such a time is always heard', () => {
  const unread = unreadOf(aMember('1'), aMember('2'));

  expect(unread.members.map((one) => stackOf(unread, one, undefined).alerts)).toEqual([true, true]);
});

test('a message heard once keeps being heard when later ones have come', () => {
  const [first, second, third] = [
    aMember('1'),
    aMember('2', { sentAt: NOW + 20_000 }),
    aMember('3', { sentAt: NOW + 30_000 }),
  ];
  const unread = unreadOf(third, first, second);

  expect([first, second, third].map((one) => stackOf(unread, one, 30))).toEqual([
    { count: 3, alerts: true },
    { count: 3, alerts: false },
    { count: 3, alerts: true },
  ]);
});

test('a stack is of one conversation, and holds the message itself', () => {
  const unread = unreadOf(aMember('1'), aMember('2', { conversation: name('alice') }));

  expect(stackOf(unread, aMember('3'), undefined).count).toBe(2);
});

test('a message that came again with another time is counted once', () => {
  const again = aMember('1', { sentAt: NOW + 1, counts: false });
  const unread = unreadOf(aMember('1'), again);

  expect(stackOf(unread, again, undefined).count).toBe(1);
  expect(badgeOf(0, unread)).toBe(1);
});

test('what does not count is no part of the number', () => {
  expect(badgeOf(4, unreadOf(aMember('1'), aMember('2', { counts: false })))).toBe(5);
});

test('nothing is folded while there is room', () => {
  const few = Array.from({ length: MAX_MEMBERS }, (_, index) => aMember(`${index}`));

  expect(foldOldest(unreadOf(...few))).toBeUndefined();
});

test('folding loses nothing from a count, however often it is done', () => {
  const many = fc.uniqueArray(member, {
    minLength: MAX_MEMBERS + 1,
    maxLength: MAX_MEMBERS + 60,
    selector: encodeMember,
  });
  fc.assert(
    fc.property(many, many, (some, more) => {
      const [mine = aMember('0')] = some.toSorted((a, b) => b.sentAt - a.sentAt);
      const once = foldOldest(unreadOf(...some))?.left;
      expect(once?.members.length).toBeLessThan(MAX_MEMBERS);
      if (once === undefined) return;
      expect(badgeOf(2, once)).toBe(badgeOf(2, unreadOf(...some)));
      expect(stackOf(once, mine, undefined).count).toBe(
        stackOf(unreadOf(...some), mine, undefined).count,
      );

      const grown = { ...once, members: [...once.members, ...more] };
      const twice = foldOldest(grown)?.left;
      expect(twice && badgeOf(2, twice)).toBe(badgeOf(2, grown));
    }),
    { numRuns: 30 },
  );
});

test('what is folded is bounded by the conversations that are still remembered', () => {
  const lonely = Array.from({ length: MAX_MEMBERS + 50 }, (_, index) =>
    aMember(`${index}`, { conversation: name(`c${index}`), sentAt: NOW + index }),
  );

  const left = foldOldest(unreadOf(...lonely))?.left;

  expect(left?.folded).toEqual({ '': { messages: 150, counted: 150 } });
});

test('what was read leaves, with what was folded of it; the rest stays', () => {
  const [old, late] = [aMember('1'), aMember('2', { sentAt: NOW + 2 })];
  const other = aMember('3', { conversation: name('alice') });
  const folded = {
    [name('team')]: { messages: 5, counted: 4 },
    '': { messages: 2, counted: 2 },
  };

  const read = readUpTo({ members: [late, other, old], folded }, name('team'), NOW + 1);

  expect(read).toEqual({
    gone: [old],
    left: { members: [late, other], folded: { '': { messages: 2, counted: 2 } } },
  });
});

test('a message that was recalled leaves alone, and what was folded stays', () => {
  const [gone, stays] = [aMember('1'), aMember('2')];
  const elsewhere = { ...gone, conversation: name('alice') };
  const folded = { [name('team')]: { messages: 5, counted: 4 } };
  const unread = { members: [gone, stays, elsewhere], folded };

  expect(withoutMessage(unread, name('team'), gone.message)).toEqual({
    gone: [gone],
    left: { members: [stays, elsewhere], folded },
  });
});

test('reading what is not unread changes nothing', () => {
  const unread = {
    members: [aMember('1')],
    folded: { [name('team')]: { messages: 1, counted: 1 } },
  };

  expect(readUpTo(unread, name('team'), NOW - 1)).toEqual({ gone: [], left: unread });
});
