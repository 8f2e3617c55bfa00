import { DayCounts } from '../china-day';
import type { Faults } from '../faults';
import { RateWindows } from '../rate-windows';
import { TARGET_CODES } from './codes';

/** What can be told of phones and quotas through the control. */
export interface TargetSettings {
  /** pushIds whose owner switched notifications off, besides those that begin with `muted-`. */
  mutedTokens: ReadonlySet<string>;
  /** A code for each of some pushIds, such as 513 or 519. */
  targetCodes: Readonly<Record<string, number>>;
  /** Messages a phone gets in a minute before the next are folded; undefined: no limit. */
  foldAfter: number | undefined;
  /** Public messages a day; undefined: no limit. */
  publicQuota: number | undefined;
  /** Messages a day; undefined: no limit. */
  totalQuota: number | undefined;
}

/** "消息折叠（1分钟内同一设备同一应用消息收到多次，默认5次）" */
const FOLD_AFTER = 5;
const MINUTE_MS = 60_000;

/** The form of pushIds is not documented; all examples are letters and digits. */
const PUSH_ID = /^[0-9A-Za-z_-]{1,128}$/;

/** The settings before anybody changed them. */
function initialSettings(): TargetSettings {
  return {
    mutedTokens: new Set(),
    targetCodes: {},
    foldAfter: FOLD_AFTER,
    publicQuota: undefined,
    totalQuota: undefined,
  };
}

/** What became of each target of a call. */
export interface Outcome {
  readonly reached: readonly string[];
  /** Code → targets it is for. */
  readonly failed: Readonly<Record<string, readonly string[]>>;
}

/** Decides which targets of a call get its message. */
export class Targets {
  readonly settings: TargetSettings = initialSettings();
  readonly #faults: Faults;
  readonly #days = new DayCounts();
  readonly #windows = new RateWindows(MINUTE_MS);

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** No message at all may go out today any more. */
  isDayOver(now: number): boolean {
    return !this.#days.hasRoom('total', 1, this.settings.totalQuota, now);
  }

  send(pushIds: readonly string[], isPublic: boolean, now: number): Outcome {
    const reached: string[] = [];
    const failed: Record<string, string[]> = {};
    for (const pushId of new Set(pushIds)) {
      const code = this.#judge(pushId, isPublic, now);
      if (code === undefined) {
        reached.push(pushId);
        this.#days.add('total', 1, now);
        if (isPublic) this.#days.add('public', 1, now);
      } else {
        failed[code] ??= [];
        failed[code].push(pushId);
      }
    }
    return { reached, failed };
  }

  reset(): void {
    Object.assign(this.settings, initialSettings());
    this.#days.clear();
    this.#windows.clear();
  }

  #judge(pushId: string, isPublic: boolean, now: number): number | undefined {
    const { mutedTokens, targetCodes, publicQuota } = this.settings;
    const asked = targetCodes[pushId];
    if (asked !== undefined) return asked;
    if (!PUSH_ID.test(pushId)) return TARGET_CODES.illegal;
    if (this.#faults.isDead(pushId)) return TARGET_CODES.notSubscribed;
    if (pushId.startsWith('muted-') || mutedTokens.has(pushId)) return TARGET_CODES.switchedOff;
    if (isPublic && !this.#days.hasRoom('public', 1, publicQuota, now)) {
      return TARGET_CODES.publicMessagesUsedUp;
    }
    const isShown = this.#windows.admit(pushId, this.settings.foldAfter, performance.now());
    return isShown ? undefined : TARGET_CODES.folded;
  }
}
