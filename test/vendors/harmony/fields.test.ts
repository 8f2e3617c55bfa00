import type { Notification } from '../../../lib/model/notification';
import { messageOf, tokensPerRequest } from '../../../lib/vendors/harmony/protocol';
import type { SendRequest } from '../../../lib/vendors/vendor';
import { aNotification, aSendRequest } from '../support';

function aRequest(harmonyField: object, change: Partial<Notification> = {}): SendRequest {
  const data = { sessionId: 'alice' };
  return aSendRequest({
    notification: aNotification({ data, fields: { harmonyField }, ...change }),
  });
}
const message = (harmonyField: object, change: Partial<Notification> = {}) =>
  messageOf(aRequest(harmonyField, change), 'com.example.shop');
const shown = (notification: object, change: Partial<Notification> = {}) =>
  message({ payload: { notification } }, change).notification;

describe("a notification's own fields", () => {
  test('win over what is built, and those that nobody knows go with them', () => {
    const notification = {
      category: 'WORK',
      title: 'T',
      body: 'B',
      badge: { setNum: 9 },
      sound: 'own.mp3',
      foregroundShow: true,
      profileId: 'p1',
      brandNew: [1],
    };
    const pushOptions = { ttl: 60, testMessage: true, collapseKey: 3, brandNew: 'x' };

    expect(
      message({ payload: { notification }, pushOptions }, { badge: { add: 1 }, sound: 'app.mp3' }),
    ).toEqual({
      notification: {
        ...notification,
        notifyId: 7,
        appMessageId: 'kAbCdEfGhIj1',
        clickAction: { actionType: 0, data: { sessionId: 'alice' } },
      },
      pushOptions: { ...pushOptions, biTag: 'job-42' },
    });
  });

  test('say nothing of receipts, repeats, targets, and of a longer life', () => {
    const pushOptions = { ttl: 86_401, biTag: 'own', receiptId: 'own', backgroundMode: 1 };
    const payload = { notification: { notifyId: -1, appMessageId: 'own' }, extraData: 'x' };

    expect(message({ payload, pushOptions, target: { token: ['x'] } })).toEqual(message({}));
  });

  test('a click gets our data with theirs, where it opens the app or a page of it', () => {
    const click = (clickAction: object) => shown({ clickAction }).clickAction;
    const own = { sessionId: 'bob', empty: '' };

    expect(click({ actionType: 0, data: { k: 1 } })).toEqual({
      actionType: 0,
      data: { sessionId: 'alice', k: 1 },
    });
    expect(click({ actionType: 1, uri: 'shop://chat', data: own })).toEqual({
      actionType: 1,
      uri: 'shop://chat',
      data: own,
    });
    expect(click({ actionType: 3 })).toEqual({ actionType: 3 });
  });

  test('may name the notification', () => {
    expect(shown({ notifyId: 0 }).notifyId).toBe(0);
    expect(shown({ notifyId: 12_345 }).notifyId).toBe(12_345);
  });

  test('that are not as they should be are none', () => {
    expect(shown({ title: 'T', style: 7 })).toEqual(shown({}));
    expect(message({ payload: 1 })).toEqual(message({}));
  });

  test('without room for all, custom data goes first, then they, but never their id', () => {
    const long = { data: { k: 'x'.repeat(3_000) } };
    const bigTitle = 'y'.repeat(1_000);

    expect(shown({ bigTitle }, long)).toMatchObject({ bigTitle, clickAction: { actionType: 0 } });
    expect(shown({ bigTitle }, long).clickAction).not.toHaveProperty('data');
    expect(shown({ notifyId: 12_345, bigTitle: 'y'.repeat(4_000) }, long)).toEqual({
      ...shown({}, long),
      notifyId: 12_345,
    });
    expect(Buffer.byteLength(shown({ title: '题'.repeat(400) }).title)).toBeLessThanOrEqual(512);
  });

  test('a request has ten tokens if they make it a test', () => {
    expect(tokensPerRequest(aRequest({ pushOptions: { testMessage: true } }))).toBe(10);
    expect(tokensPerRequest(aRequest({ pushOptions: { testMessage: false } }))).toBe(1_000);
    expect(tokensPerRequest(aSendRequest())).toBe(1_000);
  });
});

test("the app's sound is heard unless none is to be; vibration and channels are the phone's own", () => {
  const sound = (change: Partial<Notification>) => shown({}, change).sound;

  expect(sound({ sound: 'ding.mp3' })).toBe('ding.mp3');
  expect(sound({ sound: 'ding.mp3', alert: { sound: true, vibration: false } })).toBe('ding.mp3');
  expect(sound({ sound: 'ding.mp3', alert: { sound: false, vibration: true } })).toBeUndefined();
  expect(shown({}, { alert: { sound: false, vibration: false }, channelId: 'app' })).toEqual(
    shown({}),
  );
});
