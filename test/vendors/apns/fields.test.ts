import type { Notification } from '../../../lib/model/notification';
import { messageOf } from '../../../lib/vendors/apns/message';
import { aNotification, aSendRequest } from '../support';

const render = (change: Partial<Notification>, request: object = {}) =>
  JSON.parse(
    messageOf(
      aSendRequest({ notification: aNotification(change), ...request }),
      'com.example.demo',
      1_760_000_000_000,
    ).body,
  );
const withField = (apsField: object, request: object = {}) =>
  render({ fields: { apsField } }, request);

test("the message's own field is merged into what we would say, and wins", () => {
  const payload = withField(
    {
      alert: { subtitle: '来自张三', body: '已发货', 'launch-image': 'l.png' },
      badge: 5,
      sound: { name: 'ding.caf', critical: 1 },
      category: 'ORDER',
      'thread-id': 'alice',
      'mutable-content': 1,
      'brand-new': { a: 1 },
    },
    { messageClass: { category: 'CHAT' } },
  );

  expect(payload).toEqual({
    id: '42',
    k: 'a b+c',
    aps: {
      alert: {
        title: '订单 已发货',
        subtitle: '来自张三',
        body: '已发货',
        'launch-image': 'l.png',
      },
      badge: 5,
      sound: { name: 'ding.caf', critical: 1 },
      category: 'ORDER',
      'thread-id': 'alice',
      'mutable-content': 1,
      'brand-new': { a: 1 },
    },
  });
});

test('an alert that is a text alone is the body', () => {
  expect(withField({ alert: '已发货' }).aps.alert).toEqual({
    title: '订单 已发货',
    body: '已发货',
  });
});

test('what the app has texts for itself gets none of ours', () => {
  const alert = (one: object) => withField({ alert: one }).aps.alert;

  expect(alert({ 'loc-key': 'BODY', 'loc-args': ['张三'] })).toEqual({
    title: '订单 已发货',
    'loc-key': 'BODY',
    'loc-args': ['张三'],
  });
  expect(alert({ 'title-loc-key': 'TITLE' })).toEqual({
    body: '包裹 A&B 100%',
    'title-loc-key': 'TITLE',
  });
});

test('a field that is not as it should be says nothing', () => {
  expect(withField({ badge: -1, category: 'ORDER' })).toEqual(render({}));
});

describe('where 4096 bytes are too few', () => {
  const long = (size: number) => 'x'.repeat(size);

  test('its texts are cut, the body most', () => {
    const alert = { title: '题'.repeat(999), subtitle: '副'.repeat(999), body: '文'.repeat(9_000) };
    const { aps, ...data } = withField({ alert });

    expect(Buffer.byteLength(JSON.stringify({ ...data, aps }))).toBeGreaterThan(4_060);
    expect(Buffer.byteLength(JSON.stringify({ ...data, aps }))).toBeLessThanOrEqual(4_096);
    expect(Buffer.byteLength(aps.alert.title)).toBeLessThanOrEqual(512);
    expect(Buffer.byteLength(aps.alert.subtitle)).toBeLessThanOrEqual(512);
    expect(aps.alert.body.length).toBeGreaterThan(900);
    expect(data).toEqual({ id: '42', k: 'a b+c' });
  });

  test('custom data goes first, then the fields but for their texts, never the push', () => {
    const left = (data: object, fields: object) => {
      const { aps, ...custom } = render({
        data: { ...data },
        fields: { apsField: { alert: { title: '新', body: 'b', 'loc-args': [] }, ...fields } },
      });
      expect(aps.alert).toEqual({ title: '新', body: 'b' });
      return [Object.keys(custom), Object.keys(aps)];
    };

    expect(left({ k: long(1_500) }, { 'thread-id': long(1_200) })).toEqual([
      ['k'],
      ['alert', 'sound', 'thread-id'],
    ]);
    expect(left({ k: long(1_500) }, { 'thread-id': long(1_700) })).toEqual([
      [],
      ['alert', 'sound', 'thread-id'],
    ]);
    expect(left({ k: long(1_500) }, { 'thread-id': long(3_100) })).toEqual([
      ['k'],
      ['alert', 'sound'],
    ]);
    expect(left({ k: long(3_100) }, { 'thread-id': long(3_100) })).toEqual([
      [],
      ['alert', 'sound'],
    ]);
  });
});

describe('how it makes itself heard', () => {
  const heard = (change: Partial<Notification>) => {
    const { sound, 'interruption-level': level } = render(change).aps;
    return [sound, level];
  };
  const silent = { sound: false, vibration: false };

  test.each([
    [undefined, ['default', undefined]],
    [{ sound: true, vibration: true }, ['default', undefined]],
    [{ sound: true, vibration: false }, ['default', undefined]],
    [{ sound: false, vibration: true }, [undefined, undefined]],
    [silent, [undefined, 'passive']],
  ])('an alert %j is sound and level %j', (alert, expected) => {
    expect(heard(alert === undefined ? {} : { alert })).toEqual(expected);
  });

  test("is with the app's own sound, unless it is to be silent", () => {
    expect(heard({ sound: 'ding.caf' })).toEqual(['ding.caf', undefined]);
    expect(heard({ sound: 'ding.caf', alert: silent })).toEqual([undefined, 'passive']);
  });

  test('is as the field says, whatever the class says', () => {
    const fields = { apsField: { sound: 'own.caf' } };

    expect(heard({ sound: 'ding.caf', alert: silent, fields })).toEqual(['own.caf', undefined]);
    expect(
      heard({ fields: { apsField: { 'interruption-level': 'active' } }, alert: silent }),
    ).toEqual([undefined, 'active']);
  });

  test('has nothing to do with channels, which iPhones have not', () => {
    expect(render({ channelId: 'nim_message_channel_001' })).toEqual(render({}));
  });
});
