import { jsonReply, type Reply } from '../exchange';

/**
 * Reasons APNs gives, with their HTTP status.
 * Source: developer.apple.com, "Handling notification responses from APNs", response error strings.
 */
export const APNS_REASONS = {
  BadCollapseId: 400,
  BadDeviceToken: 400,
  BadExpirationDate: 400,
  BadMessageId: 400,
  BadPriority: 400,
  BadTopic: 400,
  DeviceTokenNotForTopic: 400,
  DuplicateHeaders: 400,
  IdleTimeout: 400,
  InvalidPushType: 400,
  MissingDeviceToken: 400,
  MissingTopic: 400,
  PayloadEmpty: 400,
  TopicDisallowed: 400,
  BadCertificate: 403,
  BadCertificateEnvironment: 403,
  BadEnvironmentKeyIdInToken: 403,
  ExpiredProviderToken: 403,
  Forbidden: 403,
  InvalidProviderToken: 403,
  MissingProviderToken: 403,
  BadPath: 404,
  MethodNotAllowed: 405,
  ExpiredToken: 410,
  Unregistered: 410,
  PayloadTooLarge: 413,
  TooManyProviderTokenUpdates: 429,
  TooManyRequests: 429,
  InternalServerError: 500,
  ServiceUnavailable: 503,
  Shutdown: 503,
} as const satisfies Readonly<Record<string, number>>;

export type ApnsReason = keyof typeof APNS_REASONS;

/** The reason a failure has that was asked for by its HTTP status alone. */
const BY_STATUS: Readonly<Record<number, ApnsReason>> = {
  400: 'BadDeviceToken',
  403: 'InvalidProviderToken',
  404: 'BadPath',
  405: 'MethodNotAllowed',
  410: 'Unregistered',
  413: 'PayloadTooLarge',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

/** Why a request is refused; `note` says more than the vendor would, for whoever debugs a sender. */
export interface ApnsRefusal {
  readonly reason: ApnsReason;
  readonly note?: string;
}

export function refuse(reason: ApnsReason, note?: string): ApnsRefusal {
  return { reason, ...(note !== undefined && { note }) };
}

export function isReason(text: string): text is ApnsReason {
  return Object.hasOwn(APNS_REASONS, text);
}

export function reasonOfStatus(status: number): ApnsReason | undefined {
  return BY_STATUS[status];
}

/** An answer other than 200. `timestamp` (milliseconds) only goes with 410. */
export function reasonReply(
  reason: string,
  status: number,
  timestamp: number,
  headers: Readonly<Record<string, string>>,
): Reply {
  return jsonReply(status, { reason, ...(status === 410 && { timestamp }) }, headers);
}
