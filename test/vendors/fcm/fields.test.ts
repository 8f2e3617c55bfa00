import type { Notification } from '../../../lib/model/notification';
import { contentOf } from '../../../lib/vendors/fcm/message';
import { aNotification, aSendRequest } from '../support';

const render = (change: Partial<Notification>, request: object = {}) =>
  contentOf(aSendRequest({ notification: aNotification(change), ...request }), 'com.example.shop');
const withFields = (fields: object, request: object = {}) =>
  render({ fields: { ...fields } }, request);
const shown = (...given: Parameters<typeof render>) => render(...given).android?.notification;

test('fcmField has the names of the v1 API, and all of them come out', () => {
  const content = withFields({
    fcmField: {
      title: '新订单',
      body: '已发货',
      icon: 'ic_push',
      color: '#336699',
      sound: 'ding',
      tag: 'alice',
      click_action: 'OPEN',
      android_channel_id: 'chat',
      ticker: 'x',
      sticky: true,
      event_time: '2026-01-31T08:00:00+08:00',
      local_only: true,
      notification_priority: 'PRIORITY_MAX',
      default_light_settings: false,
      vibrate_timings: ['0s', '0.25s'],
      visibility: 'SECRET',
      notification_count: '3',
      light_settings: {
        color: { red: 1, green: 0.5 },
        light_on_duration: '1s',
        light_off_duration: '0.5s',
      },
      image: 'https://example.com/a.png',
      proxy: 'IF_PRIORITY_LOWERED',
      analytics_label: 'orders',
    },
  });

  expect(content.notification).toEqual({ title: '新订单', body: '已发货' });
  expect(content.android?.fcmOptions).toEqual({ analyticsLabel: 'orders' });
  expect(content.android?.notification).toEqual({
    icon: 'ic_push',
    color: '#336699',
    sound: 'ding',
    tag: 'alice',
    clickAction: 'OPEN',
    channelId: 'chat',
    ticker: 'x',
    sticky: true,
    eventTimestamp: new Date('2026-01-31T00:00:00Z'),
    localOnly: true,
    priority: 'max',
    defaultLightSettings: false,
    vibrateTimingsMillis: [0, 250],
    visibility: 'secret',
    notificationCount: 3,
    lightSettings: {
      color: '#ff8000ff',
      lightOnDurationMillis: 1_000,
      lightOffDurationMillis: 500,
    },
    imageUrl: 'https://example.com/a.png',
    proxy: 'if_priority_lowered',
  });
});

test('fcmFieldV1 wins over fcmField, and its Android part over the common one', () => {
  const content = withFields({
    fcmField: { title: 'legacy', body: 'legacy', icon: 'legacy', image: 'https://a.example/' },
    fcmFieldV1: {
      message: {
        notification: { title: 'common', body: 'common', image: 'https://b.example/' },
        data: { k: 'mine', both: 'common' },
        fcm_options: { analytics_label: 'common' },
        android: {
          priority: 'NORMAL',
          collapse_key: 'orders',
          direct_boot_ok: true,
          bandwidth_constrained_ok: true,
          restricted_satellite_ok: false,
          data: { both: 'android' },
          notification: { body: 'android' },
          fcm_options: { analytics_label: 'android' },
        },
      },
    },
  });

  expect(content).toEqual({
    notification: { title: 'common', body: 'android' },
    data: { id: '42', k: 'mine', both: 'android' },
    android: {
      priority: 'normal',
      ttl: 86_400_000,
      restrictedPackageName: 'com.example.shop',
      collapseKey: 'orders',
      directBootOk: true,
      bandwidthConstrainedOk: true,
      restrictedSatelliteOk: false,
      fcmOptions: { analyticsLabel: 'android' },
      notification: { tag: '7', icon: 'legacy', imageUrl: 'https://b.example/' },
    },
  });
});

test('token, package, life and a dry run are not for fields', () => {
  const content = withFields({
    fcmFieldV1: {
      validate_only: true,
      message: {
        token: 'other',
        android: { ttl: '1s', restricted_package_name: 'com.example.other' },
      },
    },
  });

  expect(content).toEqual(render({}));
});

test('fields that are not as they should be say nothing', () => {
  expect(withFields({ fcmField: { icon: 'x', color: 'red' } })).toEqual(render({}));
});

