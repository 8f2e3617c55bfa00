import { check, pipe, record, string } from 'valibot';
import { fitText } from '../../rules/fit-text';
import { objectOrItsText } from '../field-schemas';
import { templateValues } from '../template-values';
import { isVisible } from '../texts';
import type { SendRequest } from '../vendor';

/** What Xiaomi refuses in a template's value: emoji, other symbols and what Unicode has not assigned. */
const NOT_IN_TEMPLATES =
  /[\p{So}\p{Cn}\p{Co}\p{Cs}\p{Cc}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Variation_Selector}\p{Me}]|\u200d/gu;
const VALUE_UNITS = 128;
const MOST_VARIABLES = 9;

/** https://dev.mi.com/xiaomihyperos/documentation/detail?pId=2314 (2026-06-02): values of 1 to 128 characters, not blank, no emoji. */
export function templateExtras({
  messageClass,
  notification,
}: SendRequest): Readonly<Record<string, string>> {
  const { templateId, templateParameters } = messageClass ?? {};
  if (templateId === undefined) {
    return {};
  }
  const values = templateValues(templateParameters ?? {}, notification.parts, {
    clean(text) {
      const plain = text.replaceAll(/\s+/g, ' ').replaceAll(NOT_IN_TEMPLATES, '').trim();
      const value = fitText(plain, VALUE_UNITS, 'utf16-units');
      return isVisible(value) ? value : '';
    },
    fallback: '…',
  });
  return {
    template_id: templateId,
    ...(Object.keys(values).length === 0 ? {} : { template_param: JSON.stringify(values) }),
  };
}

/** A message's own `template_param`, as an object or as its JSON; same source, which has at most 9 variables. */
export const templateParam = pipe(
  objectOrItsText,
  check((values) => Object.keys(values).length <= MOST_VARIABLES, 'must have at most 9 variables'),
  record(
    string(),
    pipe(
      string('must be a string'),
      check(
        (value) =>
          isVisible(value) &&
          value.length <= VALUE_UNITS &&
          value.replaceAll(NOT_IN_TEMPLATES, '') === value,
        'must have 1 to 128 characters, not all blank, without emoji or symbols',
      ),
    ),
  ),
);
