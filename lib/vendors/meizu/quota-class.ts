import type { QuotaClassOf } from '../../model/quota';
import { fieldsOf } from './payload';

/** By `noticeMsgType`: 0 is public, 1 private (github.com/MEIZUPUSH/JavaSdk 1.2.13, 2025-04-22). */
export const quotaClassOf: QuotaClassOf = ({ fields }, messageClass) => {
  const byDefault = messageClass?.instantMessaging === false ? 0 : 1;
  const { noticeMsgType = byDefault } = fieldsOf(fields).noticeBarInfo ?? {};
  return noticeMsgType === 0 ? 'public' : 'private';
};
