import type { JsonObject } from '../../../lib/model/json-of';
import type { Notification } from '../../../lib/model/notification';
import { messageOf } from '../../../lib/vendors/xiaomi/message';
import { aNotification, aSendRequest } from '../support';

const DAY_MS = 86_400_000;

const render = (
  change: Partial<Notification>,
  request: Omit<Parameters<typeof aSendRequest>[0] & object, 'notification'> = {},
) =>
  messageOf(
    aSendRequest({ notification: aNotification(change), ...request }),
    ['regA=='],
    'com.example.shop',
  );
const withFields = (fields: JsonObject, request: Parameters<typeof render>[1] = {}) =>
  render({ fields }, request);

test("the message's own fields win over what we would say, and xiaomiField over the top level", () => {
  const { title, description, notifyId, notifyType, extra } = withFields(
    {
      channel_id: 'top',
      ticker: 'top',
      notify_foreground: 1,
      xiaomiField: {
        channel_id: 'field',
        title: '新订单',
        description: '已发货',
        notify_id: 4711,
        notify_type: 2,
        notify_effect: '3',
        web_uri: 'https://example.com/',
      },
    },
    { messageClass: { channelId: 'class' } },
  );

  expect({ title, description, notifyId, notifyType }).toEqual({
    title: '新订单',
    description: '已发货',
    notifyId: 4711,
    notifyType: 2,
  });
  expect(extra).toMatchObject({
    channel_id: 'field',
    ticker: 'top',
    notify_foreground: '1',
    notify_effect: '3',
    web_uri: 'https://example.com/',
  });
});

test('whom it reaches, how long it is kept, what shows once and where receipts go is not for fields', () => {
  const plain = render({ fields: {} }, { receiptUrl: 'https://push.example.com/r/abc' });
  const message = withFields(
    {
      jobkey: 'theirs',
      xiaomiField: {
        jobkey: 'theirs',
        registration_id: 'other',
        restricted_package_name: 'com.example.other',
        time_to_live: 1,
        pass_through: 1,
        callback: 'https://example.com',
        'callback.type': 3,
      },
    },
    { receiptUrl: 'https://push.example.com/r/abc' },
  );

  expect(message).toEqual(plain);
  expect(message.extra['jobkey']).toBe('kAbCdEfGhIj1');
});

test('texts of the fields are cut as all texts are', () => {
  const { title, description } = withFields({
    xiaomiField: { title: '题'.repeat(60), description: '体'.repeat(200) },
  });

  expect(title).toBe(`${'题'.repeat(48)}…`);
  expect(description).toBe(`${'体'.repeat(126)}…`);
});

test("a class's template goes with its channel, and its parameters with its template", () => {
  const messageClass = {
    channelId: 'chat',
    templateId: 'T1',
    templateParameters: { who: '{nick}' },
  };
  const request = { messageClass, ttlSeconds: 9_999_999 };
  const own = { template_id: 'T1', template_param: '{"who":"张三"}' };

  expect(withFields({ ticker: 'x' }, request).extra).toMatchObject({ channel_id: 'chat', ...own });
  expect(withFields({ channel_id: 'chat' }, request).extra).toMatchObject(own);

  const other = withFields({ channel_id: 'news' }, request);
  expect(other.extra).not.toHaveProperty('template_id');
  expect(other.timeToLiveMs).toBe(DAY_MS);

  const another = withFields({ template_id: 'T2', template_param: { what: '订单' } }, request);
  expect(another.extra).toMatchObject({
    channel_id: 'chat',
    template_id: 'T2',
    template_param: '{"what":"订单"}',
  });
  expect(another.timeToLiveMs).toBe(10 * DAY_MS);
  expect(withFields({ template_id: 'T2' }, request).extra).not.toHaveProperty('template_param');
});

test('fields that are not as they should be say nothing', () => {
  expect(withFields({ notify_effect: 9, ticker: 'x' })).toEqual(render({}));
});

