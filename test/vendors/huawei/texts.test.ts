import { bodyOf, messageOf } from '../../../lib/vendors/huawei/protocol';
import type { SendRequest } from '../../../lib/vendors/vendor';
import { aNotification, aSendRequest } from '../support';

const message = (change: Partial<SendRequest> = {}) =>
  messageOf(aSendRequest(change), 'com.example.shop');
const shown = (change: Partial<SendRequest> = {}) => message(change).android.notification;

describe('texts and data', () => {
  const bytesOf = (change: Partial<SendRequest>) => Buffer.byteLength(bodyOf(message(change), []));
  const withTexts = (title: string, body: string, data = {}) => ({
    notification: aNotification({ title, body, data }),
  });

  test('a blank title or body is replaced by what can be seen', () => {
    const texts = (title: string, body: string, packageName?: string) => {
      const sent = messageOf(aSendRequest(withTexts(title, body)), packageName);
      return [sent.android.notification.title, sent.android.notification.body];
    };

    expect(texts(' \n', 'text')).toEqual(['text', 'text']);
    expect(texts('name', '\u3000\u200b')).toEqual(['name', 'name']);
    expect(texts('', '', 'com.example.shop')).toEqual(['com.example.shop', 'com.example.shop']);
    expect(texts('', '')).toEqual(['…', '…']);
  });

  test('a long text is cut to the last byte, between whole characters, and the data stays', () => {
    const change = withTexts('题'.repeat(400), '👨‍👩‍👧'.repeat(400), { sessionId: 'u1' });

    expect(bytesOf(change)).toBeLessThanOrEqual(4_096);
    expect(bytesOf(change)).toBeGreaterThan(4_096 - 25);
    expect(Buffer.byteLength(shown(change).title)).toBeLessThanOrEqual(512);
    expect(shown(change).body).toMatch(/^(👨‍👩‍👧)+…$/u);
    expect(message(change).data).toBe('{"sessionId":"u1"}');
    expect(bytesOf(withTexts('t', 'x'.repeat(9_000)))).toBe(4_096);
  });

  test('what JSON escapes is counted as it is on the wire', () => {
    for (const text of ['"', '\\', 'a\u0001', '"字', 'a\n']) {
      const change = withTexts(text.repeat(9_000), text.repeat(9_000), { k: text.repeat(100) });
      expect(bytesOf(change)).toBeLessThanOrEqual(4_096);
      expect(shown(change).body.length).toBeGreaterThan(200);
    }
  });

  test('data that leaves no room for the text is left out before the text is cut', () => {
    const change = withTexts('name', '体'.repeat(500), { big: 'x'.repeat(2_900) });

    expect(message(change)).not.toHaveProperty('data');
    expect(shown(change).body).toBe('体'.repeat(500));
    expect(message(withTexts('a', 'b'))).not.toHaveProperty('data');
  });

  test('half of an emoji is no part of any text', () => {
    expect(shown(withTexts('a\ud83d', '\ude00b'))).toMatchObject({
      title: 'a\ufffd',
      body: '\ufffdb',
    });
  });
});
