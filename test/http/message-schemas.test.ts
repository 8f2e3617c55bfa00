import type * as v from 'valibot';
import { messageBody, messageListBody, toMessageEvent } from '../../lib/http/message-schemas';
import { parse } from '../../lib/http/parse';
import { Refusal } from '../../lib/model/errors';
import { aMessage } from '../support/service';

/** What a call is told to be wrong about, path by path. */
function errorsOf(body: unknown, schema: v.GenericSchema = messageBody): Record<string, string> {
  try {
    parse(schema, body);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Object.fromEntries(error.fields.map(({ path, message }) => [path, message]));
  }
  return {};
}

describe('recipients', () => {
  test.each<[string, unknown, Record<string, string>]>([
    [
      'an unknown field',
      { accountId: 'b', foo: 1 },
      { 'recipients[1].foo': 'is not a known field' },
    ],
    [
      'an account id that is too long',
      { accountId: 'b'.repeat(129) },
      { 'recipients[1].accountId': 'must have at most 128 characters' },
    ],
    ['no account id', { blockedSender: true }, { 'recipients[1].accountId': 'is required' }],
    [
      'an account id that is a number',
      { accountId: 7 },
      { 'recipients[1].accountId': 'must be string' },
    ],
    [
      'an unknown state',
      { accountId: 'b', presence: [{ deviceId: 'd', state: 'asleep' }] },
      {
        'recipients[1].presence[0].state': 'must be ("foreground" | "background" | "disconnected")',
      },
    ],
    ['a bare id that is too long', 'b'.repeat(129), { 'recipients[1]': expect.anything() }],
    ['a number', 7, { 'recipients[1]': 'must be an account id or an object with accountId' }],
  ])('%s is told by its field', (_case, recipient, errors) => {
    expect(errorsOf(aMessage(['alice', recipient]))).toEqual(errors);
  });

  test('in a list the message is named too', () => {
    const messages = [aMessage(['a']), aMessage(['a', 'b', { accountId: '/' }])];

    expect(Object.keys(errorsOf({ messages }, messageListBody))).toEqual([
      'messages[1].recipients[2].accountId',
    ]);
  });
});

test('a message from more than a day ahead is refused, one from less is not', () => {
  const hours = (ahead: number) => Date.now() + ahead * 3_600_000;

  expect(errorsOf(aMessage(['alice'], { sentAt: hours(24.1) }))).toEqual({
    sentAt: 'must not be more than 24 hours ahead',
  });
  expect(errorsOf(aMessage(['alice'], { sentAt: hours(23.9) }))).toEqual({});
});

test.each<[string, Record<string, unknown>, object]>([
  ['the kind of a call', { type: 'call', callType: 'video' }, { callType: 'video' }],
  ['what it modifies', { modifies: 'm-0' }, { kind: 'modification', replaces: 'm-0' }],
  [
    'how long to wait for an acknowledgement',
    { pushIfUnackedMs: 900_000 },
    { pushIfUnackedMs: 900_000 },
  ],
  ['that no acknowledgement is waited for', { pushIfUnackedMs: 0 }, { pushIfUnackedMs: 0 }],
])('an event says %s', (_case, given, event) => {
  const body = parse(messageBody, aMessage(['alice'], given));

  expect(toMessageEvent(body, 60)).toMatchObject(event);
});

test('an event that says no more than it must has neither kind, call type nor wait', () => {
  const event = toMessageEvent(parse(messageBody, aMessage(['alice'])), 60);

  for (const name of ['kind', 'replaces', 'modifies', 'callType', 'pushIfUnackedMs']) {
    expect(event).not.toHaveProperty(name);
  }
});

test.each<[Record<string, unknown>, string]>([
  [{ callType: 'hologram' }, 'callType'],
  [{ modifies: '' }, 'modifies'],
  [{ modifies: 'a/b' }, 'modifies'],
  [{ pushIfUnackedMs: -1 }, 'pushIfUnackedMs'],
  [{ pushIfUnackedMs: 900_001 }, 'pushIfUnackedMs'],
  [{ pushIfUnackedMs: 0.5 }, 'pushIfUnackedMs'],
  [{ kind: 'recall' }, 'kind'],
  [{ replaces: 'm-0' }, 'replaces'],
])('%j is refused by its name', (given, path) => {
  expect(Object.keys(errorsOf(aMessage(['alice'], given)))).toEqual([path]);
});
