import { apns } from '../lib/vendors/apns';
import { createApnsSender } from '../lib/vendors/apns/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the apns queues. */
export const handler = senderFunction(apns, createApnsSender);
