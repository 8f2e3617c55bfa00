import {
  type InferOutput,
  maxLength,
  number,
  pipe,
  regex,
  strictObject,
  string,
  transform,
  union,
} from 'valibot';

/** Printable ASCII. No message names what was given: it is a secret. */
const key = pipe(
  string('must be a string'),
  maxLength(128, 'must have at most 128 characters'),
  regex(/^[\x21-\x7e]+$/, 'must have printable ASCII characters only, and at least one'),
);

/** A number to vivo, and often written as one; as many digits as a number can hold. */
const appId = pipe(
  union([string(), pipe(number(), transform(String))], 'must be digits'),
  regex(/^[1-9]\d{0,14}$/, 'must be digits'),
);

/** AppID, AppKey and AppSecret of the app in vivo's console. */
export const credentials = strictObject({ appId, appKey: key, appSecret: key }, (issue) => {
  switch (issue.expected) {
    case 'Object':
      return 'must be an object';
    case 'never':
      return 'is not a field of these credentials';
    default:
      return 'is missing';
  }
});

export type VivoCredentials = InferOutput<typeof credentials>;
