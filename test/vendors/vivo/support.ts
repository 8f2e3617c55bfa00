import type { Certificate } from '../../../lib/model/certificate';

export const VIVO_CREDENTIALS = {
  appId: '10086',
  appKey: '5f0c2b7e-1d34-4a96-8b57-c2e1f9a06d38',
  appSecret: 'e7b1c9d2-84f6-4a03-9c5e-7d2b1f60a8e4',
};

export function aVivoCertificate(change: Partial<Certificate> = {}): Certificate {
  return {
    name: 'vivo cert',
    appKey: 'app',
    vendor: 'vivo',
    credentials: VIVO_CREDENTIALS,
    receiptId: 'v'.repeat(22),
    ...change,
  };
}
