import type { Notification } from '../../../lib/model/notification';
import { messageJsonOf } from '../../../lib/vendors/meizu/message';
import { aNotification, aSendRequest } from '../support';

const render = (change: Partial<Notification>, request: object = {}) =>
  JSON.parse(messageJsonOf(aSendRequest({ notification: aNotification(change), ...request })));
const withField = (meizuField: object, request: object = {}) =>
  render({ fields: { meizuField } }, request);

test("the message's own field wins over what we would say", () => {
  const message = withField(
    {
      noticeBarInfo: { noticeMsgType: 0, noticeBarType: 2, title: '新订单', content: '已发货' },
      noticeExpandInfo: { noticeExpandType: 1, noticeExpandContent: '更多' },
      clickTypeInfo: { clickType: 2, url: 'shop://chat', parameters: { k: 'mine', own: 1 } },
      advanceInfo: { suspend: 0, notifyKey: 'mine' },
      vipInfo: { subtitle: '副标题' },
      brandNew: { a: 1 },
    },
    { messageClass: { instantMessaging: true } },
  );

  expect(message).toEqual({
    noticeBarInfo: { noticeMsgType: 0, noticeBarType: 2, title: '新订单', content: '已发货' },
    noticeExpandInfo: { noticeExpandType: 1, noticeExpandContent: '更多' },
    clickTypeInfo: {
      clickType: 2,
      url: 'shop://chat',
      parameters: { id: '42', k: 'mine', own: 1 },
    },
    pushTimeInfo: { offLine: 1, validTime: 24 },
    advanceInfo: { suspend: 0, notifyKey: 'mine' },
    vipInfo: { subtitle: '副标题' },
    brandNew: { a: 1 },
  });
});

test('how long it is kept and where receipts go is not for the field', () => {
  const request = { receiptUrl: 'https://push.example.com/r/abc' };
  const field = {
    pushTimeInfo: { offLine: 0, validTime: 1 },
    extra: { callback: 'https://example.com', 'callback.param': 'x' },
  };

  expect(withField(field, request)).toEqual(render({}, request));
});

test('a field that is not as it should be says nothing', () => {
  expect(withField({ clickTypeInfo: { clickType: 9 }, vipInfo: { subtitle: 'x' } })).toEqual(
    render({}),
  );
});

test('its texts are cut as all texts are', () => {
  const { noticeBarInfo } = withField({
    noticeBarInfo: { title: '题'.repeat(40), content: '体'.repeat(200) },
  });

  expect(noticeBarInfo.title).toBe(`${'题'.repeat(31)}…`);
  expect(noticeBarInfo.content).toBe(`${'体'.repeat(99)}…`);
});

test('of parameters too many for Meizu the data goes first, then those of the field', () => {
  const parameters = (data: Record<string, string>, given: object) =>
    render({ data, fields: { meizuField: { clickTypeInfo: { parameters: given } } } }).clickTypeInfo
      .parameters;
  const long = 'x'.repeat(1_980);

  expect(parameters({ a: '1' }, { b: 2 })).toEqual({ a: '1', b: 2 });
  expect(parameters({ a: long }, { b: long })).toEqual({ b: long });
  expect(parameters({ a: '1' }, { b: `${long}${long}` })).toEqual({ a: '1' });
  expect(parameters({ a: `${long}${long}` }, { b: `${long}${long}` })).toBeUndefined();
});

test.each([
  [
    { sound: true, vibration: true },
    { vibrate: 1, lights: 1, sound: 1 },
  ],
  [
    { sound: true, vibration: false },
    { vibrate: 0, lights: 1, sound: 1 },
  ],
  [
    { sound: false, vibration: true },
    { vibrate: 1, lights: 1, sound: 0 },
  ],
  [
    { sound: false, vibration: false },
    { vibrate: 0, lights: 1, sound: 0 },
  ],
])('%j makes itself heard by %j, unless the field says otherwise', (alert, notificationType) => {
  const fields = { meizuField: { advanceInfo: { notificationType: { sound: false } } } };

  expect(render({}).advanceInfo).not.toHaveProperty('notificationType');
  expect(render({ alert }).advanceInfo).toEqual({ notifyKey: '7', notificationType });
  expect(render({ alert, fields }).advanceInfo.notificationType).toEqual({
    ...notificationType,
    sound: false,
  });
});

test('there is no sound of its own, no channel and no badge', () => {
  expect(
    render({ sound: 'ding.caf', channelId: 'nim_message_channel_001', badge: { add: 1 } }),
  ).toEqual(render({}));
});
