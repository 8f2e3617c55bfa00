import fc from 'fast-check';
import { MUTES, type Mute } from '../../lib/model/account';
import {
  MAX_MUTES_APART,
  MAX_MUTES_WITHIN,
  mutedBy,
  withMute,
  withoutMute,
} from '../../lib/rules/mute';
import { anAccount } from '../support/builders';

const NOBODY = { mentioned: false, fromManager: false };
const MENTIONED = { mentioned: true, fromManager: false };
const MANAGER = { mentioned: false, fromManager: true };

test.each<[Mute | undefined, boolean, boolean, boolean]>([
  [undefined, false, false, false],
  ['all', true, true, true],
  ['except-mentions', true, false, true],
  ['except-managers', true, true, false],
])(
  '%s mutes an ordinary message: %s, a mention: %s, a manager: %s',
  (mute, any, mention, manager) => {
    expect(mutedBy(mute, NOBODY)).toBe(any);
    expect(mutedBy(mute, MENTIONED)).toBe(mention);
    expect(mutedBy(mute, MANAGER)).toBe(manager);
  },
);

const mutes = (count: number, name: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}-${at}`, 'all' as const]));

test('whatever is muted and unmuted in whatever order, all of it and nothing else is kept, the first in the account', () => {
  const ids = fc.oneof(
    fc.integer({ min: 0, max: 60 }).map((number) => `c-${number}`),
    fc.constantFrom('__proto__', 'constructor'),
  );
  const act = fc.record({ id: ids, mute: fc.option(fc.constantFrom(...MUTES)) });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 120, size: 'max' }), (acts) => {
      const expected = new Map<string, Mute>();
      let muting = { account: anAccount(), apart: {} };
      for (const { id, mute } of acts) {
        if (mute === null) expected.delete(id);
        else expected.set(id, mute);
        const after = mute === null ? withoutMute(muting, id) : withMute(muting, id, mute);
        if (after === 'too-many') throw new Error('there was room');
        muting = after;
      }

      const { mutes: within = {}, hasMoreMutes, ...rest } = muting.account;
      const all = [...Object.entries(within), ...Object.entries(muting.apart)];
      expect(all).toHaveLength(expected.size);
      expect(new Map(all)).toEqual(expected);
      expect(Object.keys(within)).toHaveLength(Math.min(expected.size, MAX_MUTES_WITHIN));
      expect(hasMoreMutes).toBe(expected.size > MAX_MUTES_WITHIN ? true : undefined);
      expect(rest).toEqual(anAccount());
    }),
  );
});

test('there is an end to it, but not for a conversation that is muted already', () => {
  const account = anAccount([], { mutes: mutes(MAX_MUTES_WITHIN, 'within') });
  const full = { account, apart: mutes(MAX_MUTES_APART, 'apart') };

  expect(withMute(full, 'one-more', 'all')).toBe('too-many');
  expect(withMute(full, 'apart-7', 'except-mentions')).toMatchObject({
    apart: { 'apart-7': 'except-mentions' },
  });
  expect(withMute(full, 'within-7', 'except-mentions')).toMatchObject({
    account: { mutes: { 'within-7': 'except-mentions' } },
  });
});

test('ending a mute that is none changes nothing', () => {
  const muting = { account: anAccount([], { mutes: mutes(1, 'c') }), apart: {} };

  expect(withoutMute(muting, 'constructor')).toBe(muting);
});
