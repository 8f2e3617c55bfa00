import type { Certificate } from '../../../lib/model/certificate';
import { SERVICE_ACCOUNT } from '../support';

/** The file of Huawei's API Console. */
export const HUAWEI_SERVICE_ACCOUNT = {
  project_id: '388421841221000001',
  key_id: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  private_key: SERVICE_ACCOUNT.private_key,
  sub_account: '100200300',
};

export const HUAWEI_CREDENTIALS = {
  appId: '100200300',
  clientId: '100200300',
  clientSecret: 's3cr+t/=A&b',
};

export function aHuaweiCertificate(change: Partial<Certificate> = {}): Certificate {
  return {
    name: 'huawei cert',
    appKey: 'app',
    vendor: 'huawei',
    credentials: HUAWEI_CREDENTIALS,
    package: 'com.example.shop',
    receiptId: 'h'.repeat(22),
    ...change,
  };
}

export const HARMONY_CREDENTIALS = {
  projectId: '388421841221000001',
  clientId: '100200300',
  serviceAccount: HUAWEI_SERVICE_ACCOUNT,
};

export function aHarmonyCertificate(change: Partial<Certificate> = {}): Certificate {
  return {
    name: 'harmony cert',
    appKey: 'app',
    vendor: 'harmony',
    credentials: HARMONY_CREDENTIALS,
    package: 'com.example.shop',
    receiptId: 'n'.repeat(22),
    ...change,
  };
}
