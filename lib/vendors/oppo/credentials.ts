import { type InferOutput, maxLength, pipe, regex, strictObject, string } from 'valibot';

/** Printable ASCII. No message names what was given: it is a secret. */
const key = pipe(
  string('must be a string'),
  maxLength(128, 'must have at most 128 characters'),
  regex(/^[\x21-\x7e]+$/, 'must have printable ASCII characters only, and at least one'),
);

/** AppKey and MasterSecret of the app in OPPO's console; the AppSecret beside them is for the app on the phone. */
export const credentials = strictObject({ appKey: key, masterSecret: key }, (issue) => {
  switch (issue.expected) {
    case 'Object':
      return 'must be an object';
    case 'never':
      return 'is not a field of these credentials';
    default:
      return 'is missing';
  }
});

export type OppoCredentials = InferOutput<typeof credentials>;
