import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { ApiClient } from '../../local/api-client';
import type { SimulatedVendor } from '../../local/simulators/registry';
import { aMessage, type Service, xiaomiPhone } from './service';

const answered = v.object({
  recipients: v.array(
    v.object({
      reason: v.optional(v.string()),
      devices: v.array(v.object({ deviceId: v.string(), reason: v.string() })),
    }),
  ),
});

/** What was decided: the reason for each device, or for a recipient without one. */
export function reasonsIn(answer: unknown): string[] {
  return v
    .parse(answered, answer)
    .recipients.flatMap(({ reason, devices }) =>
      devices.length === 0 ? [reason ?? ''] : devices.map((device) => device.reason),
    );
}

/** Logs in a Xiaomi phone with a token of its own, and answers the token. */
export async function logIn(
  service: Pick<Service, 'server'>,
  accountId: string,
  changes: Record<string, unknown> = {},
  deviceId = 'd1',
): Promise<string> {
  const token = `reg-${randomUUID()}`;
  const path = `/v1/accounts/${accountId}/devices/${deviceId}`;
  await service.server.call('PUT', path, { ...xiaomiPhone(token), ...changes });
  return token;
}

/** Sends a new message, and answers the reasons it was decided with. */
export async function decide(
  service: Pick<Service, 'server'>,
  recipient: unknown,
): Promise<string[]> {
  return reasonsIn(await service.server.call('POST', '/v1/messages', aMessage([recipient])));
}

/** A certificate that leads to a simulated vendor. */
export function aCertificate(
  { machine: { simulators } }: Pick<Service, 'machine'>,
  vendor: SimulatedVendor = 'xiaomi',
) {
  const authEndpoint = simulators.authEndpoint(vendor);
  return {
    vendor,
    package: simulators.packageName,
    credentials: simulators.credentials(vendor),
    endpoint: simulators.endpoint(vendor),
    ...(authEndpoint === undefined ? {} : { authEndpoint }),
  };
}

/** Stores a certificate under a name, for the first app if no other one's admin calls. */
export async function storeCertificate(
  service: Pick<Service, 'machine' | 'admin'>,
  name: string,
  {
    vendor = 'xiaomi',
    admin = service.admin,
  }: { vendor?: SimulatedVendor; admin?: ApiClient } = {},
): Promise<void> {
  await admin.call(
    'PUT',
    `/v1/certificates/${encodeURIComponent(name)}`,
    aCertificate(service, vendor),
  );
}
