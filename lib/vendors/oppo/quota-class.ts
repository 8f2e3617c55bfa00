import type { QuotaClassOf } from '../../model/quota';
import { categoryOf, isRestricted } from './categories';
import { fieldsOf } from './payload';

/** By category: https://open.oppomobile.com/new/developmentDoc/info?id=13189 (checked 2026-11-24). */
export const quotaClassOf: QuotaClassOf = ({ fields }, messageClass) => {
  const { category = categoryOf(messageClass) } = fieldsOf(fields);
  return isRestricted(category) ? 'content-and-marketing' : 'communication-and-service';
};
