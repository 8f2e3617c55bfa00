import { looseObject, object, optional } from 'valibot';
import type { VendorPayload } from '../vendor';

/** What of NIM's `pushPayload` is this vendor's. */
export const payload: VendorPayload = {
  members: ['meizuField'],
  schema: object({
    meizuField: optional(looseObject({})),
  }),
};
