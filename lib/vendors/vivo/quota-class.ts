import type { QuotaClassOf } from '../../model/quota';
import { classingOf } from './categories';
import { fieldsOf } from './payload';

/**
 * By classification: https://dev.vivo.com.cn/documentCenter/doc/359 (checked 2026-11-24). Test messages (`pushMode` 1) are outside of
 * all quotas; a category that is not known here vivo classes itself.
 */
export const quotaClassOf: QuotaClassOf = ({ fields }, messageClass) => {
  const { pushMode, category, classification } = fieldsOf(fields);
  if (pushMode === 1) return undefined;
  const given = {
    ...(category === undefined ? {} : { category }),
    ...(classification === undefined ? {} : { classification }),
  };
  switch (classingOf(messageClass, given).classification) {
    case 0:
      return 'operational';
    case 1:
      return 'system';
    default:
      return undefined;
  }
};
