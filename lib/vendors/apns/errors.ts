import { configure, deviceFull, dropMessage, dropToken, refused, retry } from '../error-meanings';
import type { ErrorTable } from '../vendor';

/**
 * Apple's `reason` → meaning (https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns,
 * checked 2026-11-24; the newer names of 403 and `IdleTimeout` as in github.com/sideshow/apns2 and github.com/AndrewBarba/apns2).
 * `sender.ts` decides what a reason alone does not: BadDeviceToken and DeviceTokenNotForTopic drop a token only once another one of
 * the certificate was accepted, ExpiredProviderToken, IdleTimeout and Shutdown are answered by a repeat. A reason in no row goes by its
 * HTTP status.
 */
export const errors: ErrorTable = {
  // the token; a wrong environment or bundle id of the certificate makes every token look so
  BadDeviceToken: dropToken('token malformed, or of the other environment'),
  DeviceTokenNotForTopic: dropToken('token of another bundle id'),
  // since `timestamp`
  Unregistered: dropToken('app removed, or push turned off for it'),
  ExpiredToken: dropToken('token expired'),

  // our request
  BadCollapseId: dropMessage('collapse id too long'),
  BadExpirationDate: dropMessage('expiration date invalid'),
  BadMessageId: dropMessage('message id invalid'),
  BadPriority: dropMessage('priority invalid'),
  BadTopic: dropMessage('topic invalid'),
  InvalidPushType: dropMessage('push type invalid'),
  MissingTopic: dropMessage('topic missing'),
  MissingDeviceToken: dropMessage('token missing in the path'),
  DuplicateHeaders: dropMessage('headers repeated'),
  PayloadEmpty: dropMessage('payload empty'),
  PayloadTooLarge: dropMessage('payload too large'),
  BadPath: dropMessage('path invalid'),
  MethodNotAllowed: dropMessage('method is not POST'),

  // the certificate
  TopicDisallowed: configure('pushing to this topic is not allowed'),
  Forbidden: configure('action not allowed'),
  BadCertificate: configure('certificate invalid'),
  BadCertificateEnvironment: configure('certificate of the other environment'),
  BadEnvironmentKeyIdInToken: configure('key is for the other environment'),
  BadEnvironmentKeyInToken: configure('key is for the other environment'),

  // the provider token
  ExpiredProviderToken: refused('provider token expired: is the clock right?'),
  InvalidProviderToken: refused('provider token invalid: key id, team id or key wrong'),
  MissingProviderToken: refused('provider token missing'),

  // a new provider token within 20 minutes of the last, however few pushes there are
  TooManyProviderTokenUpdates: retry('provider token renewed too often'),

  // the one rate Apple has; 429 alone means it as well
  TooManyRequests: deviceFull('too many requests for this token'),

  // Apple's own trouble
  IdleTimeout: retry('connection was idle for too long'),
  InternalServerError: retry('internal server error'),
  ServiceUnavailable: retry('service unavailable'),
  Shutdown: retry('server is shutting down'),

  // HTTP statuses of answers without a known reason; 5xx is `unavailable` whatever its number
  'http-401': refused('HTTP 401 without a known reason'),
  'http-403': configure('HTTP 403 without a known reason'),
  'http-404': configure('HTTP 404 without a known reason: is the endpoint right?'),
  'http-408': retry('HTTP 408 without a known reason'),
  'http-413': dropMessage('HTTP 413 without a known reason'),
  'http-429': deviceFull('HTTP 429 without a known reason'),
};
