import type { JsonObject } from '../../../lib/model/json-of';
import type { Notification } from '../../../lib/model/notification';
import { bodyOf, messageOf, pushOf } from '../../../lib/vendors/huawei/protocol';
import type { SendRequest } from '../../../lib/vendors/vendor';
import { aNotification, aSendRequest } from '../support';

const DATA = { sessionId: 'alice' };

function aRequest(fields: JsonObject, change: Partial<Notification> = {}): SendRequest {
  return aSendRequest({ notification: aNotification({ data: DATA, fields, ...change }) });
}
const message = (hwField: object, change: Partial<Notification> = {}) =>
  messageOf(aRequest({ hwField }, change), 'com.example.shop');
const shown = (hwField: object, change: Partial<Notification> = {}) =>
  message(hwField, change).android.notification;
const bytesOf = (request: SendRequest) => Buffer.byteLength(bodyOf(pushOf(request, undefined), []));

describe("a notification's own fields", () => {
  test('win over what is built, and those that nobody knows go with them', () => {
    const hwField = {
      title: 'T',
      body: 'B',
      click_action: { type: 1, action: 'a.CHAT' },
      importance: 'LOW',
      channel_id: 'own',
      foreground_show: true,
      style: 1,
      big_title: 'BT',
      big_body: 'BB',
      brand_new: [1],
      androidConfig: { category: 'WORK', collapse_key: 3, target_user_type: 1, brand_new: 'x' },
    };

    expect(message(hwField, { channelId: 'app-channel' })).toEqual({
      data: '{"sessionId":"alice"}',
      android: {
        collapse_key: 3,
        urgency: 'NORMAL',
        ttl: '86400s',
        category: 'WORK',
        bi_tag: 'job-42',
        target_user_type: 1,
        brand_new: 'x',
        notification: {
          title: 'T',
          body: 'B',
          importance: 'LOW',
          channel_id: 'own',
          notify_id: 7,
          click_action: { type: 1, action: 'a.CHAT' },
          foreground_show: true,
          style: 1,
          big_title: 'BT',
          big_body: 'BB',
          brand_new: [1],
        },
      },
    });
  });

  test('say nothing of receipts, of what cannot be replaced, and of a longer life', () => {
    const androidConfig = {
      bi_tag: 'own',
      receipt_id: 'own',
      urgency: 'HIGH',
      ttl: '86401s',
      notification: { title: 'x' },
    };
    const { android } = message({ group: 'chats', notify_id: -1, androidConfig });

    expect(android).toMatchObject({ bi_tag: 'job-42', urgency: 'NORMAL', ttl: '86400s' });
    expect(android).not.toHaveProperty('receipt_id');
    expect(android.notification).toMatchObject({ title: '订单 已发货', notify_id: 7 });
    expect(android.notification).not.toHaveProperty('group');
  });

  test('may name the notification and shorten its life', () => {
    const { android } = message({ notify_id: 0, androidConfig: { ttl: '60s' } });

    expect(android.ttl).toBe('60s');
    expect(android.notification.notify_id).toBe(0);
  });

  test('data of an object is joined with ours and wins, other data stands alone', () => {
    const data = (given: string) => message({ androidConfig: { data: given } }).data;

    expect(data('{"sessionId":"bob","k":1}')).toBe('{"sessionId":"bob","k":1}');
    expect(data('{"k":1}')).toBe('{"sessionId":"alice","k":1}');
    expect(data('[1, 2]')).toBe('[1, 2]');
    expect(message({ androidConfig: { data: '{"k":1}' } }).android).not.toHaveProperty('data');
  });

  test('a badge of their own wins; its class also serves for ours', () => {
    const badge = (given: object, change: Partial<Notification> = {}, launcher?: string) =>
      messageOf(
        {
          ...aRequest({ hwField: { badge: given } }, change),
          messageClass: launcher === undefined ? {} : { launcherActivity: launcher },
        },
        undefined,
      ).android.notification.badge;
    const ours = { badge: { add: 1 } };

    expect(badge({ set_num: 9, class: 'a.B' }, ours)).toEqual({ set_num: 9, class: 'a.B' });
    expect(badge({ add_num: 2 }, ours, 'c.D')).toEqual({ add_num: 2, class: 'c.D' });
    expect(badge({ class: 'a.B' }, ours, 'c.D')).toEqual({ add_num: 1, class: 'a.B' });
    expect(badge({ class: 'a.B' })).toEqual({ class: 'a.B' });
    // refused without a class
    expect(badge({ add_num: 2 }, ours)).toBeUndefined();
  });

  test('that are not as they should be are none', () => {
    expect(shown({ title: 'T', style: 7 })).toEqual(shown({}));
    expect(messageOf(aRequest({ hwField: 'x' }), 'com.example.shop')).toEqual(message({}));
  });

  test('title and body of theirs are cut as well', () => {
    const { title, body } = shown({ title: '题'.repeat(400), body: '体'.repeat(2_000) });

    expect(Buffer.byteLength(title)).toBeLessThanOrEqual(512);
    expect(title.endsWith('…')).toBe(true);
    expect(body.endsWith('…')).toBe(true);
    expect(bytesOf(aRequest({ hwField: { body: '体'.repeat(2_000) } }))).toBeLessThanOrEqual(4_096);
  });

  test('without room for all, custom data goes first, then they', () => {
    const long = { data: { k: 'x'.repeat(3_000) } };
    const ticker = 'y'.repeat(1_000);

    expect(message({ ticker }, long)).not.toHaveProperty('data');
    expect(shown({ ticker }, long)).toMatchObject({ ticker });
    expect(message({ ticker: 'y'.repeat(4_000) }, long)).toEqual(message({}, long));
    expect(message({}, long)).toHaveProperty('data');
  });
});

