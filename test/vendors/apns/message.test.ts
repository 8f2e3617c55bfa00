import { messageOf } from '../../../lib/vendors/apns/message';
import { aNotification, aSendRequest } from '../support';

const NOW = 1_760_000_000_999;
const message = (change: Parameters<typeof aSendRequest>[0] = {}) =>
  messageOf(aSendRequest(change), 'com.example.demo', NOW);
const payload = (change: Parameters<typeof aSendRequest>[0] = {}) =>
  JSON.parse(message(change).body);

test('the documented example comes out byte for byte', () => {
  const { headers, body } = message({
    ttlSeconds: 3_600,
    notification: aNotification({
      title: 'Order shipped',
      body: 'A-1001',
      notifyId: 1001,
      badge: { set: 3 },
      data: { orderId: 'A-1001' },
    }),
  });

  expect(Object.entries(headers)).toEqual([
    ['apns-topic', 'com.example.demo'],
    ['apns-push-type', 'alert'],
    ['apns-priority', '10'],
    ['apns-expiration', '1760003600'],
    ['apns-collapse-id', '1001'],
  ]);
  expect(body).toBe(
    '{"orderId":"A-1001","aps":{"alert":{"title":"Order shipped","body":"A-1001"},"badge":3,"sound":"default"}}',
  );
});

describe('a notification in the terms of Apple', () => {
  test('is stored for 30 days at most, and waits for power when it is not urgent', () => {
    const { headers } = message({
      ttlSeconds: 9_999_999,
      notification: aNotification({ urgency: 'normal' }),
    });

    expect(headers).toMatchObject({
      'apns-expiration': String(1_760_000_000 + 2_592_000),
      'apns-priority': '5',
    });
  });

  test('has an absolute badge, and none to add', () => {
    const badge = (one: { set: number } | { add: number }) =>
      payload({ notification: aNotification({ badge: one }) }).aps.badge;

    expect(badge({ set: 0 })).toBe(0);
    expect(badge({ set: 120 })).toBe(120);
    expect(badge({ add: 1 })).toBeUndefined();
    expect(payload().aps).not.toHaveProperty('badge');
  });

  test('has the category of its class', () => {
    expect(payload({ messageClass: { category: 'CHAT' } }).aps.category).toBe('CHAT');
    expect(payload().aps).not.toHaveProperty('category');
  });

  test('never lets custom data stand in for what Apple reads', () => {
    const data = { aps: '{"alert":"forged"}', id: '42' };

    expect(payload({ notification: aNotification({ data }) })).toEqual({
      id: '42',
      aps: { alert: { title: '订单 已发货', body: '包裹 A&B 100%' }, sound: 'default' },
    });
  });

  test('loses a blank title, and shows the title for a blank body', () => {
    const alert = (title: string, body: string) =>
      payload({ notification: aNotification({ title, body }) }).aps.alert;

    expect(alert(' ', 'text')).toEqual({ body: 'text' });
    expect(alert('name', '\u200b')).toEqual({ title: 'name', body: 'name' });
    expect(alert('', '')).toEqual({ body: '…' });
    expect(alert('a\ud800b', 'c')).toEqual({ title: 'a\ufffdb', body: 'c' });
  });

  test.each(['题', '👨‍👩‍👧', '"', '\u0001a', 'a'])(
    'has at most 4096 bytes, filled with %j',
    (text) => {
      const { body } = message({
        notification: aNotification({ title: text.repeat(4_000), body: text.repeat(4_000) }),
        messageClass: { category: 'CHAT' },
      });

      const bytes = Buffer.byteLength(body);
      expect(bytes).toBeLessThanOrEqual(4_096);
      expect(bytes).toBeGreaterThan(4_096 - 60);
      const { aps, ...data } = JSON.parse(body);
      expect(aps.alert.body.isWellFormed()).toBe(true);
      expect(aps.alert.body.endsWith('…')).toBe(true);
      expect(Buffer.byteLength(JSON.stringify(aps.alert.title))).toBeLessThanOrEqual(514);
      expect(data).toEqual({ id: '42', k: 'a b+c' });
    },
  );

  test('loses data that leaves no room for the text', () => {
    const data = (size: number) =>
      payload({ notification: aNotification({ data: { k: 'x'.repeat(size) }, body: 'b' }) });

    expect(data(2_900)).toHaveProperty('k');
    expect(data(3_100)).not.toHaveProperty('k');
    expect(data(3_100).aps.alert.body).toBe('b');
  });
});
