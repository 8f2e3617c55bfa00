import { type InferOutput, maxLength, pipe, regex, strictObject, string } from 'valibot';

/** AppId and AppSecret of the app in Meizu's push console. No message names what was given: it is a secret. */
export const credentials = strictObject(
  {
    appId: pipe(string('must be a string'), regex(/^\d{1,20}$/, 'must be digits')),
    appSecret: pipe(
      string('must be a string'),
      maxLength(128, 'must have at most 128 characters'),
      regex(/^[\x21-\x7e]+$/, 'must have printable ASCII characters only, and at least one'),
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

export type MeizuCredentials = InferOutput<typeof credentials>;
