import { type InferOutput, maxLength, pipe, regex, strictObject, string } from 'valibot';

/** Printable ASCII. No message names what was given: it is a secret. */
const key = pipe(
  string('must be a string'),
  maxLength(256, 'must have at most 256 characters'),
  regex(/^[\x21-\x7e]+$/, 'must have printable ASCII characters only, and at least one'),
);

/** App ID, client id and client secret of the push service's page in Honor's console. The App ID is not the client id. */
export const credentials = strictObject(
  {
    appId: pipe(string('must be a string'), regex(/^\d{1,20}$/, 'must be digits')),
    clientId: key,
    clientSecret: key,
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

export type HonorCredentials = InferOutput<typeof credentials>;
