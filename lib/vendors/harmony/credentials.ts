import { type InferOutput, maxLength, pipe, regex, strictObject, string } from 'valibot';
import { huaweiServiceAccount } from '../huawei-service-account';

/** Part of an address. No message names what was given: it may be a secret in the wrong place. */
const id = pipe(
  string('must be a string'),
  maxLength(128, 'must have at most 128 characters'),
  regex(/^[\w-]+$/, 'must have letters, digits, "-" and "_" only, and at least one'),
);

/** Project and client of the app in AppGallery Connect, and the key file of a service account of that project. */
export const credentials = strictObject(
  { projectId: id, clientId: id, serviceAccount: huaweiServiceAccount },
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

export type HarmonyCredentials = InferOutput<typeof credentials>;
