import { honor } from '../lib/vendors/honor';
import { quotaClassOf } from '../lib/vendors/honor/quota-class';
import { createHonorSender } from '../lib/vendors/honor/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the honor queues. */
export const handler = senderFunction(honor, createHonorSender, quotaClassOf);
