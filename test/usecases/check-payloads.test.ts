import fc from 'fast-check';
import type { AppSettings } from '../../lib/model/app-settings';
import { Refusal } from '../../lib/model/errors';
import type { JsonObject } from '../../lib/model/json-of';
import type { MessageEvent } from '../../lib/model/message-event';
import { ABILITIES, checkPayloads, problemsOfPayload } from '../../lib/usecases/check-payloads';
import { vendors } from '../../lib/vendors/registry';
import { aCertificateEntry, aMessageEvent, anApp } from '../support/builders';
import { PAYLOADS } from '../vendors/golden/payloads';

const P = 'pushConfig.pushPayload';
const withPayload = (payload: JsonObject, messageClass?: string): MessageEvent =>
  aMessageEvent({
    pushConfig: {
      pushPayload: JSON.stringify(payload),
      ...(messageClass === undefined ? {} : { messageClass }),
    },
  });
const check = (events: readonly MessageEvent[], settings: Partial<AppSettings> = {}) =>
  checkPayloads(events, anApp(undefined, settings));

/** Fields and their messages of the refusal; none if it was taken. */
function refusedIn(events: readonly MessageEvent[], settings: Partial<AppSettings> = {}) {
  try {
    check(events, settings);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(error.status).toBe(400);
    return error.fields;
  }
}

const WRONG: readonly [string, JsonObject, string][] = [
  ['pushTitle', { pushTitle: 7 }, 'must be a string'],
  ['notifyId', { notifyId: 0 }, 'must be a whole number of 1 to 2147483647'],
  ['pushkitFirst', { pushkitFirst: 'yes' }, 'must be true or false'],
  ['notify_effect', { notify_effect: 9 }, 'must be 1, 2 or 3'],
  ['xiaomiField.notify_type', { xiaomiField: { notify_type: 99 } }, 'must be'],
  ['hwField.androidConfig.category', { hwField: { androidConfig: { category: 'X' } } }, 'must be'],
  ['hwPassThroughField', { hwPassThroughField: 'x' }, 'must be an object'],
  [
    'honorField.notification.importance',
    { honorField: { notification: { importance: 'LOUD' } } },
    'must be LOW or NORMAL',
  ],
  [
    'honorPassThroughField.android.ttl',
    { honorPassThroughField: { android: { ttl: '1 day' } } },
    'must be seconds',
  ],
  ['oppoField.notify_level', { oppoField: { notify_level: 3 } }, 'must be 1, 2 or 16'],
  ['vivoField.skipType', { vivoField: { skipType: 9 } }, 'must be 1, 2, 3 or 4'],
  [
    'meizuField.noticeBarInfo.noticeMsgType',
    { meizuField: { noticeBarInfo: { noticeMsgType: 5 } } },
    'must be 0 or 1',
  ],
  ['fcmField.sticky', { fcmField: { sticky: 'yes' } }, 'must be'],
  [
    'fcmFieldV1.message.android.priority',
    { fcmFieldV1: { message: { android: { priority: 'loud' } } } },
    'must be',
  ],
  [
    'harmonyField.payload.notification.style',
    { harmonyField: { payload: { notification: { style: 7 } } } },
    'must be 0, 1 or 3',
  ],
  ['apsField.badge', { apsField: { badge: -1 } }, 'must be'],
];

test('every vendor is asked', () => {
  const named = WRONG.map(([path]) => path.split('.')[0] ?? '');

  for (const { members } of ABILITIES.values()) {
    expect(members.some((member) => named.includes(member))).toBe(true);
  }
  expect([...ABILITIES.keys()].sort()).toEqual(Object.keys(vendors).sort());
});

test.each(WRONG)('%s is refused with its path and NIM’s number', (path, payload, message) => {
  expect(refusedIn([withPayload(payload)])).toEqual([
    { path: `${P}.${path}`, message: expect.stringContaining(message), code: 414 },
  ]);
});

test('in a list the message is named too, and every wrong field of the call is told', () => {
  const events = [
    aMessageEvent(),
    withPayload({ notifyId: 0, vivoField: { skipType: 9 } }),
    withPayload({ pushTitle: 7 }),
  ];

  expect(refusedIn(events).map(({ path }) => path)).toEqual([
    `messages[1].${P}.notifyId`,
    `messages[1].${P}.vivoField.skipType`,
    `messages[2].${P}.pushTitle`,
  ]);
});

test('a refusal never repeats what was given', () => {
  for (const [, payload] of WRONG) {
    const secret = JSON.stringify(payload).replaceAll(
      /"X"|"LOUD"|"yes"|"loud"|"1 day"/g,
      '"s3cret"',
    );
    const event = aMessageEvent({ pushConfig: { pushPayload: secret } });

    expect(JSON.stringify(refusedIn([event]))).not.toContain('s3cret');
  }
});

