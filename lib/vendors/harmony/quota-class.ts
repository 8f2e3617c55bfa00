import type { QuotaClassOf } from '../../model/quota';
import { categoryOf } from '../huawei-content';
import { SERVICE_CATEGORIES } from './categories';
import { fieldsOf } from './payload';

const SERVICES: ReadonlySet<string> = new Set(SERVICE_CATEGORIES);

/** By category, as on Huawei's other phones; test messages count apart (harmonyos-references/push-msg-freq-control). */
export const quotaClassOf: QuotaClassOf = ({ fields }, messageClass) => {
  const { notification, pushOptions } = fieldsOf(fields);
  if (pushOptions?.testMessage === true) return 'test';
  const category = notification?.category ?? categoryOf(messageClass);
  return SERVICES.has(category) ? 'service' : 'marketing';
};
