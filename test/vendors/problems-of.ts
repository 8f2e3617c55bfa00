import { safeParse } from 'valibot';
import type { Vendor } from '../../lib/vendors/vendor';

/** What a vendor's schema refuses in the members of a payload that are its own: each path with its words. */
export function problemsOf({ payload }: Vendor, fields: unknown): readonly string[] {
  const { issues = [] } = safeParse(payload.schema, fields);
  return issues.map(
    ({ path = [], message }) => `${path.map(({ key }) => String(key)).join('.')} ${message}`,
  );
}
