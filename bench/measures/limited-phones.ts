import { multiply, type Rig, tokenOf } from './rig';

/** Phones behind a certificate with a limit of its own. */
export interface LimitedPhones {
  readonly accounts: readonly string[];
  readonly ratePerSecond: number;
}

/**
 * Makes a certificate that may send so many requests a second, and accounts `<name>0`, `<name>1`, … with a phone each under it. The
 * simulator enforces the limit from then on, on everything of its vendor.
 */
export async function limitPhones(
  { machine, admin, server }: Rig,
  name: string,
  count: number,
  ratePerSecond: number,
): Promise<LimitedPhones> {
  const { simulators } = machine;
  await admin.call('PUT', `/v1/certificates/${name}`, {
    vendor: 'xiaomi',
    credentials: simulators.credentials('xiaomi'),
    package: simulators.packageName,
    endpoint: simulators.endpoint('xiaomi'),
    limits: { ratePerSecond },
  });
  const accounts = Array.from({ length: count }, (_, index) => `${name}${index}`);
  const [first = '', ...others] = accounts;
  await server.call('PUT', `/v1/accounts/${first}/devices/d`, {
    platform: 'android',
    manufacturer: 'Xiaomi',
    package: simulators.packageName,
    tokens: [{ certificate: name, token: tokenOf(first) }],
  });
  await multiply(machine, first, others);
  simulators.xiaomi.obey({ ratePerSecond });
  return { accounts, ratePerSecond };
}
