import { oppo } from '../lib/vendors/oppo';
import { quotaClassOf } from '../lib/vendors/oppo/quota-class';
import { createOppoSender } from '../lib/vendors/oppo/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the oppo queues. */
export const handler = senderFunction(oppo, createOppoSender, quotaClassOf);
