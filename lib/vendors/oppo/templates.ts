import type { MessageClass } from '../../model/app-settings';
import { fitText } from '../../rules/fit-text';
import { templateValues } from '../template-values';
import { isVisible } from '../texts';
import type { SendRequest } from '../vendor';
import type { OppoFields } from './payload';

/**
 * What a template's values may have together: its own words need room in the 50 and 128 characters too. OPPO publishes no
 * limit of a single value.
 */
const TITLE_VALUES_CHARACTERS = 30;
const BODY_VALUES_CHARACTERS = 100;

/** A notification's template in OPPO's terms. */
export interface OppoTemplate {
  readonly private_msg_template_id?: string;
  readonly private_title_parameters?: Readonly<Record<string, string>>;
  readonly private_content_parameters?: Readonly<Record<string, string>>;
}

/**
 * An approved template with its variables (`${name}$` in OPPO's console, info?id=12391): the message's own, or that of its class,
 * whose variables are for no other. One without variables gets no parameters at all: OPPO refuses an empty object.
 */
export function templateOf(
  { notification }: SendRequest,
  messageClass: MessageClass | undefined,
  fields: OppoFields,
): OppoTemplate {
  const id = fields.private_msg_template_id ?? messageClass?.templateId;
  if (id === undefined) {
    return {};
  }
  const { titleParameters, templateParameters } =
    id === messageClass?.templateId ? messageClass : {};
  const values = (characters: number, parameters: Readonly<Record<string, string>> = {}) => {
    const count = Object.keys(parameters).length;
    return count === 0
      ? undefined
      : templateValues(parameters, notification.parts, {
          clean: (text) => cleanValue(text, Math.floor(characters / count)),
          fallback: '…',
        });
  };
  const title = fields.private_title_parameters ?? values(TITLE_VALUES_CHARACTERS, titleParameters);
  const content =
    fields.private_content_parameters ?? values(BODY_VALUES_CHARACTERS, templateParameters);
  return {
    private_msg_template_id: id,
    ...(title && { private_title_parameters: title }),
    ...(content && { private_content_parameters: content }),
  };
}

/** One line, and nothing in it that looks like a variable. */
function cleanValue(text: string, characters: number): string {
  const plain = text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/\$+\{/g, '{')
    .trim();
  const value = fitText(plain, Math.max(1, characters), 'utf16-units');
  return isVisible(value) ? value : '';
}
