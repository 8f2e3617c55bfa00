import type { Part } from '../report/part';
import { cpu } from './cpu';
import { latency } from './latency';
import { limiter } from './limiter';
import { presence } from './presence';
import { requests } from './requests';
import { units } from './units';

/** Everything that is measured, in this order: first what has the machine for itself, then what needs the service running. */
export const parts: readonly Part[] = [requests, presence, limiter, units, cpu, latency];
