import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { randomDigits } from '../random-digits';

/** Also the audience of every JWT. Source: developer.huawei.com, harmonyos-guides/push-jwt-token. */
export const HUAWEI_TOKEN_URL = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token';

/** The key file of a service account as the API Console gives it out. Source: harmonyos-guides/push-jwt-token. */
export const huaweiServiceAccount = v.object({
  project_id: v.string(),
  key_id: v.string(),
  private_key: v.string(),
  sub_account: v.string(),
  auth_uri: v.string(),
  token_uri: v.string(),
  auth_provider_cert_uri: v.string(),
  client_cert_uri: v.string(),
});

export type HuaweiServiceAccount = v.InferOutput<typeof huaweiServiceAccount>;

/** A new service account with an RSA key of its own (2,048 bits; the vendor's have 4,096, and take seconds to make). */
export async function makeServiceAccount(): Promise<HuaweiServiceAccount> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    project_id: `3884218412${randomDigits(8)}`,
    key_id: randomBytes(16).toString('hex'),
    private_key: privateKey,
    sub_account: `11${randomDigits(7)}`,
    auth_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/authorize',
    token_uri: HUAWEI_TOKEN_URL,
    auth_provider_cert_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/certs',
    client_cert_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/x509?client_id=',
  };
}
