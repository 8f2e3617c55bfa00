import type { Certificate } from '../../../lib/model/certificate';

export const MEIZU_CREDENTIALS = {
  appId: '100001',
  appSecret: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
};

export const PUSH_IDS = [
  'R5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69788',
  'R5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69799',
] as const;

export function aMeizuCertificate(change: Partial<Certificate> = {}): Certificate {
  return {
    name: 'meizu cert',
    appKey: 'app',
    vendor: 'meizu',
    credentials: MEIZU_CREDENTIALS,
    package: 'com.example.shop',
    receiptId: 'm'.repeat(22),
    ...change,
  };
}
