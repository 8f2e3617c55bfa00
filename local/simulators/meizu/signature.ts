import { createHash } from 'node:crypto';

/**
 * `sign` of a call: MD5 in lower-case hex over all other parameters by name, each as `name=value` with the value
 * as it is before encoding, without separators, and the AppSecret.
 * Source: github.com/MEIZUPUSH/PushAPI, README, "接口签名规范".
 */
export function signParameters(parameters: ReadonlyMap<string, string>, appSecret: string): string {
  const names = [...parameters.keys()].filter((name) => name !== 'sign').sort();
  const text = names.map((name) => `${name}=${parameters.get(name)}`).join('');
  return createHash('md5').update(`${text}${appSecret}`, 'utf8').digest('hex');
}
