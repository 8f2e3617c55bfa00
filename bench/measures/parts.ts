import type { Part } from '../report/part';
import { cpu } from './cpu';
import { fairness } from './fairness';
import { latency } from './latency';
import { limiter } from './limiter';
import { overload } from './overload';
import { presence } from './presence';
import { requests } from './requests';
import { start } from './start';
import { units } from './units';

/** What needs nothing but the machine. */
export const partsAlone: readonly Part[] = [requests, presence, start, limiter];

/** What needs the service running, and nobody else to use it. */
export const partsWithService: readonly Part[] = [units, cpu, latency, overload, fairness];
