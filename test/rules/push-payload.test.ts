import fc from 'fast-check';
import type { JsonObject } from '../../lib/model/json-of';
import type { VendorId } from '../../lib/model/vendor-id';
import {
  customDataOf,
  isNotifyId,
  readPayload,
  vendorFieldsOf,
} from '../../lib/rules/push-payload';
import { ABILITIES } from '../../lib/usecases/check-payloads';
import { aMessageEvent } from '../support/builders';
import { rendered } from '../support/rendering';

const VENDOR_IDS = [...ABILITIES.keys()];
const RESERVED = [
  'pushTitle',
  'notifyId',
  'pushkitFirst',
  ...[...ABILITIES.values()].flatMap(({ members }) => members),
];
const isWrapper = (member: string) => member.includes('Field');
const dataOf = (payload: JsonObject) =>
  customDataOf(readPayload(JSON.stringify(payload)), 'xiaomi', ABILITIES);
const shown = (payload: JsonObject, vendor: VendorId = 'xiaomi', ofClass: JsonObject = {}) =>
  rendered(
    aMessageEvent({ pushConfig: { pushPayload: JSON.stringify(payload) } }),
    { vendor },
    { classes: { im: { payload: ofClass } } },
  );

describe("the app's own keys", () => {
  test.each(VENDOR_IDS)('reach the app through %s', (vendor) => {
    expect(shown({ room: '7', nested: { a: [1] }, on: true, count: 3 }, vendor).data).toEqual({
      sessionId: 'alice',
      sessionType: '0',
      messageId: 'message-1',
      nim: '1',
      room: '7',
      nested: '{"a":[1]}',
      on: 'true',
      count: '3',
    });
  });

  test('may say otherwise what we say by ourselves', () => {
    expect(shown({ sessionId: 'room-7' }).data).toMatchObject({ sessionId: 'room-7' });
  });

  test("a name of one vendor's own is the app's to all others", () => {
    expect(shown({ sound: 'on' }, 'apns').data).toMatchObject({ sound: 'on' });
    expect(shown({ sound: 'on' }, 'xiaomi').data).not.toHaveProperty('sound');
  });

  test('are all but those that are for us or for a vendor', () => {
    const own = fc.dictionary(
      fc.string().filter((key) => !RESERVED.includes(key)),
      fc.string(),
    );
    const reserved = fc.dictionary(fc.constantFrom(...RESERVED), fc.jsonValue());
    fc.assert(
      fc.property(own, reserved, (mine, theirs) => {
        expect(dataOf({ ...theirs, ...mine })).toEqual({ ...mine });
      }),
    );
  });

  test('are not among them if they are null', () => {
    expect(dataOf({ room: null, empty: '' })).toEqual({ empty: '' });
  });
});

describe('the notification id', () => {
  test.each([1, 4711, 2_147_483_647])('%d is taken as it is', (notifyId) => {
    expect(isNotifyId(notifyId)).toBe(true);
    expect(shown({ notifyId }).notifyId).toBe(notifyId);
  });

  test.each([0, -1, 1.5, 2_147_483_648, '7', null, true])('%j is none', (notifyId) => {
    expect(isNotifyId(notifyId)).toBe(false);
    expect(shown({ notifyId }).notifyId).toBe(shown({}).notifyId);
  });
});

describe("a vendor's fields", () => {
  const huawei = (message: JsonObject, ofClass: JsonObject = {}) =>
    shown(message, 'huawei', ofClass).fields;

  test("are the message's over the class's, member by member", () => {
    const ofClass = {
      hwField: { channel_id: 'a', androidConfig: { category: 'IM', urgency: 'HIGH' } },
    };
    const message = {
      hwField: { androidConfig: { urgency: 'NORMAL' }, vibrate_config: ['1'] },
    };

    expect(huawei(message, ofClass)).toEqual({
      hwField: {
        channel_id: 'a',
        androidConfig: { category: 'IM', urgency: 'NORMAL' },
        vibrate_config: ['1'],
      },
    });
    expect(huawei({}, ofClass)).toEqual(ofClass);
  });

  test.each<[string, unknown, unknown]>([
    ['a list takes the place of a list', [1], [2]],
    ['a text takes the place of an object', { a: 1 }, 'x'],
    ['an object takes the place of a text', 'x', { a: 1 }],
    ['null takes the place of an object', { a: 1 }, null],
  ])('%s', (_name, below, above) => {
    expect(huawei({ hwField: { tag: above } }, { hwField: { tag: below } })).toEqual({
      hwField: { tag: above },
    });
  });

  test('are none where nobody says anything', () => {
    expect(huawei({ honorField: {}, room: '7' }, { apsField: {} })).toBeUndefined();
  });

  test.each<[string, VendorId, JsonObject, JsonObject, JsonObject]>([
    [
      'a notification of the message is not lost behind a message the app of the class shows itself',
      'huawei',
      { hwField: { title: 'Hi' } },
      { hwPassThroughField: { data: '{}' } },
      { hwField: { title: 'Hi' } },
    ],
    [
      'nor behind the newer of two fields',
      'fcm',
      { fcmField: { color: '#ff0000' } },
      { fcmFieldV1: { message: {} } },
      { fcmField: { color: '#ff0000' } },
    ],
    [
      'nor is what it says at the top level',
      'xiaomi',
      { channel_id: 'mine' },
      { xiaomiField: { channel_id: 'of the class', ticker: 'psst' } },
      { channel_id: 'mine', xiaomiField: { ticker: 'psst' } },
    ],
  ])('%s', (_name, vendor, message, ofClass, fields) => {
    const ability = ABILITIES.get(vendor);

    expect(ability && vendorFieldsOf(message, ofClass, ability)).toEqual(fields);
  });

  test('are those of the vendor alone, for any payload', () => {
    const payload = fc.dictionary(
      fc.constantFrom(...RESERVED, 'room', '__proto__'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(payload, payload, fc.constantFrom(...VENDOR_IDS), (message, ofClass, vendor) => {
        const ability = ABILITIES.get(vendor);
        const fields = ability && vendorFieldsOf(message, ofClass, ability);

        const own = Object.keys(message).filter((name) => ability?.members.includes(name));
        const others = Object.keys(ofClass).filter(
          (name) => ability?.members.includes(name) && !(own.some(isWrapper) && isWrapper(name)),
        );
        expect(Object.keys(fields ?? {}).sort()).toEqual([...new Set([...own, ...others])].sort());
      }),
    );
  });
});
