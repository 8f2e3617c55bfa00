import type { Part } from '../report/part';
import { cpu } from './cpu';
import { limiter } from './limiter';
import { units } from './units';

/** Everything that is measured, in this order: first what has the machine for itself, then what needs the service running. */
export const parts: readonly Part[] = [limiter, units, cpu];
