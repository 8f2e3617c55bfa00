import { type CertificateSettings, readLimits, type Vendor } from '../vendor';
import { abilities } from './abilities';
import { credentials } from './credentials';
import { errors } from './errors';
import limits from './limits.json' with { type: 'json' };
import { readReceipts } from './receipts';

/** Xiaomi Push (MiPush) for Android phones of Xiaomi, Redmi and POCO. */
export const xiaomi: Vendor = {
  id: 'xiaomi',
  limits: readLimits(limits),
  errors,
  credentials,
  packageRequired: true,
  ...abilities,
  endpoint: 'https://api.xmpush.xiaomi.com',
  hosts: ['.xmpush.xiaomi.com', '.xmpush.global.xiaomi.com'],
  readReceipts,
  regionOf,
  warningsFor,
};

const EUROPE = new Set(
  'AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK UK'.split(
    ' ',
  ),
);

/**
 * Data centres outside China: EEA and United Kingdom, Russia, India, and Singapore for all others (names of two
 * open-source clients, checked 2026-11-24). Used only where a certificate gives an endpoint for each region, for an
 * app registered in China stays with the Chinese host wherever its users travel.
 */
function regionOf(_token: string, deviceRegion = 'CN'): string {
  const country = deviceRegion.trim().toUpperCase();
  if (country === 'CN') return 'china';
  if (country === 'IN') return 'india';
  if (country === 'RU') return 'russia';
  return EUROPE.has(country) ? 'europe' : 'singapore';
}

/** https://dev.mi.com/xiaomihyperos/documentation/detail?pId=2314 (2026-06-02): chat messages need a channel and a template. */
function warningsFor({ classes }: CertificateSettings): readonly string[] {
  const { channelId, templateId } = classes?.['im'] ?? {};
  if (channelId === undefined) {
    return [
      'classes.im.channelId is not set: Xiaomi takes chat messages for public ones, a few a day for each phone',
    ];
  }
  return templateId === undefined
    ? [
        'classes.im.templateId is not set: Xiaomi refuses messages of a private channel without a template (27001)',
      ]
    : [];
}
