import { looseObject, object, optional } from 'valibot';
import type { VendorPayload } from '../vendor';

/** What of NIM's `pushPayload` is this vendor's. */
export const payload: VendorPayload = {
  members: ['fcmField', 'fcmFieldV1'],
  schema: object({
    fcmField: optional(looseObject({})),
    fcmFieldV1: optional(looseObject({})),
  }),
};
