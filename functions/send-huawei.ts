import { huawei } from '../lib/vendors/huawei';
import { quotaClassOf } from '../lib/vendors/huawei/quota-class';
import { createHuaweiSender } from '../lib/vendors/huawei/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the huawei queues. */
export const handler = senderFunction(huawei, createHuaweiSender, quotaClassOf);
