import { type EpochMs, SECOND_MS } from '../model/time';
import type { RateWindow } from './quota';

/**
 * How often this container has pushed to each device lately, so that only those it pushes to very often have to be counted with
 * the other containers. A thousand pushes a second fit in: devices share counters, which may only make one look busier than it is.
 */
export interface DeviceRates {
  /** Counts a push to a device, and answers how many of its pushes in this window all containers have to know of: mostly none. */
  count(window: RateWindow, device: string, now: EpochMs): number;
  /** They know of them now; from here on each push is one to be told. */
  told(window: RateWindow, device: string, now: EpochMs): void;
}

const COUNTERS = 65_536;
const MOST_COUNTED = 65_535;

interface Counts {
  readonly period: number;
  readonly counters: Uint16Array;
  readonly told: Set<string>;
}

/** @param containers how many there are at most, this one included */
export function createDeviceRates(containers: number): DeviceRates {
  const bySeconds = new Map<number, Counts>();

  function countsOf({ seconds }: RateWindow, now: EpochMs): Counts {
    const period = periodOf(seconds, now);
    const known = bySeconds.get(seconds);
    if (known?.period === period) return known;
    const counters = known?.counters.fill(0) ?? new Uint16Array(COUNTERS);
    const counts = { period, counters, told: new Set<string>() };
    bySeconds.set(seconds, counts);
    return counts;
  }

  return {
    count(window, device, now) {
      const { counters, told } = countsOf(window, now);
      const place = placeOf(device);
      const own = Math.min(MOST_COUNTED, (counters[place] ?? 0) + 1);
      counters[place] = own;
      const untold = untoldShare(window.limit, containers);
      if (own <= untold) return 0;
      return told.has(device) ? 1 : untold + 1;
    },
    told(window, device, now) {
      countsOf(window, now).told.add(device);
    },
  };
}

/** Which window a moment is in; they begin by the clock. */
export function periodOf(seconds: number, now: EpochMs): number {
  return Math.floor(now / (seconds * SECOND_MS));
}

/** When the window ends that a moment is in. */
export function periodEndsAt(seconds: number, now: EpochMs): EpochMs {
  return (periodOf(seconds, now) + 1) * seconds * SECOND_MS;
}

/** What a container may push to a device in a window before it tells the others: of all containers together a quarter of the limit. */
function untoldShare(limit: number, containers: number): number {
  return Math.floor(limit / (4 * containers));
}

/** What all containers may count together, for every other one may push its share without telling. */
export function toldLimit(limit: number, containers: number): number {
  return limit - (containers - 1) * untoldShare(limit, containers);
}

/** FNV-1a: any spread will do, and tokens are not chosen to collide. */
function placeOf(device: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < device.length; at += 1) {
    hash = Math.imul(hash ^ device.charCodeAt(at), 0x01000193);
  }
  return ((hash >>> 16) ^ hash) & (COUNTERS - 1);
}
