import type { MessageClass } from '../../model/app-settings';

/** Categories by classification: https://dev.vivo.com.cn/documentCenter/doc/359, as quoted by Alibaba Cloud EMAS (checked 2026-11-24). */
const SYSTEM = new Set(['IM', 'ACCOUNT', 'TODO', 'DEVICE_REMINDER', 'ORDER', 'SUBSCRIPTION']);
const OPERATIONAL = new Set(['NEWS', 'CONTENT', 'MARKETING', 'SOCIAL']);

/** How a message is classed. Operational ones (0) have quotas and hours, system ones (1) do not. */
export interface Classing {
  /** Absent for a category unknown here, which vivo is to class itself: a mismatch is refused (10097). */
  readonly classification?: 0 | 1;
  readonly category: string;
}

/** What a class of messages is sent as. */
export function classingOf(messageClass: MessageClass | undefined): Classing {
  const category = messageClass?.category;
  if (messageClass?.instantMessaging === false) {
    const isOperational = category !== undefined && OPERATIONAL.has(category);
    return { classification: 0, category: isOperational ? category : 'MARKETING' };
  }
  if (category === undefined || SYSTEM.has(category)) {
    return { classification: 1, category: category ?? 'IM' };
  }
  return OPERATIONAL.has(category) ? { classification: 0, category } : { category };
}
