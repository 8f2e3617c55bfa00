import { fcm } from '../lib/vendors/fcm';
import { quotaClassOf } from '../lib/vendors/fcm/quota-class';
import { createFcmSender } from '../lib/vendors/fcm/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the fcm queues. */
export const handler = senderFunction(fcm, createFcmSender, quotaClassOf);
