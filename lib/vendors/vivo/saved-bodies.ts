import { type Clock, type EpochMs, MINUTE_MS } from '../../model/time';

/** How long a saved body is used again; longer, and its messages would outlive what is left of theirs. */
const KEPT_MS = MINUTE_MS;

/**
 * Bodies saved with vivo, which takes so many a day: lists of the same content, sent side by side or again after a wait for
 * the flow limit, share one.
 */
export interface SavedBodies<Saved> {
  /** What `save` came to the last time, where that was good; else what it comes to now. */
  get(key: string, save: () => Promise<Saved>): Promise<Saved>;
  forget(key: string): void;
}

export function createSavedBodies<Saved>(
  isGood: (saved: Saved) => boolean,
  clock: Clock,
): SavedBodies<Saved> {
  const bodies = new Map<string, { readonly saved: Promise<Saved>; readonly until: EpochMs }>();

  async function saveAndKeep(key: string, save: () => Promise<Saved>): Promise<Saved> {
    const now = clock.now();
    for (const [old, { until }] of bodies) {
      if (until <= now) bodies.delete(old);
    }
    const saved = save();
    bodies.set(key, { saved, until: now + KEPT_MS });
    let isKept = false;
    try {
      const what = await saved;
      isKept = isGood(what);
      return what;
    } finally {
      if (!isKept) bodies.delete(key);
    }
  }

  return {
    get(key, save) {
      const known = bodies.get(key);
      return known !== undefined && clock.now() < known.until
        ? known.saved
        : saveAndKeep(key, save);
    },
    forget(key) {
      bodies.delete(key);
    },
  };
}
