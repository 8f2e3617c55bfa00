import * as v from 'valibot';
import type { CertificateEntry, CertificateLimits, Endpoint } from '../model/app-settings';
import type { Certificate } from '../model/certificate';
import { type FieldError, Refusal } from '../model/errors';
import type { CertificateStore } from '../model/ports';
import { vendorOf } from '../vendors/registry';
import type { Vendor } from '../vendors/vendor';

/** What a vendor made of a certificate. */
interface Verification {
  readonly result: 'accepted' | 'refused' | 'unknown';
  readonly code?: string;
  readonly text: string;
}

export interface ConfigurePorts {
  readonly certificates: CertificateStore;
  readonly loopbackAllowed: boolean;
  /** Asks the vendor; absent where nobody wants to know. */
  readonly verify?: (certificate: Certificate) => Promise<Verification>;
}

/** A certificate as stored, with what its owner should know about it. */
export interface ConfiguredCertificate extends CertificateEntry {
  /** What its settings lead to without being wrong. */
  readonly warnings: readonly string[];
  readonly verification?: Verification;
}

/**
 * Stores a certificate once its vendor's own checks pass; throws `Refusal` 400 naming what is wrong, and where the
 * vendor was asked, what it answered. Nothing is stored then.
 */
export async function configureCertificate(
  certificate: Omit<Certificate, 'receiptId'>,
  { certificates, loopbackAllowed, verify }: ConfigurePorts,
): Promise<ConfiguredCertificate> {
  const vendor = vendorOf(certificate.vendor);
  if (vendor === undefined) {
    throw invalid([{ path: 'vendor', message: 'is not supported yet' }]);
  }
  const credentials = v.safeParse(vendor.credentials, certificate.credentials);
  if (!credentials.success) {
    throw invalid(credentials.issues.map((issue) => credentialError(issue)));
  }
  if (vendor.packageRequired && certificate.package === undefined) {
    throw invalid([{ path: 'package', message: `is required for ${vendor.id}` }]);
  }
  // a secret that nobody looks at would only seem to protect
  if (certificate.receipts !== undefined && !vendor.receiptsCheckable) {
    throw invalid([{ path: 'receipts', message: `${vendor.id} sends nothing to check them with` }]);
  }
  const errors = [
    ...(['endpoint', 'authEndpoint'] as const).flatMap((path) =>
      endpointErrors(path, certificate[path], vendor, loopbackAllowed),
    ),
    ...limitErrors(certificate.limits, vendor),
  ];
  if (errors.length > 0) throw invalid(errors);
  const checked = { ...certificate, credentials: { ...credentials.output } };
  const verification = await verify?.({ ...checked, receiptId: '' });
  if (verification?.result === 'refused') {
    const { code = '', text } = verification;
    throw invalid([{ path: 'credentials', message: `${vendor.id} refuses them: ${code} ${text}` }]);
  }
  const entry = await certificates.put(checked);
  return {
    ...entry,
    warnings: vendor.warningsFor?.(checked) ?? [],
    ...(verification === undefined ? {} : { verification }),
  };
}

function endpointErrors(
  path: string,
  endpoint: Endpoint | undefined,
  vendor: Vendor,
  loopbackAllowed: boolean,
): FieldError[] {
  const addresses = typeof endpoint === 'string' ? { '': endpoint } : (endpoint ?? {});
  return Object.entries(addresses).flatMap(([region, address]) =>
    isAllowed(new URL(address), vendor, loopbackAllowed)
      ? []
      : [
          {
            path: region === '' ? path : `${path}.${region}`,
            message: `must be an https address of ${vendor.hosts.join(', ')}`,
          },
        ],
  );
}

/** What is stated of a class that the vendor does not have would hold for nothing. */
function limitErrors(limits: CertificateLimits = {}, vendor: Vendor): FieldError[] {
  const known = Object.keys(vendor.limits.quotas?.classes ?? {});
  return (['dailyTotals', 'perDeviceDaily', 'quietHours'] as const).flatMap((path) =>
    Object.keys(limits[path] ?? {})
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: `limits.${path}.${name}`,
        message:
          known.length === 0
            ? `${vendor.id} has no classes with quotas`
            : `must be a class of ${vendor.id}: ${known.join(', ')}`,
      })),
  );
}

function isAllowed(url: URL, vendor: Vendor, loopbackAllowed: boolean): boolean {
  if (loopbackAllowed && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return true;
  return (
    url.protocol === 'https:' &&
    url.username === '' &&
    vendor.hosts.some((host) =>
      host.startsWith('.') ? url.hostname.endsWith(host) : url.hostname === host,
    )
  );
}

/** The path, and never the value: it may be a secret. */
function credentialError(issue: v.BaseIssue<unknown>): FieldError {
  const path = ['credentials', ...(issue.path ?? []).map(({ key }) => String(key))].join('.');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return { path, message: 'is not a known field' };
  }
  return { path, message: issue.received === 'undefined' ? 'is required' : 'is invalid' };
}

function invalid(fields: readonly FieldError[]): Refusal {
  return new Refusal(400, 'the request has invalid fields', fields);
}