test('what is right goes on as it came, as does what has no payload', () => {
  const events = [aMessageEvent(), ...PAYLOADS.map(({ payload }) => withPayload(payload))];

  expect(check(events)).toEqual(events.map((event) => ({ sent: event, event, warnings: [] })));
});

describe('an app that would rather lose a field than the push', () => {
  const strip = { invalidPayload: 'strip' } as const;

  test.each(WRONG)('loses %s, keeps the rest and is warned', (path, payload) => {
    const event = withPayload({ ...payload, room: '7' });

    const [checked] = check([event], strip);

    expect(checked?.sent).toBe(event);
    expect(checked?.warnings).toEqual([
      expect.stringMatching(new RegExp(`^${P}\\.${path} must be .*; it was left out$`)),
    ]);
    const left: unknown = JSON.parse(checked?.event.pushConfig.pushPayload ?? '');
    expect(left).toMatchObject({ room: '7' });
    expect(left).not.toMatchObject(payload);
  });

  test('keeps what stands beside it, however deep', () => {
    const [checked] = check(
      [withPayload({ hwField: { tag: 't', androidConfig: { category: 'X', urgency: 'HIGH' } } })],
      strip,
    );

    expect(checked?.event.pushConfig.pushPayload).toBe(
      '{"hwField":{"tag":"t","androidConfig":{"urgency":"HIGH"}}}',
    );
  });

  test('loses the list that one item is wrong in', () => {
    const notification = { tag: 't', buttons: [{ name: 'x', actionType: 0 }, { name: 7 }] };
    const [checked] = check([withPayload({ honorField: { notification } })], strip);

    expect(checked?.event.pushConfig.pushPayload).toBe(
      '{"honorField":{"notification":{"tag":"t"}}}',
    );
  });

  test('is left with something that no vendor refuses, whatever was wrong', () => {
    const golden = fc.constantFrom(...PAYLOADS.map(({ payload }) => payload));
    fc.assert(
      fc.property(golden, fc.nat(), fc.jsonValue(), (payload, at, value) => {
        const paths = pathsIn(payload);
        const event = withPayload(replaced(payload, paths[at % paths.length] ?? [], value));

        const [checked] = check([event], strip);

        expect(refusedIn(checked ? [checked.event] : [])).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('is refused a class that it does not have all the same', () => {
    expect(refusedIn([withPayload({}, 'gone')], strip)).toMatchObject([{ code: 414 }]);
  });
});

describe('what the app says of a class', () => {
  const settings = { classes: { orders: { payload: { vivoField: { classification: 0 } } } } };

  test('is looked at together with what the message says', () => {
    const event = (category: string) => withPayload({ vivoField: { category } }, 'orders');

    expect(refusedIn([event('IM')], settings)).toMatchObject([
      {
        path: `${P}.vivoField.classification`,
        message: expect.stringContaining('fit the category'),
      },
    ]);
    expect(refusedIn([event('MARKETING')], settings)).toEqual([]);
  });

  test('is not looked at again where the message says nothing to that vendor', () => {
    const broken = { classes: { orders: { payload: { vivoField: { classification: 9 } } } } };

    expect(refusedIn([withPayload({ oppoField: {} }, 'orders')], broken)).toEqual([]);
  });

  test.each(WRONG)('may not have a wrong %s either', (path, payload) => {
    expect(problemsOfPayload(payload).map((one) => one.path.join('.'))).toEqual([path]);
  });
});

test.each(['im', 'call', 'nim_message_channel_002', 'orders', 'of-a-certificate'])(
  'the class %s is known',
  (name) => {
    const entry = aCertificateEntry('xiaomi', { classes: { 'of-a-certificate': {} } });
    const app = anApp([entry], { classes: { orders: {} } });

    expect(checkPayloads([withPayload({}, name)], app)).toHaveLength(1);
  },
);

test.each(['', 'gone', 'constructor', '__proto__'])('the class %j is refused', (name) => {
  expect(refusedIn([withPayload({}, name)])).toEqual([
    { path: 'pushConfig.messageClass', message: 'is not a class of this app', code: 414 },
  ]);
});

function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[]];
  return Object.entries(value).flatMap(([key, below]) => [
    [key],
    ...pathsIn(below).map((path) => [key, ...path]),
  ]);
}

function replaced(
  object: unknown,
  [first, ...rest]: readonly string[],
  value: unknown,
): JsonObject {
  const members = new Map<string, unknown>(Object.entries(object ?? {}));
  if (first === undefined) return Object.fromEntries(members);
  members.set(first, rest.length === 0 ? value : replaced(members.get(first), rest, value));
  return Object.fromEntries(members);
}
