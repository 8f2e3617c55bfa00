import type { NotificationParts } from '../model/notification';

const FIELD = /\{(nick|content|conversation)\}/g;

/**
 * The values of a vendor template's variables for one notification. `parameters` says what each variable is:
 * a text in which `{nick}`, `{content}` and `{conversation}` stand for those parts. `clean` makes the result
 * what the vendor accepts; a variable it leaves blank gets `fallback`, for a blank one refuses the message.
 */
export function templateValues(
  parameters: Readonly<Record<string, string>>,
  parts: NotificationParts,
  { clean, fallback }: { readonly clean: (text: string) => string; readonly fallback: string },
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([variable, pattern]) => {
      const text = pattern.replaceAll(
        FIELD,
        (_field, part: keyof NotificationParts) => parts[part],
      );
      return [variable, clean(text) || fallback];
    }),
  );
}
