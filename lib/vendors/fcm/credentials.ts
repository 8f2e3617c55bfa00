import { createPrivateKey } from 'node:crypto';
import {
  check,
  type InferOutput,
  literal,
  maxLength,
  nonEmpty,
  object,
  optional,
  pipe,
  regex,
  strictObject,
  string,
  transform,
  unknown,
} from 'valibot';
import { jsonOf } from '../../model/json-of';

/** No message names what was given: a private key is in it. */
const text = pipe(
  string('must be a string'),
  nonEmpty('must not be empty'),
  maxLength(256, 'must have at most 256 characters'),
);

const serviceAccount = object(
  {
    type: literal('service_account', 'must be "service_account"'),
    project_id: pipe(text, regex(/^[a-z0-9.:-]+$/i, 'must be a Google project id')),
    private_key_id: optional(text),
    private_key: pipe(
      string('must be a string'),
      maxLength(16_384, 'must have at most 16384 characters'),
      check(isRsaKey, 'must be an RSA private key in PEM'),
    ),
    client_email: text,
    token_uri: pipe(text, regex(/^https?:\/\/\S+$/, 'must be a URL')),
  },
  (issue) => (issue.expected === 'Object' ? 'must be the JSON of a service account' : 'is missing'),
);

/** Google's JSON of a service account, as an object or as its text; of its fields only those needed are kept. */
export const credentials = strictObject(
  {
    serviceAccount: pipe(
      unknown(),
      transform((given) => (typeof given === 'string' ? jsonOf(given) : given)),
      serviceAccount,
    ),
  },
  (issue) => {
    switch (issue.expected) {
      case 'Object':
        return 'must be an object';
      case 'never':
        return 'is not a field of these credentials';
      default:
        return 'is missing';
    }
  },
);

export type ServiceAccount = InferOutput<typeof serviceAccount>;

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