describe('a message for the app alone', () => {
  const push = (hwPassThroughField: object, change: Partial<Notification> = {}) =>
    pushOf(aRequest({ hwPassThroughField, hwField: { title: 'T' } }, change), 'com.example.shop');
  const settings = { collapse_key: -1, category: 'IM', bi_tag: 'job-42', target_user_type: 0 };

  test('wins over a notification, and has our data in its own', () => {
    const android = { urgency: 'HIGH', category: 'VOIP', ttl: '60s', notification: { title: 'x' } };

    expect(push({ data: '{"do":"sync"}', android, token: ['x'], topic: 't' })).toEqual({
      data: '{"sessionId":"alice","do":"sync"}',
      android: { ...settings, category: 'VOIP', urgency: 'HIGH', ttl: '60s' },
    });
    expect(push({ data: 'any words' })).toEqual({
      data: 'any words',
      android: { ...settings, urgency: 'NORMAL', ttl: '86400s' },
    });
    expect(push({ data: 'x', android: { data: '{"do":"sync"}' } }).data).toBe(
      '{"sessionId":"alice","do":"sync"}',
    );
  });

  test('without data of its own has the texts in it, so that the app can show them', () => {
    expect(push({ android: { category: 'IM' } }).data).toBe(
      '{"title":"订单 已发货","body":"包裹 A&B 100%","sessionId":"alice"}',
    );
  });

  test('without room for all has no custom data, and becomes a notification at last', () => {
    const long = { data: { k: 'x'.repeat(3_000) } };
    const data = `{"k":"${'y'.repeat(1_500)}"}`;

    expect(push({ data }, { data: { own: 'x'.repeat(3_000) } }).data).toBe(data);
    expect(push({ android: { category: 'IM' } }, { data: { k: 'x'.repeat(4_000) } }).data).toBe(
      '{"title":"订单 已发货","body":"包裹 A&B 100%"}',
    );
    expect(push({ data: 'y'.repeat(4_096) }, long)).toMatchObject({
      android: { notification: { title: 'T' } },
    });
  });
});

describe('how it makes itself heard', () => {
  test.each([
    [undefined, { importance: 'NORMAL' }],
    [{ sound: true, vibration: true }, { importance: 'NORMAL' }],
    [
      { sound: false, vibration: false },
      { importance: 'LOW', default_sound: false, use_default_vibrate: false },
    ],
    [
      { sound: false, vibration: true },
      { importance: 'NORMAL', default_sound: false },
    ],
    [
      { sound: true, vibration: false },
      { importance: 'NORMAL', use_default_vibrate: false },
    ],
  ])('%j is %j, of the same category', (alert, expected) => {
    const { android } = message({}, alert === undefined ? {} : { alert });
    const { default_sound, use_default_vibrate, importance } = JSON.parse(
      JSON.stringify(android.notification),
    );

    expect({ importance, default_sound, use_default_vibrate }).toEqual(expected);
    expect(android.category).toBe('IM');
  });

  test.each([
    ['ding.mp3', '/raw/ding'],
    ['ding', '/raw/ding'],
    ['/raw/ding', '/raw/ding'],
  ])('the sound %s is %s, in place of the phone’s', (sound, expected) => {
    expect(shown({}, { sound })).toMatchObject({ sound: expected, default_sound: false });
  });

  test('a sound no file can have, and any where none is to be heard, is left out', () => {
    expect(shown({}, { sound: 'a b.mp3' })).not.toHaveProperty('sound');
    expect(
      shown({}, { sound: 'ding.mp3', alert: { sound: false, vibration: true } }),
    ).not.toHaveProperty('sound');
  });

  test("the app's channel is taken, the certificate's own wins", () => {
    const request = aRequest({}, { channelId: 'app-channel' });
    const channelOf = (messageClass: SendRequest['messageClass'] & object) =>
      messageOf({ ...request, messageClass }, undefined).android.notification.channel_id;

    expect(channelOf({})).toBe('app-channel');
    expect(channelOf({ channelId: 'own' })).toBe('own');
  });
});
