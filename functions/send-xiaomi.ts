import { xiaomi } from '../lib/vendors/xiaomi';
import { quotaClassOf } from '../lib/vendors/xiaomi/quota-class';
import { createXiaomiSender } from '../lib/vendors/xiaomi/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the xiaomi queues. */
export const handler = senderFunction(xiaomi, createXiaomiSender, quotaClassOf);
