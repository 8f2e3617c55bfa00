import { fitJsonText, jsonTextBytes } from './fit-json-text';
import { isVisible } from './texts';
import type { CertificateSettings, SendRequest } from './vendor';

/** What a message is about; the rest of it is settings. */
export interface HuaweiContent {
  readonly title: string;
  readonly body: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** One way to say a notification, with texts of its own if it has some. */
export interface HuaweiDraft<Message> {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly make: (content: HuaweiContent) => Message;
}

/** The ways to say it: as the message itself wants it said, and without that. */
export interface HuaweiDrafts<Message> {
  readonly plain: HuaweiDraft<Message>;
  readonly preferred?: HuaweiDraft<Message> | undefined;
}

/** More of a title is on no phone's screen; the body gets the rest of the message. */
const TITLE_BYTES = 512;

/** What leaves less than this for a longer body is left out: the notification is what the push is for. */
const BODY_BYTES = 1_024;

/**
 * The message of the draft that leaves room for the text within `limitBytes`, as `bytesOf` counts them: of the preferred one with
 * custom data, or without; of the plain one with custom data, or without and with the end of the text cut. Neither title nor
 * body is ever blank.
 */
export function fitMessage<Message>(
  { notification }: SendRequest,
  packageName: string | undefined,
  limits: { readonly limitBytes: number; readonly bytesOf: (message: Message) => number },
  { plain, preferred }: HuaweiDrafts<Message>,
): Message {
  const { data } = notification;
  const roomBeside = (message: Message) => limits.limitBytes - limits.bytesOf(message);
  for (const draft of preferred === undefined ? [plain] : [preferred, plain]) {
    const { title, text } = textsOf(draft, notification, packageName);
    const bare = { title, body: '' };
    for (const content of Object.keys(data).length > 0 ? [{ ...bare, data }, bare] : [bare]) {
      const room = roomBeside(draft.make(content));
      if (room >= Math.min(BODY_BYTES, jsonTextBytes(text))) {
        return draft.make({ ...content, body: fitJsonText(text, room) });
      }
    }
  }
  const { title, text } = textsOf(plain, notification, packageName);
  const room = roomBeside(plain.make({ title, body: '' }));
  return plain.make({ title, body: fitJsonText(text, room) });
}

function textsOf(
  draft: { readonly title?: string | undefined; readonly body?: string | undefined },
  notification: SendRequest['notification'],
  packageName = '…',
) {
  const title = (draft.title ?? notification.title).toWellFormed();
  const body = (draft.body ?? notification.body).toWellFormed();
  return {
    title: fitJsonText([title, body].find(isVisible) ?? packageName, TITLE_BYTES),
    text: [body, title].find(isVisible) ?? packageName,
  };
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
  services: readonly string[],
): readonly string[] {
  return Object.entries(classes).flatMap(([name, messageClass]) => {
    const category = categoryOf(messageClass);
    return services.includes(category)
      ? []
      : [
          `classes.${name} has the category ${category}: Huawei takes its messages for marketing, 2 a day for each phone`,
        ];
  });
}
