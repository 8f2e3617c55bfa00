import { randomInt } from 'node:crypto';
import type { DayCounts } from '../china-day';
import type { Faults } from '../faults';
import type { Phones } from '../phones';
import { type Refusal, refuse } from './codes';
import type { VivoMessage } from './message';
import { classOf, isWithinHours } from './message-rules';
import type { VivoSettings } from './vivo-settings';

/** What deliveries work with. */
export interface DeliveriesParts {
  readonly packageName: string;
  readonly phones: Phones;
  readonly counts: DayCounts;
  readonly faults: Faults;
  settings(): VivoSettings;
}

/** A target that gets nothing: 1 unknown, 2 uninstalled or unsubscribed, 4 no test user (doc 362). */
export interface InvalidUser {
  readonly status: number;
  readonly userid: string;
}

const PAYLOADS = 'payloads';

/** Brings messages to phones, within the limits of a day. */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  #lastTask = 1_000_000_000 + randomInt(1_000_000_000);

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  newTaskId(): string {
    return `${++this.#lastTask}`;
  }

  /** Why so many more of a message cannot be sent now, if they cannot. */
  findRefusal(message: VivoMessage, targets: number, now: number): Refusal | undefined {
    const { counts, settings } = this.#parts;
    const { operationalHours, dailyQuota } = settings();
    const kind = classOf(message);
    const isClosed =
      operationalHours === 'closed' || (operationalHours === 'clock' && !isWithinHours(now));
    if (kind === 'operational' && isClosed) return refuse(10_071);
    // test messages are outside the quantity control
    if (message.pushMode === 1 || counts.hasRoom(kind, targets, dailyQuota[kind], now)) {
      return undefined;
    }
    return refuse(kind === 'operational' ? 10_070 : 10_073);
  }

  /** Counts a saved body; false when the day has no room for it. */
  admitPayload(now: number): boolean {
    const { counts, settings } = this.#parts;
    if (!counts.hasRoom(PAYLOADS, 1, settings().dailyPayloads, now)) return false;
    counts.add(PAYLOADS, 1, now);
    return true;
  }

  findInvalid({ pushMode }: VivoMessage, token: string): InvalidUser | undefined {
    const { faults, settings } = this.#parts;
    const { invalidUsers, illegalTokens, testTokens } = settings();
    const status =
      invalidUsers[token] ??
      (illegalTokens.has(token) ? 1 : undefined) ??
      (faults.isDead(token) ? 2 : undefined) ??
      (pushMode === 1 && !testTokens.has(token) ? 4 : undefined);
    return status === undefined ? undefined : { status, userid: token };
  }

  /** Shows a message on those phones that are not over their daily limit; answers which these were. */
  bring(
    message: VivoMessage,
    taskId: string,
    tokens: readonly string[],
    now: number,
  ): readonly string[] {
    const { counts, phones, packageName } = this.#parts;
    const shown = tokens.filter((token) => this.#admit(message, token, now));
    if (message.pushMode !== 1) counts.add(classOf(message), shown.length, now);
    const { title, content, notifyId } = message;
    const { regId: _, ...fields }: VivoMessage & { readonly regId?: string } = message;
    phones.deliver(
      {
        vendor: 'vivo',
        package: packageName,
        messageId: taskId,
        notification: { title, body: content, ...(notifyId !== undefined && { notifyId }) },
        fields,
      },
      shown,
    );
    return shown;
  }

  #admit(message: VivoMessage, token: string, now: number): boolean {
    if (message.pushMode === 1 || classOf(message) === 'system') return true;
    const { counts, settings } = this.#parts;
    const key = `device ${token}`;
    if (!counts.hasRoom(key, 1, settings().perDeviceQuota, now)) return false;
    counts.add(key, 1, now);
    return true;
  }
}
