import { createPrivateKey } from 'node:crypto';
import {
  boolean,
  check,
  type InferOutput,
  maxLength,
  optional,
  pipe,
  regex,
  strictObject,
  string,
} from 'valibot';

const TEN_CHARACTERS = /^[A-Z0-9]{10}$/;

/** No message names what was given: a private key is in it. */
const tenCharacters = pipe(
  string('must be a string'),
  regex(TEN_CHARACTERS, 'must be 10 capital letters and digits'),
);

/** Team, key and bundle id of the app, and the key's `.p8` file as Apple offers it. */
export const credentials = strictObject(
  {
    teamId: tenCharacters,
    keyId: tenCharacters,
    privateKey: pipe(
      string('must be a string'),
      maxLength(4_096, 'must have at most 4096 characters'),
      check(isP256Key, 'must be an EC private key (P-256) in PEM'),
    ),
    topic: pipe(
      string('must be a string'),
      maxLength(255, 'must have at most 255 characters'),
      regex(/^[A-Za-z0-9.-]+$/, 'must be a bundle id'),
    ),
    sandbox: optional(boolean('must be true or false')),
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

export type ApnsCredentials = InferOutput<typeof credentials>;

function isP256Key(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}
