import { type InferOutput, maxLength, pipe, regex, strictObject, string } from 'valibot';

/** Printable ASCII: what may stand in an HTTP header. No message names what was given: it is a secret. */
const key = pipe(
  string('must be a string'),
  maxLength(128, 'must have at most 128 characters'),
  regex(/^[\x21-\x7e]+$/, 'must have printable ASCII characters only, and at least one'),
);

/** AppId, AppKey and AppSecret of the app in Xiaomi's console; requests carry the AppSecret alone. */
export const credentials = strictObject({ appId: key, appKey: key, appSecret: key }, (issue) => {
  switch (issue.expected) {
    case 'Object':
      return 'must be an object';
    case 'never':
      return 'is not a field of these credentials';
    default:
      return 'is missing';
  }
});

export type XiaomiCredentials = InferOutput<typeof credentials>;
