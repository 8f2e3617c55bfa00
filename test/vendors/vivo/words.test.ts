import fc from 'fast-check';
import { PLAIN_WORDS, realWords } from '../../../lib/vendors/vivo/real-words';

/** What vivo refuses of a published app: help.aliyun.com/zh/document_detail/611820.html (checked 2026-11-24). */
function isRefused(text: string): boolean {
  const letters = text.replaceAll(/[\p{P}\p{S}\p{Z}\p{C}\p{M}]/gu, '');
  const isPoor = /^[0-9A-Za-z]*$/.test(letters);
  return isPoor || /[[\]{}【】]|测试/.test(text);
}

test('words with Chinese in them stay as they are', () => {
  expect(realWords('张三', '今天几点 meet（6pm）?')).toEqual({
    title: '张三',
    content: '今天几点 meet（6pm）?',
  });
});

test.each([
  ['Alice', '来自 Alice', 'ok', '消息：ok'],
  ['12306', '来自 12306', '8:30', '消息：8:30'],
  ['...', '来自 ...', '👍👍', '消息：👍👍'],
  ['Команда', '来自 Команда', 'Привет', '消息：Привет'],
  ['[群]家人', '“群”家人', '【图片】{1}', '“图片”“1”'],
  ['测试组', '测·试组', '這是測試', '這是測·試'],
  ['Test 组', 'Te·st 组', 'Testing，最新 latest', 'Te·sting，最新 latest'],
])('%p and its body are told so that vivo takes them', (title, newTitle, body, newBody) => {
  expect(realWords(title, body)).toEqual({ title: newTitle, content: newBody });
});

test('a blank title or body is replaced', () => {
  expect(realWords(' \n', '你好')).toEqual({ title: '你好', content: '你好' });
  expect(realWords('张三', '\u200b')).toEqual({ title: '张三', content: '张三' });
  expect(realWords('', '')).toEqual(PLAIN_WORDS);
});

test('title and content have 40 and 100 characters at most, an emoji counted as in Java', () => {
  const { title, content } = realWords('题'.repeat(41), '👨‍👩‍👧'.repeat(40));

  expect(title).toBe(`${'题'.repeat(39)}…`);
  expect(content).toMatch(/^消息：(👨‍👩‍👧){12}…$/u);
  expect(realWords('题'.repeat(40), '字'.repeat(100))).toEqual({
    title: '题'.repeat(40),
    content: '字'.repeat(100),
  });
});

test('Chinese that is cut off does not count', () => {
  expect(realWords(`${'a'.repeat(60)}题`, 'x').title).toBe(`来自 ${'a'.repeat(36)}…`);
});

test('whatever is written, it is within the limits, and nothing vivo refuses', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...'测试test[]{}【】字a1 ') }),
  );
  fc.assert(
    fc.property(text, text, (one, other) => {
      const { title, content } = realWords(one, other);

      expect([isRefused(title), isRefused(content)]).toEqual([false, false]);
      expect(title.length).toBeLessThanOrEqual(40);
      expect(content.length).toBeLessThanOrEqual(100);
    }),
  );
});

test('the plain words are taken too', () => {
  expect(Object.values(PLAIN_WORDS).filter(isRefused)).toEqual([]);
});
