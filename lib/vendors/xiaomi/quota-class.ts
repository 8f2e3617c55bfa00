import type { QuotaClassOf } from '../../model/quota';
import { fieldsOf } from './payload';

/**
 * By the channel (https://dev.mi.com/xiaomihyperos/documentation/detail?pId=1656, 2026-02-04): none is the default class. Which class
 * a channel was approved for only Xiaomi's console says: one with a template is private, and so is one without until the end of 2026
 * (pId=2314), unless its messages are called marketing.
 */
export const quotaClassOf: QuotaClassOf = ({ fields }, messageClass) => {
  const { extras } = fieldsOf(fields);
  const { channel_id = messageClass?.channelId, template_id = messageClass?.templateId } = extras;
  if (channel_id === undefined) return 'default';
  const isPublic = template_id === undefined && messageClass?.instantMessaging === false;
  return isPublic ? 'public' : 'private';
};
