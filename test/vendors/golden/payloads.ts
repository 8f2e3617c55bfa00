import type { JsonObject } from '../../../lib/model/json-of';
import type { Notification } from '../../../lib/model/notification';
import { payloads } from '../../../lib/vendors/payloads';
import type { Vendor } from '../../../lib/vendors/vendor';
import { payloadOf } from '../problems-of';
import { aNotification } from '../support';

/** A message's `pushPayload` as an app would send it. */
export interface GoldenPayload {
  readonly name: string;
  readonly payload: JsonObject;
}

/** What apps that come from NIM send: doc.yunxin.163.com, "推送 payload 配置". */
export const PAYLOADS: readonly GoldenPayload[] = [
  {
    name: 'title, notification id and custom keys',
    payload: {
      pushTitle: '新订单',
      notifyId: 4711,
      sessionId: 'alice',
      sessionType: 0,
      nim: '1',
    },
  },
  {
    name: 'hwField with a page, a badge and a category',
    payload: {
      hwField: {
        click_action: {
          type: 1,
          intent: 'intent://chat/alice#Intent;scheme=shop;launchFlags=0x4000000;end',
        },
        badge: { add_num: 1, class: 'com.example.shop.MainActivity' },
        androidConfig: { category: 'IM', urgency: 'NORMAL', collapse_key: 3 },
      },
      sessionId: 'alice',
    },
  },
  {
    name: 'hwPassThroughField beside hwField',
    payload: {
      hwField: { title: '未读消息', click_action: { type: 3 } },
      hwPassThroughField: {
        data: '{"do":"sync"}',
        android: { collapse_key: -1, urgency: 'NORMAL', category: 'IM' },
      },
      sessionId: 'alice',
    },
  },
  {
    name: 'honorField with buttons and importance',
    payload: {
      honorField: {
        notification: {
          importance: 'NORMAL',
          clickAction: { type: 1, action: 'com.example.shop.CHAT' },
          buttons: [
            { name: '回复', actionType: 1, intentType: 1, intent: 'com.example.shop.REPLY' },
            { name: '打开', actionType: 0 },
          ],
        },
      },
      sessionId: 'alice',
    },
  },
  {
    name: 'oppoField with a channel, a category and a level',
    payload: {
      oppoField: {
        channel_id: 'im-channel',
        category: 'IM',
        notify_level: 16,
        click_action_type: 1,
        click_action_activity: 'com.example.shop.CHAT',
        action_parameters: { sessionId: 'alice' },
      },
      sessionId: 'alice',
    },
  },
  {
    name: 'vivoField with a classification, a category and content of its own',
    payload: {
      vivoField: {
        classification: 1,
        category: 'IM',
        skipType: 3,
        skipContent: '{"sessionId":"alice"}',
        networkType: -1,
      },
      sessionId: 'alice',
    },
  },
  {
    name: 'fcmFieldV1 with a notification and Android settings',
    payload: {
      fcmFieldV1: {
        message: {
          notification: { title: 'New order', image: 'https://example.com/order.png' },
          data: { kind: 'order' },
          android: {
            priority: 'high',
            notification: { channel_id: 'orders', color: '#336699', click_action: 'OPEN_ORDER' },
            fcm_options: { analytics_label: 'orders' },
          },
        },
      },
      sessionId: 'alice',
    },
  },
  {
    name: 'fcmFieldV1 as a data message beside fcmField',
    payload: {
      fcmFieldV1: { message: { needNotification: false, data: { do: 'sync' } } },
      fcmField: { icon: 'ic_push', color: '#112233', tag: 'alice', click_action: 'OPEN_CHAT' },
      sessionId: 'alice',
    },
  },
  {
    name: 'apsField with a subtitle, a category and a sound',
    payload: {
      apsField: {
        alert: { subtitle: '来自张三' },
        category: 'MESSAGE',
        sound: 'ding.caf',
        'mutable-content': 1,
      },
      pushkitFirst: false,
      sessionId: 'alice',
    },
  },
  {
    name: 'harmonyField, Xiaomi at the top level, xiaomiField and meizuField in one',
    payload: {
      harmonyField: {
        payload: {
          notification: { category: 'IM', clickAction: { actionType: 0 }, badge: { addNum: 1 } },
        },
        pushOptions: { ttl: 3600 },
      },
      channel_id: '123456',
      sound_uri: 'android.resource://com.example.shop/raw/ding',
      notify_foreground: 0,
      xiaomiField: { channel_id: '654321', ticker: '新消息' },
      meizuField: { noticeBarInfo: { noticeMsgType: 1 }, advanceInfo: { suspend: 1 } },
      sessionId: 'alice',
    },
  },
];

const COMMON = ['pushTitle', 'notifyId', 'pushkitFirst'];

/** The members of a payload that are this vendor's; undefined if it has none. */
export function fieldsFor(vendor: Vendor, payload: JsonObject): JsonObject | undefined {
  const own = Object.entries(payload).filter(([name]) => payloadOf(vendor).members.includes(name));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

/** The notification a payload leads to at a vendor: its title, notification id, custom keys and fields. */
export function notificationFor(vendor: Vendor, payload: JsonObject): Notification {
  const { pushTitle, notifyId } = payload;
  const fields = fieldsFor(vendor, payload);
  const taken = new Set([
    ...COMMON,
    ...Object.values(payloads).flatMap(({ payload: { members } }) => members),
  ]);
  const data = Object.fromEntries(
    Object.entries(payload)
      .filter(([name]) => !taken.has(name))
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  return aNotification({
    data,
    ...(typeof pushTitle === 'string' ? { title: pushTitle } : {}),
    ...(typeof notifyId === 'number' ? { notifyId } : {}),
    ...(fields === undefined ? {} : { fields }),
  });
}
