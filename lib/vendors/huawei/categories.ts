/**
 * Categories of messages that are no marketing: HMSCore-References/https-send-api-0000001050986197 (2025-08); SYSTEM_REMINDER:
 * help.aliyun.com/document_detail/436435.html. PLAY_VOICE, not among them, is for pass-through messages alone.
 */
export const SERVICE_CATEGORIES = [
  'IM',
  'VOIP',
  'SUBSCRIPTION',
  'TRAVEL',
  'HEALTH',
  'WORK',
  'ACCOUNT',
  'EXPRESS',
  'FINANCE',
  'DEVICE_REMINDER',
  'MAIL',
  'SYSTEM_REMINDER',
] as const;
