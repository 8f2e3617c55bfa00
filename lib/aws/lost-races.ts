import { setTimeout as pause } from 'node:timers/promises';
import { ConflictError } from '../model/errors';
import { isLostRace } from './conditions';

const MAX_TRIES = 10;
/** Between tries, so that those who write one item at once do not meet again: doubled each time, up to a limit. */
const FIRST_PAUSE_MS = 4;
const MAX_PAUSE_MS = 250;

/** Reads and writes anew until nobody else was faster. Throws `ConflictError`, naming `what`, after too many tries. */
export async function untilWon<Result>(
  what: string,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isLostRace(error)) throw error;
    }
    await pause(Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** tries, MAX_PAUSE_MS));
  }
  throw new ConflictError(`${what} kept changing`);
}
