import { oppo } from '../lib/vendors/oppo';
import { createOppoSender } from '../lib/vendors/oppo/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the oppo queues. */
export const handler = senderFunction(oppo, createOppoSender);
