import type { Certificate } from '../../../lib/model/certificate';

export const HONOR_CREDENTIALS = {
  appId: '104400123',
  clientId: '0123456789abcdef0123456789abcdef',
  clientSecret: 's3cr+t/=A&b',
};

export function anHonorCertificate(change: Partial<Certificate> = {}): Certificate {
  return {
    name: 'honor cert',
    appKey: 'app',
    vendor: 'honor',
    credentials: HONOR_CREDENTIALS,
    package: 'com.example.shop',
    receiptId: 'h'.repeat(22),
    ...change,
  };
}
