import {
  check,
  exactOptional,
  forward,
  type InferOutput,
  maxLength,
  pipe,
  regex,
  strictObject,
  string,
} from 'valibot';
import { huaweiServiceAccount } from '../huawei-service-account';

/** Part of an address. No message names what was given: it may be a secret in the wrong place. */
const id = pipe(
  string('must be a string'),
  maxLength(128, 'must have at most 128 characters'),
  regex(/^[\w-]+$/, 'must have letters, digits, "-" and "_" only, and at least one'),
);

const secret = pipe(
  string('must be a string'),
  maxLength(256, 'must have at most 256 characters'),
  regex(/^[\x21-\x7e]+$/, 'must have printable ASCII characters only, and at least one'),
);

/**
 * Ids of the app in AppGallery Connect, with the OAuth client's secret or the key file of a service account.
 * With a `projectId` messages go through the project's address (v2), else through the client's (v1).
 */
export const credentials = pipe(
  strictObject(
    {
      appId: id,
      clientId: id,
      projectId: exactOptional(id),
      clientSecret: exactOptional(secret),
      serviceAccount: exactOptional(huaweiServiceAccount),
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
  ),
  forward(
    check(
      ({ clientSecret, serviceAccount }) =>
        (clientSecret === undefined) !== (serviceAccount === undefined),
      'must be there, unless serviceAccount is: one of the two',
    ),
    ['clientSecret'],
  ),
);

export type HuaweiCredentials = InferOutput<typeof credentials>;
