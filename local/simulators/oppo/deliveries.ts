import { randomBytes } from 'node:crypto';
import type { DayCounts } from '../china-day';
import type { Phones } from '../phones';
import { isPrivate } from './channels';
import { type Refusal, refuse } from './codes';
import type { CheckedMessage } from './message-checks';
import type { OppoMessage } from './notification';
import type { OppoSettings } from './oppo-settings';
import type { Receipts } from './receipts';

/** What deliveries work with. */
export interface DeliveriesParts {
  readonly appId: string;
  readonly packageName: string;
  readonly phones: Phones;
  readonly receipts: Receipts;
  readonly counts: DayCounts;
  settings(): OppoSettings;
}

/** What became of one message. */
export type Sent =
  | { readonly messageId: string; readonly refusal?: never }
  | { readonly messageId?: never; readonly refusal: Refusal };

const PUBLIC_MESSAGES = 'public';

/** Brings accepted messages to phones, within the limits of a day, and reports what came of it. */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #seen = new Set<string>();

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  /** Whether the day's total has room for all of these messages. */
  hasRoom(checked: readonly CheckedMessage[], now: number): boolean {
    const { counts, settings } = this.#parts;
    const added = checked.filter(({ message }) => message && !this.#isPrivate(message)).length;
    return added === 0 || counts.hasRoom(PUBLIC_MESSAGES, added, settings().dailyQuota, now);
  }

  send({ message, refusal }: CheckedMessage, now: number): Sent {
    if (refusal !== undefined) return { refusal };
    const { app_message_id: appMessageId } = message.notification;
    if (this.#parts.settings().refuseDuplicates && appMessageId !== undefined) {
      const key = `${appMessageId}\n${message.target_value}`;
      if (this.#seen.has(key)) return { refusal: refuse(32) };
      this.#seen.add(key);
    }
    const messageId = `${this.#parts.appId}-1-1-${randomBytes(8).toString('hex')}`;
    if (!this.#isPrivate(message)) this.#parts.counts.add(PUBLIC_MESSAGES, 1, now);
    this.#bring(message, messageId, now);
    return { messageId };
  }

  clear(): void {
    this.#seen.clear();
  }

  #bring(message: OppoMessage, messageId: string, now: number): void {
    const { receipts, counts, settings } = this.#parts;
    const { target_value: token, notification } = message;
    const { uninstalledTokens, perDeviceQuota } = settings();
    if (token.startsWith('gone-') || uninstalledTokens.has(token)) {
      receipts.add(notification, messageId, token, 'regid_invalid');
      return;
    }
    if (!this.#isPrivate(message)) {
      const key = `device ${token}`;
      if (!counts.hasRoom(key, 1, perDeviceQuota, now)) {
        receipts.add(notification, messageId, token, 'user_daily_limit');
        return;
      }
      counts.add(key, 1, now);
    }
    const [effect] = this.#show(message, messageId);
    if (effect !== 'dropped') receipts.add(notification, messageId, token, 'push_arrive');
  }

  #show({ target_value: token, notification }: OppoMessage, messageId: string) {
    const { title, content, notify_id: notifyId, app_message_id: onceKey } = notification;
    return this.#parts.phones.deliver(
      {
        vendor: 'oppo',
        package: this.#parts.packageName,
        messageId,
        notification: {
          title,
          body: content,
          ...(notifyId !== undefined && { notifyId }),
          ...(onceKey !== undefined && { onceKey }),
        },
        fields: notification,
      },
      [token],
    );
  }

  #isPrivate({ notification }: OppoMessage): boolean {
    return isPrivate(notification, this.#parts.settings().channels);
  }
}
