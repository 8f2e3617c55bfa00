import { createHash } from 'node:crypto';
import { APP_KEY } from '../model/app-settings';
import { Refusal } from '../model/errors';
import type { SecretStore } from '../model/ports';
import { isSignedFor, WINDOW_MS } from './checksum';
import type { RawCall } from './http-function';

/**
 * Whose app a copy is of, that NIM's own servers send: checks the headers `AppKey`, `CurTime` (milliseconds), `MD5`
 * (hex, of the body as it came) and `CheckSum`, the lower-case hex SHA-1 of app secret, MD5 and time. Throws `Refusal`
 * 401 with one fixed text per cause. There is no nonce, for a copy may come again.
 *
 * Source: https://doc.yunxin.163.com/messaging/guide/TcxNzU4NzU?platform=server (2025-01-02).
 */
export async function verifyCopy(
  { headers, body }: RawCall,
  secrets: SecretStore,
): Promise<string> {
  const { appkey: appKey = '', curtime: curTime = '', md5 = '', checksum = '' } = headers;
  const isWhole =
    APP_KEY.test(appKey) &&
    /^\d{1,14}$/.test(curTime) &&
    /^[0-9a-f]{32}$/i.test(md5) &&
    /^[0-9a-f]{40}$/.test(checksum);
  if (!isWhole) {
    throw new Refusal(401, 'AppKey, CurTime, MD5 or CheckSum is missing or malformed');
  }
  if (Math.abs(Date.now() - Number(curTime)) > WINDOW_MS) {
    throw new Refusal(401, 'CurTime is more than 5 minutes from the time here');
  }
  if (createHash('md5').update(body).digest('hex') !== md5.toLowerCase()) {
    throw new Refusal(401, 'the MD5 is not that of the body');
  }
  if (await isSignedFor(appKey, checksum, md5 + curTime, secrets)) return appKey;
  throw new Refusal(401, 'the CheckSum is wrong');
}
