import { buildRequest, contentOf } from '../../../lib/vendors/oppo/message';
import { aNotification, aSendRequest } from '../support';

const ADDRESS = 'https://api.push.oppomobile.com';
const TO = { address: ADDRESS, authToken: 'tok-4f1c0d', timeoutMs: 5_000 };

/** First 16 hex digits of the SHA-256 of a registration id. */
const DIGEST_A = '6ec33aed5f11a6fc';

const content = (change: Parameters<typeof aSendRequest>[0] = {}, packageName?: string) =>
  contentOf(aSendRequest(change), packageName);

/** The documented example, but for what opens an activity instead of the app. */
const ORDER = aSendRequest({
  jobId: 'n-1001',
  notification: aNotification({
    title: 'Order shipped',
    body: 'A-1001 is on its way',
    notifyId: 1001,
    dedupeKey: 'n-1001-a',
    data: { orderId: 'A-1001' },
  }),
  ttlSeconds: 86_400,
  messageClass: { channelId: 'order', category: 'ORDER', notifyLevel: 2 },
  receiptUrl: 'https://push.example.com/cb/oppo',
});

const ORDER_JSON =
  '"title":"Order shipped","content":"A-1001 is on its way",' +
  '"click_action_type":0,"action_parameters":"{\\"orderId\\":\\"A-1001\\"}",' +
  '"off_line":true,"off_line_ttl":86400,' +
  '"channel_id":"order","category":"ORDER","notify_level":2,"notify_id":1001,' +
  '"call_back_url":"https://push.example.com/cb/oppo","call_back_parameter":"n-1001"';

test('several phones are a batch, each with a message of its own', () => {
  const message = { content: contentOf(ORDER, undefined), dedupeKey: 'n-1001-a' };
  const tokens = ['CN_0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b', 'CN_bad'] as const;

  const request = buildRequest(message, tokens, TO);

  expect(request).toEqual({
    method: 'POST',
    url: 'https://api.push.oppomobile.com/server/v1/message/notification/unicast_batch',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' },
    body: expect.any(String),
    timeoutMs: 5_000,
    weight: 2,
  });
  const form = new URLSearchParams(request.body);
  expect([...form.keys()]).toEqual(['auth_token', 'messages']);
  expect(request.body).toMatch(/^auth_token=tok-4f1c0d&messages=%5B%7B%22target_type%22%3A2%2C/);
  const ids = [...(form.get('messages') ?? '').matchAll(/"app_message_id":"([^"]*)"/g)];
  const [first, second] = ids.map(([, id]) => id);
  expect(form.get('messages')).toBe(
    `[{"target_type":2,"target_value":"CN_0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b","notification":{"app_message_id":"${first}",${ORDER_JSON}}},` +
      `{"target_type":2,"target_value":"CN_bad","notification":{"app_message_id":"${second}",${ORDER_JSON}}}]`,
  );
});

test('one phone is a unicast, byte for byte', () => {
  const request = buildRequest(
    { content: content({ ttlSeconds: 60 }), dedupeKey: 'kAbCdEfGhIj1' },
    ['regA=='],
    { ...TO, address: `${ADDRESS}/` },
  );

  expect(request.url).toBe(
    'https://api.push.oppomobile.com/server/v1/message/notification/unicast',
  );
  expect(request.weight).toBe(1);
  expect(request.body).toBe(
    'auth_token=tok-4f1c0d&message=%7B%22target_type%22%3A2%2C%22target_value%22%3A%22regA%3D%3D%22%2C%22notification%22%3A%7B' +
      `%22app_message_id%22%3A%22kAbCdEfGhIj1-${DIGEST_A}%22%2C` +
      '%22title%22%3A%22%E8%AE%A2%E5%8D%95+%E5%B7%B2%E5%8F%91%E8%B4%A7%22%2C' +
      '%22content%22%3A%22%E5%8C%85%E8%A3%B9+A%26B+100%25%22%2C%22click_action_type%22%3A0%2C' +
      '%22action_parameters%22%3A%22%7B%5C%22id%5C%22%3A%5C%2242%5C%22%2C%5C%22k%5C%22%3A%5C%22a+b%2Bc%5C%22%7D%22%2C' +
      '%22off_line%22%3Atrue%2C%22off_line_ttl%22%3A60%2C%22category%22%3A%22IM%22%2C%22notify_id%22%3A7%7D%7D',
  );
});

