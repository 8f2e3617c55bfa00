import type { QuotaClassOf } from '../../model/quota';
import { fieldsOf } from './payload';
import { importanceOf } from './protocol';

/**
 * By importance: LOW is marketing (docs.getui.com/getui/mobile/vendor/qps/, checked 2026-11-24); test messages (`targetUserType` 1)
 * count apart (github.com/zandala88/honor-push). What only the app sees is shown by no phone, and so not limited.
 */
export const quotaClassOf: QuotaClassOf = ({ fields }, messageClass) => {
  const { honorField, honorPassThroughField } = fieldsOf(fields);
  if (honorPassThroughField !== undefined) return undefined;
  if (honorField?.targetUserType === 1) return 'test';
  const importance = honorField?.notification?.importance ?? importanceOf(messageClass);
  return importance === 'LOW' ? 'marketing' : 'service';
};
