import { fcm } from '../lib/vendors/fcm';
import { createFcmSender } from '../lib/vendors/fcm/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the fcm queues. */
export const handler = senderFunction(fcm, createFcmSender);
