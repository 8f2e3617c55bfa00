import type { Notification } from '../../../lib/model/notification';
import { bodyOf, messageOf, wordsOf } from '../../../lib/vendors/vivo/message';
import { aNotification, aSendRequest } from '../support';

const render = (change: Partial<Notification>, request: object = {}, regId?: string) => {
  const notification = aNotification(change);
  const message = messageOf(aSendRequest({ notification, ...request }), wordsOf(notification));
  return JSON.parse(bodyOf(message, { appId: 1, requestId: 'r', ...(regId && { regId }) }));
};
const withField = (vivoField: object, request: object = {}, regId?: string) =>
  render({ fields: { vivoField } }, request, regId);

test("the message's own field wins over what we would say", () => {
  const body = withField(
    {
      notifyType: 2,
      title: '新订单',
      content: '已发货',
      timeToLive: '3600',
      skipType: '4',
      skipContent: 'shop://chat',
      networkType: '1',
      category: 'ORDER',
      clientCustomMap: { k: 'mine', own: '' },
      pushMode: 1,
      notifyId: 99,
      foregroundShow: true,
      sendOnline: true,
      addBadge: true,
      profileId: 'p',
      brandNew: { a: 1 },
    },
    { messageClass: { instantMessaging: false } },
    'v2-a',
  );

  expect(body).toEqual({
    appId: 1,
    regId: 'v2-a',
    requestId: 'r',
    notifyType: 2,
    title: '新订单',
    content: '已发货',
    timeToLive: 3_600,
    skipType: 4,
    skipContent: 'shop://chat',
    networkType: 1,
    classification: 1,
    category: 'ORDER',
    clientCustomMap: { id: '42', k: 'mine', own: '' },
    pushMode: 1,
    notifyId: 99,
    foregroundShow: true,
    sendOnline: true,
    addBadge: true,
    profileId: 'p',
    brandNew: { a: 1 },
  });
});

test('a body for a list has no profile, which is for one phone', () => {
  expect(withField({ profileId: 'p' })).toEqual(render({}));
});

test('whom it reaches, what is a repeat and where receipts go is not for the field', () => {
  const field = {
    appId: 2,
    regId: 'x',
    alias: 'x',
    taskId: 'x',
    requestId: 'x',
    tagExpression: {},
    extra: { callback: 'https://example.com' },
  };

  expect(withField({ ...field, timeToLive: 604_800 }, { ttlSeconds: 70 })).toEqual(
    render({}, { ttlSeconds: 70 }),
  );
});

test('a field that is not as it should be says nothing', () => {
  expect(withField({ skipType: 9, networkType: 1 })).toEqual(render({}));
});

test('its texts are cut, and put into words vivo takes, as all texts are', () => {
  expect(withField({ title: '题'.repeat(60), content: 'hello [1]' })).toMatchObject({
    title: `${'题'.repeat(39)}…`,
    content: '消息：hello “1”',
  });
});

test('of pairs too many for vivo the data goes first, then those of the field', () => {
  const map = (data: Record<string, string>, clientCustomMap: object) =>
    render({ data, fields: { vivoField: { clientCustomMap } } }).clientCustomMap;
  const long = 'x'.repeat(1_000);

  expect(map({ a: '1' }, { b: '2' })).toEqual({ a: '1', b: '2' });
  expect(map({ a: long }, { b: long })).toEqual({ b: long });
  expect(map({ a: `${long}${long}` }, {})).toBeUndefined();
});

test.each([
  [{}, {}, [1, 'IM']],
  [{}, { category: 'NEWS' }, [0, 'NEWS']],
  [{ category: 'NEWS' }, {}, [0, 'NEWS']],
  [{ category: 'NEWS' }, { instantMessaging: true }, [0, 'NEWS']],
  [{ category: 'TODO', classification: 1 }, { instantMessaging: false }, [1, 'TODO']],
  [{ classification: 1 }, { category: 'TODO' }, [1, 'TODO']],
  [{ classification: 1 }, { instantMessaging: false }, [1, 'IM']],
  [{ classification: 0 }, {}, [0, 'MARKETING']],
  [{ classification: 0 }, { category: 'NEWS' }, [0, 'NEWS']],
])('a field %j with a class %j is sent as %j, which always go together', (field, ofClass, sent) => {
  const { classification, category } = withField(field, { messageClass: ofClass });

  expect([classification, category]).toEqual(sent);
});

test.each([
  [undefined, 4],
  [{ sound: true, vibration: true }, 4],
  [{ sound: false, vibration: true }, 3],
  [{ sound: true, vibration: false }, 2],
  [{ sound: false, vibration: false }, 1],
])('an alert %j is notifyType %i, unless the field says otherwise', (alert, notifyType) => {
  const change = alert === undefined ? {} : { alert };

  expect(render(change).notifyType).toBe(notifyType);
  expect(render({ ...change, fields: { vivoField: { notifyType: 2 } } }).notifyType).toBe(2);
});

test('a number is added to the badge, never set, nor added where there is none', () => {
  const adds = (badge: Notification['badge'], field = {}) =>
    render({ ...(badge && { badge }), fields: { vivoField: field } }).addBadge;

  expect(adds({ add: 1 })).toBe(true);
  expect(adds({ add: 0 })).toBeUndefined();
  expect(adds({ set: 3 })).toBeUndefined();
  expect(adds({ add: 1 }, { addBadge: false })).toBeUndefined();
  expect(adds({ set: 3 }, { addBadge: true })).toBe(true);
});

test('there is no sound and no channel of the app', () => {
  expect(render({ sound: 'ding.mp3', channelId: 'nim_message_channel_001' })).toEqual(render({}));
});
