import { fitText } from '../../rules/fit-text';
import { isVisible } from '../texts';
import { readLimits } from '../vendor';
import limitsJson from './limits.json' with { type: 'json' };

const limits = readLimits(limitsJson);

/** Title and content as the user sees them. */
export interface Words {
  readonly title: string;
  readonly content: string;
}

/** For when nothing else may be said. */
export const PLAIN_WORDS: Words = { title: '新消息', content: '您收到一条新消息' };

/** Chinese makes a text more than digits, Latin letters and symbols. */
const CHINESE = /(?=\p{L})\p{Script=Han}/u;
const TITLE_PREFIX = '来自 ';
const CONTENT_PREFIX = '消息：';

/**
 * A notification in words vivo takes for a real message. It refuses (10104, 10085) a title or content of a published app that is
 * only digits, only Latin letters, only symbols, or symbols with digits, or that has the word "测试", a brace or a square bracket
 * (help.aliyun.com/zh/document_detail/611820.html, checked 2026-11-24), all of which people write to each other: so such a text gets
 * a beginning, brackets become quotation marks, and a dot parts the word.
 */
export function realWords(title: string, body: string): Words {
  return {
    title: realText([title, body], TITLE_PREFIX, limits.titleCharacters) ?? PLAIN_WORDS.title,
    content: realText([body, title], CONTENT_PREFIX, limits.bodyCharacters) ?? PLAIN_WORDS.content,
  };
}

/** Counted in UTF-16 units, the way Java does: an emoji may be one character or two to vivo. */
function realText(texts: readonly string[], prefix: string, limit: number): string | undefined {
  const text = texts.find(isVisible);
  if (text === undefined) {
    return undefined;
  }
  const allowed = text
    .replaceAll(/[[{【［｛]/g, '“')
    .replaceAll(/[\]}】］｝]/g, '”')
    .replaceAll(/([测測])([试試])/g, '$1·$2')
    .replaceAll(/\b(te)(st)/gi, '$1·$2');
  const fitted = fitText(allowed, limit, 'utf16-units');
  // what was Chinese in it may have been cut off
  return CHINESE.test(fitted) ? fitted : fitText(prefix + allowed, limit, 'utf16-units');
}
