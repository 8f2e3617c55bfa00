import type { QuotaClassOf } from '../../model/quota';
import { categoryOf } from '../huawei-content';
import { SERVICE_CATEGORIES } from './categories';
import { fieldsOf } from './payload';

const SERVICES: ReadonlySet<string> = new Set(SERVICE_CATEGORIES);

/**
 * By category: all that is not for services counts as marketing, test messages (`target_user_type` 1) as neither
 * (HMSCore-References/https-send-api-0000001050986197). What only the app sees is shown by no phone, and so not limited.
 */
export const quotaClassOf: QuotaClassOf = ({ fields }, messageClass) => {
  const { hwField, hwPassThroughField } = fieldsOf(fields);
  if (hwPassThroughField !== undefined) return undefined;
  const { category = categoryOf(messageClass), target_user_type } = hwField?.androidConfig ?? {};
  if (target_user_type === 1) return 'test';
  return SERVICES.has(category) ? 'service' : 'marketing';
};
