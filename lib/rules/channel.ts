import type { Device, DeviceFacts, RegisteredToken } from '../model/account';
import type { App, AppSettings, CertificateEntry } from '../model/app-settings';
import type { ChosenToken } from '../model/decision';
import { VENDOR_IDS, type VendorId } from '../model/vendor-id';
import { entryOf } from './entry-of';
import { isMuted } from './muted-token';
import { channelsOfMaker } from './phone-maker';

/** A vendor with the certificate of the app to register under. */
export interface RecommendedChannel {
  readonly vendor: VendorId;
  readonly certificate: string;
}

/** The vendor to ask for a token, by what the device says about itself; undefined when no channel fits. */
export function recommendChannel(
  device: Pick<Device, 'platform' | 'facts'>,
  app: App,
): RecommendedChannel | undefined {
  const { supportedVendors } = device.facts;
  for (const vendor of channelsOf(device, app.settings)) {
    if (supportedVendors === undefined || supportedVendors.includes(vendor)) {
      const certificate = fittingCertificate(vendor, device.facts, app);
      if (certificate !== undefined) {
        return { vendor, certificate: certificate.name };
      }
    }
  }
  return undefined;
}

/**
 * The token a push to this device goes to. `no-certificate` when every token it has is of a
 * certificate that was deleted, `push-disabled` when the phone shows no notifications of the app, `no-token` when
 * it has no token of a channel that may be used.
 */
export function currentChannel(
  device: Device,
  app: App,
): ChosenToken | 'no-token' | 'no-certificate' | 'push-disabled' {
  if (Object.keys(device.tokens).length === 0) {
    return 'no-token';
  }
  const usable = usableTokens(device, app);
  if (usable.length === 0) {
    return 'no-certificate';
  }
  if (usable.every((token) => isMuted(token, device))) {
    return 'push-disabled';
  }
  const recommended = recommendChannel(device, app)?.vendor;
  const allowed = usable.filter(
    ({ vendor }) => device.autoSelectPushType || vendor === recommended,
  );
  return bestOf(allowed, device, app, recommended) ?? 'no-token';
}

/**
 * The token a push goes to when these vendors do not take it, in the order in which channels are chosen: any that the device has
 * of a certificate that is there, whether the app or the device chose it. Undefined when there is none, or none shows anything.
 */
export function otherChannel(
  device: Device,
  app: App,
  without: readonly VendorId[],
): ChosenToken | undefined {
  const others = usableTokens(device, app).filter(
    (token) => !without.includes(token.vendor) && !isMuted(token, device),
  );
  return bestOf(others, device, app, recommendChannel(device, app)?.vendor);
}

interface UsableToken extends RegisteredToken {
  readonly certificate: string;
  readonly entry: CertificateEntry;
}

/** Those whose certificate is there. */
function usableTokens({ tokens }: Device, { certificates }: App): UsableToken[] {
  return Object.entries(tokens).flatMap(([certificate, token]) => {
    const entry = entryOf(certificates, certificate);
    return entry?.vendor === token.vendor ? [{ ...token, certificate, entry }] : [];
  });
}

function bestOf(
  tokens: readonly UsableToken[],
  { facts }: Device,
  { settings }: App,
  recommended: VendorId | undefined,
): ChosenToken | undefined {
  const rank = (vendor: VendorId) => rankOf(vendor, recommended, settings);
  const [best] = tokens.toSorted(
    (a, b) =>
      rank(a.vendor) - rank(b.vendor) ||
      b.registeredAt - a.registeredAt ||
      compareFit(a.entry, b.entry, facts),
  );
  if (best === undefined) {
    return undefined;
  }
  const { certificate, vendor, token, registeredAt } = best;
  const { region } = facts;
  return { certificate, vendor, token, registeredAt, ...(region === undefined ? {} : { region }) };
}

function channelsOf(
  { platform, facts }: Pick<Device, 'platform' | 'facts'>,
  settings: AppSettings,
): readonly VendorId[] {
  switch (platform) {
    case 'android': {
      const own = channelsOfMaker(facts);
      if (facts.googleServices !== true) {
        return own;
      }
      return fcmComesFirst(facts, settings) ? ['fcm', ...own] : [...own, 'fcm'];
    }
    case 'ios':
      return ['apns'];
    case 'harmony':
      return ['harmony'];
    default:
      return [];
  }
}

/** A device that names no region counts as one on the mainland. */
function fcmComesFirst({ region = 'CN' }: DeviceFacts, { fcmFirst }: AppSettings): boolean {
  const isOutside = region.trim().toUpperCase() !== 'CN';
  return fcmFirst === 'always' || (fcmFirst === 'outside-mainland' && isOutside);
}

function fittingCertificate(
  vendor: VendorId,
  facts: DeviceFacts,
  app: App,
): CertificateEntry | undefined {
  const [best] = Object.values(app.certificates)
    .filter((entry) => entry.vendor === vendor && fits(entry, facts))
    .sort((a, b) => compareFit(a, b, facts));
  return best;
}

function fits(entry: CertificateEntry, facts: DeviceFacts): boolean {
  return (
    entry.package === undefined || facts.package === undefined || entry.package === facts.package
  );
}

/** The certificate for exactly this package first, then by name. */
function compareFit(a: CertificateEntry, b: CertificateEntry, facts: DeviceFacts): number {
  const isExact = (entry: CertificateEntry) =>
    entry.package !== undefined && entry.package === facts.package;
  return Number(isExact(b)) - Number(isExact(a)) || (a.name < b.name ? -1 : 1);
}

/** Lower comes first: the recommendation, the app's list, all others in their default order, FCM. */
function rankOf(
  vendor: VendorId,
  recommended: VendorId | undefined,
  { vendorPriority }: AppSettings,
): number {
  if (vendor === recommended) {
    return -1;
  }
  if (vendor === 'fcm') {
    return Number.MAX_SAFE_INTEGER;
  }
  const place = vendorPriority.indexOf(vendor);
  return place >= 0 ? place : vendorPriority.length + VENDOR_IDS.indexOf(vendor);
}
