import type { FormFields } from '../strict-form';
import { type Refusal, refuse } from './codes';
import { checkTargets } from './message-checks';

/** What is to be taken out of trays. */
export interface Revocation {
  readonly targets: readonly string[];
  readonly packageName: string;
  readonly notifyId: number;
}

const FIELDS: ReadonlySet<string> = new Set([
  'registration_ids',
  'restricted_package_name',
  'notify_id',
]);

/**
 * Reads the form of `/v1/message/regid/revoke`, or says why it is refused. `registration_ids` comes once for each target,
 * as the official Java SDK sends it (github.com/ggg17226/xmpush-server-api-http2).
 */
export function readRevocation(
  form: FormFields,
  packages: readonly string[],
): Revocation | Refusal {
  const unknown = [...form.keys()].find((name) => !FIELDS.has(name));
  if (unknown !== undefined) return refuse(10008, `${unknown}: no such parameter`);
  const targets = form.get('registration_ids') ?? [];
  const [packageName, ...otherPackages] = form.get('restricted_package_name') ?? [];
  const [notifyId, ...otherIds] = form.get('notify_id') ?? [];
  if (targets.length === 0) return refuse(10016, 'registration_ids is missing');
  if (packageName === undefined || notifyId === undefined) {
    return refuse(10016, 'restricted_package_name and notify_id are required');
  }
  if (otherPackages.length > 0 || otherIds.length > 0) {
    return refuse(10008, 'restricted_package_name or notify_id is given more than once');
  }
  const refusal = checkTargets(targets);
  if (refusal !== undefined) return refusal;
  if (targets.some((target) => target.includes(','))) {
    return refuse(10017, 'registration_ids has one target in each');
  }
  if (!packages.includes(packageName)) {
    return refuse(22022, 'restricted_package_name is not a package of the app');
  }
  return /^(0|[1-9]\d{0,9})$/.test(notifyId) && Number(notifyId) <= 2_147_483_647
    ? { targets, packageName, notifyId: Number(notifyId) }
    : refuse(22103, 'notify_id is illegal');
}
