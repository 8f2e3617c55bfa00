import type { JsonObject } from '../../../lib/model/json-of';
import type { Notification } from '../../../lib/model/notification';
import { messageOf, pushOf } from '../../../lib/vendors/honor/protocol';
import type { SendRequest } from '../../../lib/vendors/vendor';
import { aNotification, aSendRequest } from '../support';

const ADDRESSING = { biTag: 'job-42', packageName: 'com.example.shop' };

function aRequest(fields: JsonObject, change: Partial<Notification> = {}): SendRequest {
  const data = { sessionId: 'alice' };
  return aSendRequest({ notification: aNotification({ data, fields, ...change }) });
}
const message = (honorField: object, change: Partial<Notification> = {}) =>
  messageOf(aRequest({ honorField }, change), ADDRESSING);
const shown = (notification: object, change: Partial<Notification> = {}) =>
  message({ notification }, change).android.notification;

describe("a notification's own fields", () => {
  test('win over what is built, and those that nobody knows go with them', () => {
    const notification = {
      title: 'T',
      body: 'B',
      clickAction: { type: 2, url: 'https://example.com/' },
      importance: 'LOW',
      tag: 'alice',
      brandNew: [1],
    };

    expect(message({ targetUserType: 1, brandNew: 'x', data: '{"k":1}', notification })).toEqual({
      data: '{"sessionId":"alice","k":1}',
      android: {
        ttl: '86400s',
        biTag: 'job-42',
        targetUserType: 1,
        brandNew: 'x',
        notification: { ...notification, notifyId: 7 },
      },
    });
  });

  test('say nothing of receipts and of a longer life, but may shorten it and name the notification', () => {
    expect(message({ biTag: 'own', ttl: '86401s' }).android).toMatchObject({
      biTag: 'job-42',
      ttl: '86400s',
    });
    expect(message({ ttl: '60s' }).android.ttl).toBe('60s');
    expect(shown({ notifyId: -1 }).notifyId).toBe(7);
    expect(shown({ notifyId: 0 }).notifyId).toBe(0);
  });

  test('a badge of their own wins; its class also serves for ours', () => {
    const badge = (given: object, change: Partial<Notification> = {}, launcher?: string) =>
      messageOf(
        {
          ...aRequest({ honorField: { notification: { badge: given } } }, change),
          messageClass: launcher === undefined ? {} : { launcherActivity: launcher },
        },
        ADDRESSING,
      ).android.notification.badge;
    const ours = { badge: { add: 1 } };

    expect(badge({ setNum: 9, badgeClass: 'a.B' }, ours)).toEqual({ setNum: 9, badgeClass: 'a.B' });
    expect(badge({ addNum: 2 }, ours, 'c.D')).toEqual({ addNum: 2, badgeClass: 'c.D' });
    expect(badge({ badgeClass: 'a.B' }, ours, 'c.D')).toEqual({ addNum: 1, badgeClass: 'a.B' });
    expect(badge({ addNum: 2 }, ours)).toBeUndefined();
    expect(badge({ badgeClass: 'a.B' })).toBeUndefined();
  });

  test('texts of theirs are cut as well, and those of the big style are the same', () => {
    const texts = { title: '题'.repeat(41), body: '体'.repeat(257) };
    const cut = { title: `${'题'.repeat(39)}…`, body: `${'体'.repeat(255)}…` };

    expect(shown(texts)).toMatchObject(cut);
    expect(shown({ ...texts, style: 1, bigTitle: 'x', bigBody: 'y' })).toMatchObject({
      ...cut,
      bigTitle: cut.title,
      bigBody: cut.body,
    });
    expect(shown({ style: 1, bigTitle: 'BT', bigBody: 'BB' })).toMatchObject({
      title: 'BT',
      body: 'BB',
      bigTitle: 'BT',
      bigBody: 'BB',
    });
    expect(shown({ style: 0, bigTitle: 'BT', bigBody: 'BB' })).toEqual(shown({ style: 0 }));
  });

  test('that are not as they should be are none', () => {
    expect(shown({ title: 'T', style: 7 })).toEqual(shown({}));
  });

  test('without room for all, custom data goes first, then they', () => {
    const long = { data: { k: 'x'.repeat(3_500) } };
    const group = 'y'.repeat(1_000);

    expect(message({ notification: { group } }, long)).not.toHaveProperty('data');
    expect(shown({ group }, long)).toMatchObject({ group });
    expect(message({ notification: { group: 'y'.repeat(4_000) } }, long)).toEqual(
      message({}, long),
    );
    expect(message({}, long)).toHaveProperty('data');
    expect(message({}, { data: { k: 'x'.repeat(4_000) } })).not.toHaveProperty('data');
  });
});

test('what Honor has no means for changes nothing: sound, vibration, channels', () => {
  const quiet = {
    alert: { sound: false, vibration: false },
    sound: 'ding.mp3',
    channelId: 'channel',
  };

  expect(message({}, quiet)).toEqual(message({}));
  // LOW would be marketing
  expect(shown({}, quiet).importance).toBe('NORMAL');
});

describe('a message for the app alone', () => {
  const push = (honorPassThroughField: object, change: Partial<Notification> = {}) =>
    pushOf(
      aRequest({ honorPassThroughField, honorField: { notification: { title: 'T' } } }, change),
      ADDRESSING,
    );
  const android = { ttl: '86400s', biTag: 'job-42', targetUserType: 0 };

  test('wins over a notification, and has our data in its own', () => {
    const own = { biTag: 'own', ttl: '60s', notification: { title: 'x' } };

    expect(push({ data: '{"do":"sync"}', android: own, token: ['x'] })).toEqual({
      data: '{"sessionId":"alice","do":"sync"}',
      android: { ...android, ttl: '60s' },
    });
    expect(push({ data: 'any words' })).toEqual({ data: 'any words', android });
    expect(push({ data: 'x', android: { data: '{"do":"sync"}' } })).toEqual({
      data: '{"sessionId":"alice","do":"sync"}',
      android,
    });
  });

  test('without data of its own has the texts in it, so that the app can show them', () => {
    expect(push({ android: { targetUserType: 0 } }).data).toBe(
      '{"title":"订单 已发货","body":"包裹 A&B 100%","sessionId":"alice"}',
    );
  });

  test('without room for all has no custom data, and becomes a notification at last', () => {
    const long = { data: { k: 'x'.repeat(3_500) } };
    const data = `{"k":"${'y'.repeat(1_500)}"}`;

    expect(push({ data }, long).data).toBe(data);
    expect(push({ data: 'y'.repeat(4_000) }, long)).toMatchObject({
      android: { notification: { title: 'T' } },
    });
  });
});
