import { safeParse } from 'valibot';
import { payloads } from '../../lib/vendors/payloads';
import type { Vendor, VendorPayload } from '../../lib/vendors/vendor';

/** What of a message's `pushPayload` is for a vendor. */
export function payloadOf({ id }: Pick<Vendor, 'id'>): VendorPayload {
  const found = Object.values(payloads).find((one) => one.id === id);
  if (found === undefined) throw new Error(`${id} has no payload`);
  return found.payload;
}

/** What a vendor's schema refuses in the members of a payload that are its own: each path with its words. */
export function problemsOf(vendor: Pick<Vendor, 'id'>, fields: unknown): readonly string[] {
  const { issues = [] } = safeParse(payloadOf(vendor).schema, fields);
  return issues.map(
    ({ path = [], message }) => `${path.map(({ key }) => String(key)).join('.')} ${message}`,
  );
}
