import { fitJsonText } from './fit-json-text';
import { isVisible } from './texts';
import type { CertificateSettings, SendRequest } from './vendor';

/** What a message is about; the rest of it is settings. */
export interface HuaweiContent {
  readonly title: string;
  readonly body: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** More of a title is on no phone's screen; the body gets the rest of the message. */
const TITLE_BYTES = 512;

/** Custom data that leaves less than this for the body is left out: the notification is what the push is for. */
const BODY_BYTES = 1_024;

/**
 * The message `make` makes of a notification, within `limitBytes` as `bytesOf` counts them: custom data that leaves no room for
 * the text goes first, then the end of the text. Neither title nor body is ever blank.
 */
export function fitMessage<Message>(
  { notification }: SendRequest,
  packageName: string | undefined,
  limits: { readonly limitBytes: number; readonly bytesOf: (message: Message) => number },
  make: (content: HuaweiContent) => Message,
): Message {
  const { data } = notification;
  const ownTitle = notification.title.toWellFormed();
  const ownBody = notification.body.toWellFormed();
  const fallback = packageName ?? '…';
  const title = fitJsonText([ownTitle, ownBody].find(isVisible) ?? fallback, TITLE_BYTES);
  const text = [ownBody, ownTitle].find(isVisible) ?? fallback;

  const roomBeside = (content: HuaweiContent) => limits.limitBytes - limits.bytesOf(make(content));
  const bare = { title, body: '' };
  const whole = Object.keys(data).length > 0 ? { ...bare, data } : bare;
  const room = roomBeside(whole);
  return room >= BODY_BYTES
    ? make({ ...whole, body: fitJsonText(text, room) })
    : make({ ...bare, body: fitJsonText(text, roomBeside(bare)) });
}

/** Chat by default. A category the app has no right to makes a message marketing all the same. */
export function categoryOf(messageClass: SendRequest['messageClass']): string {
  const byDefault = messageClass?.instantMessaging === false ? 'MARKETING' : 'IM';
  return messageClass?.category ?? byDefault;
}

/**
 * One sentence for each class whose category is none of the `services`. Of marketing a phone shows 2 messages a day, 5 of a licensed
 * news app (developer.huawei.com, harmonyos-references/push-msg-freq-control).
 */
export function marketingWarnings(
  { classes = {} }: CertificateSettings,
  services: ReadonlySet<string>,
): readonly string[] {
  return Object.entries(classes).flatMap(([name, messageClass]) => {
    const category = categoryOf(messageClass);
    return services.has(category)
      ? []
      : [
          `classes.${name} has the category ${category}: Huawei takes its messages for marketing, 2 a day for each phone`,
        ];
  });
}
