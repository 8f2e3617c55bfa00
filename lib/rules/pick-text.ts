import type { AppSettings, TextKey } from '../model/app-settings';
import { entryOf } from './entry-of';
import { LAST_RESORT_TEXTS, SHIPPED_TEXTS } from './shipped-texts';

type TextSettings = Pick<AppSettings, 'language' | 'texts' | 'textSets'>;

/**
 * A text in the first of the languages that has it. A language is a tag such as `zh-Hant-TW` or `zh_CN`, and stands
 * for `zh-Hant` and `zh` as well. Within one language the app's own texts come before the shipped ones; after all
 * languages named comes the app's.
 */
export function pickText(
  key: TextKey,
  languages: readonly (string | undefined)[],
  settings: TextSettings,
): string {
  for (const tag of tagsOf([...languages, settings.language])) {
    const text = atTag(settings.texts, tag)?.[key] ?? atTag(SHIPPED_TEXTS, tag)?.[key];
    if (text !== undefined) return text;
  }
  return LAST_RESORT_TEXTS[key];
}

/** What is shown where details are hidden: from the set the device names, else the general text. */
export function pickHiddenText(
  textSet: string | undefined,
  languages: readonly (string | undefined)[],
  settings: TextSettings,
): string {
  const set = textSet === undefined ? undefined : entryOf(settings.textSets, textSet);
  if (set !== undefined) {
    for (const tag of tagsOf([...languages, settings.language])) {
      const text = atTag(set, tag);
      if (text !== undefined) return text;
    }
    const [any] = Object.values(set);
    if (any !== undefined) return any;
  }
  return pickText('hidden', languages, settings);
}

/** `zh_Hant_TW` → `zh-hant-tw`, `zh-hant`, `zh`. */
function tagsOf(languages: readonly (string | undefined)[]): string[] {
  return languages.flatMap((language) => {
    const parts = (language ?? '').trim().toLowerCase().split(/[-_]/);
    return parts[0] === ''
      ? []
      : parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-'));
  });
}

function atTag<Value>(byLanguage: Readonly<Record<string, Value>>, tag: string): Value | undefined {
  const exact = entryOf(byLanguage, tag);
  if (exact !== undefined) return exact;
  const found = Object.keys(byLanguage).find(
    (language) => language.toLowerCase().replaceAll('_', '-') === tag,
  );
  return found === undefined ? undefined : byLanguage[found];
}
