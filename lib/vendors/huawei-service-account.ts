import { createPrivateKey } from 'node:crypto';
import {
  check,
  type InferOutput,
  maxLength,
  nonEmpty,
  object,
  pipe,
  string,
  transform,
  unknown,
} from 'valibot';
import { jsonOf } from '../model/json-of';

/** No shorter key signs PS256. */
const MIN_KEY_BITS = 2_048;

/** No message names what was given: a private key is in it. */
const text = pipe(
  string('must be a string'),
  nonEmpty('must not be empty'),
  maxLength(256, 'must have at most 256 characters'),
);

/** The file Huawei's API Console offers for a service account, as an object or as its text; only what is needed is kept. */
export const huaweiServiceAccount = pipe(
  unknown(),
  transform((given) => (typeof given === 'string' ? jsonOf(given) : given)),
  object(
    {
      project_id: text,
      key_id: text,
      private_key: pipe(
        string('must be a string'),
        maxLength(16_384, 'must have at most 16384 characters'),
        check(isSigningKey, `must be an RSA private key in PEM of at least ${MIN_KEY_BITS} bits`),
      ),
      sub_account: text,
    },
    (issue) =>
      issue.expected === 'Object' ? 'must be the JSON of a service account' : 'is missing',
  ),
);

export type HuaweiServiceAccount = InferOutput<typeof huaweiServiceAccount>;

function isSigningKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return (
      asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_KEY_BITS
    );
  } catch {
    return false;
  }
}
