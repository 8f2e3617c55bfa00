import type { Certificate } from '../../../lib/model/certificate';

export const OPPO_CREDENTIALS = {
  appKey: '3f2a9c51d07e4b86a1c4e95b7d20f813',
  masterSecret: '9b1d7e42c6a84f03b5e2d19870ac64fe',
};

export function anOppoCertificate(change: Partial<Certificate> = {}): Certificate {
  return {
    name: 'oppo cert',
    appKey: 'app',
    vendor: 'oppo',
    credentials: OPPO_CREDENTIALS,
    package: 'com.example.shop',
    receiptId: 'o'.repeat(22),
    ...change,
  };
}
