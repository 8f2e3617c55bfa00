/** Which devices a host serves (OPPO open platform, doc 11235). */
export type Region = 'mainland' | 'overseas';

/** The region of a registration id, by the number of its parts and the country among them (doc 11235). */
export function regionOf(registrationId: string): Region {
  const parts = registrationId.split('_');
  const isMainland =
    parts.length === 1 ||
    (parts.length === 2 && parts[0] === 'CN') ||
    (parts.length === 3 && parts[1] === 'CN');
  return isMainland ? 'mainland' : 'overseas';
}
