import { meizu } from '../lib/vendors/meizu';
import { quotaClassOf } from '../lib/vendors/meizu/quota-class';
import { createMeizuSender } from '../lib/vendors/meizu/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the meizu queues. */
export const handler = senderFunction(meizu, createMeizuSender, quotaClassOf);