describe('extras of the app', () => {
  const numbered = (count: number, length = 1) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`k${index}`, 'v'.repeat(length)]),
    );

  test('are ten with ours: those of xiaomiField first, then nim, then the data in order', () => {
    const { extra } = render({
      data: { sessionId: 'alice', nim: '1', ...numbered(12) },
      fields: { ticker: 'x', xiaomiField: { mine: 1, yours: { a: true }, none: null } },
    });

    expect(extra).toEqual({
      mine: '1',
      yours: '{"a":true}',
      nim: '1',
      sessionId: 'alice',
      k0: 'v',
      k1: 'v',
      notify_effect: '1',
      notify_foreground: '0',
      ticker: 'x',
      jobkey: 'kAbCdEfGhIj1',
    });
  });

  test('have 1024 characters at most; what is too long for them is passed over', () => {
    const { extra } = render({ data: { a: 'x'.repeat(1_000), b: 'y'.repeat(30), c: 'z' } });

    expect(Object.keys(extra)).toEqual(['a', 'c', 'notify_effect', 'notify_foreground', 'jobkey']);
  });

  test('are left out where ours fill all places, and are in the payload all the same', () => {
    const { extra, payload } = render(
      { data: { nim: '1' }, fields: { ticker: 'x', xiaomiField: { mine: 'm' } } },
      {
        receiptUrl: 'https://push.example.com/r/abc',
        messageClass: { channelId: 'c', templateId: 'T', templateParameters: { w: '{nick}' } },
      },
    );

    expect(Object.keys(extra)).toHaveLength(10);
    expect(extra).not.toHaveProperty('nim');
    expect(extra).not.toHaveProperty('mine');
    expect(payload).toBe('{"nim":"1","mine":"m"}');
  });

  test("never take a name that means something to Xiaomi: an app's locale is no filter", () => {
    const data = { locale: 'en', model: 'x', callback: 'https://example.com', badge: '1' };
    const { extra, payload } = render({ data });

    expect(Object.keys(extra)).toEqual(['notify_effect', 'notify_foreground', 'jobkey']);
    expect(payload).toBe(JSON.stringify(data));
  });

  test('data too long for the payload goes before what the fields say', () => {
    const fields = { xiaomiField: { mine: 'm' } };

    expect(render({ fields, data: { big: 'x'.repeat(4_095) } }).payload).toBe('{"mine":"m"}');
  });
});

describe('how it makes itself heard', () => {
  test.each([
    [undefined, -1],
    [{ sound: true, vibration: true }, 7],
    [{ sound: true, vibration: false }, 5],
    [{ sound: false, vibration: true }, 6],
    [{ sound: false, vibration: false }, 4],
  ])('%j is notify_type %i', (alert, notifyType) => {
    expect(render(alert === undefined ? {} : { alert }).notifyType).toBe(notifyType);
  });

  test.each([
    ['ding.caf', 'android.resource://com.example.shop/raw/ding'],
    ['new_message', 'android.resource://com.example.shop/raw/new_message'],
    ['default', undefined],
    ['../Ding', undefined],
  ])('a sound %s is %s', (sound, uri) => {
    expect(render({ sound }).extra['sound_uri']).toBe(uri);
    expect(withFields({ sound }).extra['sound_uri']).toBe(uri);
    expect(withFields({ sound }).extra).not.toHaveProperty('sound');
  });

  test('what is to be silent has no sound, unless the fields say so', () => {
    const alert = { sound: false, vibration: true };
    const uri = 'android.resource://com.example.shop/raw/own';

    expect(render({ alert, sound: 'ding' }).extra).not.toHaveProperty('sound_uri');
    expect(
      render({ alert, sound: 'ding', fields: { sound_uri: uri, sound: 'x' } }).extra['sound_uri'],
    ).toBe(uri);
  });
});

test("a channel the app made is not used, for Xiaomi's are approved; there is no badge", () => {
  const message = render({ channelId: 'nim_message_channel_001', badge: { set: 3 } });

  expect(message).toEqual(render({}));
});