test('a repeat has the same app_message_id for the same phone, another message or phone has not', () => {
  const idOf = (dedupeKey: string, token: string) => {
    const { body } = buildRequest({ content: content(), dedupeKey }, [token], TO);
    const message = JSON.parse(new URLSearchParams(body).get('message') ?? '');
    return String(message.notification.app_message_id);
  };

  expect(idOf('k1', 'regA')).toBe(idOf('k1', 'regA'));
  expect(idOf('k1', 'regB')).not.toBe(idOf('k1', 'regA'));
  expect(idOf('k2', 'regA')).not.toBe(idOf('k1', 'regA'));
});

describe('texts', () => {
  const texts = (title: string, body: string, packageName?: string) => {
    const {
      title: sent,
      content: text,
      style,
    } = content({ notification: aNotification({ title, body }) }, packageName);
    return { title: sent, content: text, style };
  };

  test('a body of more than 50 characters is a long text of 128 at most', () => {
    expect(texts('名', '字'.repeat(50))).toEqual({ title: '名', content: '字'.repeat(50) });
    expect(texts('名', '字'.repeat(51))).toEqual({
      title: '名',
      content: '字'.repeat(51),
      style: 2,
    });
    expect(texts('名', '字'.repeat(300)).content).toBe(`${'字'.repeat(127)}…`);
  });

  test('an emoji counts as in Java, and is never cut', () => {
    const { title, content: text } = texts('👨‍👩‍👧'.repeat(30), '👨‍👩‍👧'.repeat(30));

    expect(title).toMatch(/^(👨‍👩‍👧){6}…$/u);
    expect(text).toMatch(/^(👨‍👩‍👧){15}…$/u);
    expect(text.length).toBeLessThanOrEqual(128);
  });

  test('a blank title or body is replaced, since both are required', () => {
    expect(texts(' \n', 'text')).toMatchObject({ title: 'text', content: 'text' });
    expect(texts('name', '\u3000\u200b')).toMatchObject({ title: 'name', content: 'name' });
    expect(texts('', '', 'com.example.shop')).toMatchObject({
      title: 'com.example.shop',
      content: 'com.example.shop',
    });
    expect(texts('', '')).toMatchObject({ title: '…', content: '…' });
  });
});

test('no data, and more than OPPO takes, are no parameters', () => {
  const parameters = (data: Record<string, string>) =>
    content({ notification: aNotification({ data }) }).action_parameters;

  expect(parameters({})).toBeUndefined();
  expect(parameters({ k: 'x'.repeat(4_000 - '{"k":""}'.length) })).toHaveLength(4_000);
  expect(parameters({ k: 'x'.repeat(4_001 - '{"k":""}'.length) })).toBeUndefined();
});

test('a message is kept ten days at most', () => {
  expect(content({ ttlSeconds: 1 }).off_line_ttl).toBe(1);
  expect(content({ ttlSeconds: 864_001 }).off_line_ttl).toBe(864_000);
});

test('a receipt address or parameter over its limit is left out, the message is not', () => {
  const receiptUrl = `https://push.example.com/${'r'.repeat(175)}`;

  expect(content({ receiptUrl })).toMatchObject({
    call_back_url: receiptUrl,
    call_back_parameter: 'job-42',
  });
  expect(content({ receiptUrl: `${receiptUrl}r` })).not.toHaveProperty('call_back_url');
  expect(content({ receiptUrl: `${receiptUrl}r` })).not.toHaveProperty('call_back_parameter');
  expect(content({ receiptUrl, jobId: 'j'.repeat(50) })).toHaveProperty('call_back_parameter');
  expect(content({ receiptUrl, jobId: 'j'.repeat(51) })).not.toHaveProperty('call_back_parameter');
  expect(content()).not.toHaveProperty('call_back_url');
});
