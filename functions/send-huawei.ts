import { huawei } from '../lib/vendors/huawei';
import { createHuaweiSender } from '../lib/vendors/huawei/sender';
import { senderFunction } from './wiring/sender';

/** Delivers jobs of the huawei queues. */
export const handler = senderFunction(huawei, createHuaweiSender);