test('a text the phone finds by its key is not overruled by ours', () => {
  const keys = { title_loc_key: 'new_order', body_loc_key: 'from', body_loc_args: ['张三'] };

  expect(withFields({ fcmField: keys })).not.toHaveProperty('notification.title');
  expect(withFields({ fcmField: keys })).not.toHaveProperty('notification.body');
  expect(withFields({ fcmField: { ...keys, body: '已发货' } }).notification).toEqual({
    body: '已发货',
  });
});

describe('a message that only the app sees', () => {
  const message = { needNotification: false, data: { do: 'sync' } };

  test('has the texts in its data, and no notification', () => {
    expect(withFields({ fcmFieldV1: { message }, fcmField: { icon: 'x' } })).toEqual({
      data: { title: '订单 已发货', body: '包裹 A&B 100%', id: '42', k: 'a b+c', do: 'sync' },
      android: { priority: 'high', ttl: 86_400_000, restrictedPackageName: 'com.example.shop' },
    });
  });

  test('leaves what the app itself calls title or body as it is', () => {
    const content = withFields({ fcmFieldV1: { message: { ...message, data: { body: '{}' } } } });

    expect(content.data).toMatchObject({ title: '订单 已发货', body: '{}' });
  });
});

describe('of what is too much for FCM', () => {
  const big = '数'.repeat(850);

  test('the data goes first', () => {
    const fields = { fcmFieldV1: { message: { data: { big } } } };

    expect(render({ fields, data: { own: 'x'.repeat(200) } }).data).toEqual({
      own: 'x'.repeat(200),
      big,
    });
    expect(render({ fields, data: { own: big } }).data).toEqual({ big });
  });

  test('then the fields, and never the texts', () => {
    const fields = {
      fcmField: { ticker: big, icon: 'x' },
      fcmFieldV1: { message: { data: { big } } },
    };
    const content = render({ fields, data: { own: big } });

    expect(content.data).toEqual({ own: big });
    expect(content.android?.notification).toEqual({ tag: '7' });
    expect(content.notification).toEqual({ title: '订单 已发货', body: '包裹 A&B 100%' });
  });
});

describe('how it makes itself heard', () => {
  test.each([
    [
      { sound: true, vibration: true },
      { defaultSound: true, defaultVibrateTimings: true },
    ],
    [
      { sound: true, vibration: false },
      { defaultSound: true, defaultVibrateTimings: false },
    ],
    [
      { sound: false, vibration: true },
      { defaultSound: false, defaultVibrateTimings: true },
    ],
    [
      { sound: false, vibration: false },
      { defaultSound: false, defaultVibrateTimings: false, priority: 'low' },
    ],
  ])('%j is %j', (alert, expected) => {
    expect(shown({ alert })).toEqual({ tag: '7', ...expected });
  });

  test("a sound is the name of the app's file without its ending, where there is to be one", () => {
    const alert = { sound: true, vibration: true };

    expect(shown({ sound: 'ding.caf' })).toEqual({ tag: '7', sound: 'ding' });
    expect(shown({ sound: 'ding', alert })).toMatchObject({ sound: 'ding', defaultSound: false });
    expect(shown({ sound: 'ding', alert: { ...alert, sound: false } })).not.toHaveProperty('sound');
  });

  test('the fields win', () => {
    const alert = { sound: true, vibration: true };
    const fcmField = { sound: 'own', vibrate_timings: ['1s'], notification_priority: 'high' };

    expect(shown({ alert, fields: { fcmField } })).toMatchObject({
      sound: 'own',
      defaultSound: false,
      vibrateTimingsMillis: [1_000],
      defaultVibrateTimings: false,
      priority: 'high',
    });
  });
});

test("a channel is the fields', else the certificate's, else the app's", () => {
  const channelId = 'nim_message_channel_001';
  const request = { messageClass: { channelId: 'chat' } };
  const fields = { fcmField: { channel_id: 'own', android_channel_id: 'older' } };

  expect(shown({ channelId })).toMatchObject({ channelId });
  expect(shown({ channelId }, request)).toMatchObject({ channelId: 'chat' });
  expect(shown({ channelId, fields }, request)).toMatchObject({ channelId: 'own' });
});

test('a number for the icon is set as it is, and never added', () => {
  expect(shown({ badge: { set: 3 } })).toEqual({ tag: '7', notificationCount: 3 });
  expect(shown({ badge: { set: 0 } })).toEqual({ tag: '7' });
  expect(shown({ badge: { add: 1 } })).toEqual({ tag: '7' });
  expect(
    shown({ badge: { set: 3 }, fields: { fcmField: { notification_count: 9 } } }),
  ).toMatchObject({ notificationCount: 9 });
});
