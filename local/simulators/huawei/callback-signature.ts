import { createHmac } from 'node:crypto';

/** How the secret of a receipt configuration is made into a key: newer ones are Base64, older ones mere text. */
export type CallbackKeyStyle = 'decoded' | 'utf8';

/** The callback user and secret of a receipt configuration in AppGallery Connect. */
export interface CallbackCredentials {
  readonly userName: string;
  readonly secret: string;
  readonly keyStyle: CallbackKeyStyle;
}

/**
 * The value of `X-HUAWEI-CALLBACK-ID`: Base64 of HMAC-SHA256 over timestamp, nonce and user name, nothing between
 * them. Source: developer.huawei.com, harmonyos-guides/push-msg-receipt and doccenter-references/api/push-api-msg-receipt.
 */
export function signCallback(
  { userName, secret, keyStyle }: CallbackCredentials,
  timestamp: number,
  nonce: string,
): string {
  const key = Buffer.from(secret, keyStyle === 'decoded' ? 'base64' : 'utf8');
  const value = createHmac('sha256', key)
    .update(`${timestamp}${nonce}${userName}`)
    .digest('base64');
  return `timestamp=${timestamp}; nonce=${nonce}; value=${value}`;
}
