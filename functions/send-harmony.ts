import { harmony } from '../lib/vendors/harmony';
import { quotaClassOf } from '../lib/vendors/harmony/quota-class';
import { createHarmonySender } from '../lib/vendors/harmony/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the harmony queues. */
export const handler = senderFunction(harmony, createHarmonySender, quotaClassOf);
