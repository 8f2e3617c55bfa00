import { vivo } from '../lib/vendors/vivo';
import { quotaClassOf } from '../lib/vendors/vivo/quota-class';
import { createVivoSender } from '../lib/vendors/vivo/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the vivo queues. */
export const handler = senderFunction(vivo, createVivoSender, quotaClassOf);
