import { limiter } from './measures/limiter';
import { units } from './measures/units';
import type { Part } from './part';

/** Everything that is measured, in this order: first what has the machine for itself, then what needs the service running. */
export const parts: readonly Part[] = [limiter, units];
