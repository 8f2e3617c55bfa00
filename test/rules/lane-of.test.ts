import type { MessageEvent } from '../../lib/model/message-event';
import { laneOf } from '../../lib/rules/lane-of';
import { aMessageEvent } from '../support/builders';

const TEAM = { id: 'team-7', type: 'team', name: 'Climbers' } as const;

describe('the lane', () => {
  const toMany = Array.from({ length: 101 }, (_, index) => ({ accountId: `a${index}` }));

  test.each<[string, Partial<MessageEvent>, string]>([
    ['a message to one is direct', {}, 'direct'],
    ['a message to a hundred is direct', { recipients: toMany.slice(1) }, 'direct'],
    ['a message to more is bulk', { recipients: toMany }, 'bulk'],
    ['a message to a team is bulk', { conversation: TEAM }, 'bulk'],
    [
      'a call is direct, even in a team',
      { type: 'call', conversation: TEAM, recipients: toMany },
      'direct',
    ],
  ])('%s', (_name, changes, lane) => {
    const { pushConfig: _same, ...rest } = changes;

    expect(laneOf(aMessageEvent(rest))).toBe(lane);
  });
});
