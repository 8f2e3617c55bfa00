import { parseJson } from '../json-body';
import type { HonorMessage } from './message';

/** Body without its tokens. Honor publishes no limit; this is that of the protocol it was made from. */
const MAX_BODY_BYTES = 4_096;
/** What github.com/wildfirechat/push_server cuts texts to; Honor's own limits are not published. */
const MAX_TITLE = 40;
const MAX_BODY = 256;

/** What the user sees of a message; undefined for one that only the app gets. */
export interface HonorTexts {
  readonly title: string;
  readonly body: string;
}

/** The texts shown: Android's own win over the common ones. */
export function textsOf({ notification, android }: HonorMessage): HonorTexts | undefined {
  const own = android?.notification;
  if (notification === undefined && own === undefined) return undefined;
  return {
    title: own?.title ?? notification?.title ?? '',
    body: own?.body ?? notification?.body ?? '',
  };
}

/** What a message with the right fields still does wrong. */
export function findProblem(message: HonorMessage): string | undefined {
  const data = message.android?.data ?? message.data;
  const texts = textsOf(message);
  return (
    (texts === undefined
      ? data === undefined && 'neither notification nor data'
      : findNotificationProblem(message, texts, data)) ||
    (sizeOf(message) > MAX_BODY_BYTES && `the message is over ${MAX_BODY_BYTES} bytes`) ||
    undefined
  );
}

function findNotificationProblem(
  { android }: HonorMessage,
  { title, body }: HonorTexts,
  data: string | undefined,
): string | false {
  const own = android?.notification;
  return (
    (own === undefined && 'android.notification.clickAction is required') ||
    (title.trim() === '' && 'title is required') ||
    (body.trim() === '' && 'body is required') ||
    (title.length > MAX_TITLE && `title is over ${MAX_TITLE} characters`) ||
    (body.length > MAX_BODY && `body is over ${MAX_BODY} characters`) ||
    (data !== undefined &&
      parseJson(data) === undefined &&
      'data of a notification must be JSON') ||
    (own?.style === 1 &&
      (own.bigTitle !== title || own.bigBody !== body) &&
      'style 1 needs bigTitle and bigBody, equal to title and body')
  );
}

function sizeOf({ token: _, ...message }: HonorMessage): number {
  return Buffer.byteLength(JSON.stringify(message));
}
