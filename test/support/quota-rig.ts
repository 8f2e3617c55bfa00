import { createAppStore } from '../../lib/aws/app-store';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { createGatedHttpClient } from '../../lib/http/gated-http-client';
import { createHttpClient } from '../../lib/http/http-client';
import type { AppSettings, CertificateLimits } from '../../lib/model/app-settings';
import type { Certificate } from '../../lib/model/certificate';
import type { StoredResult } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import type { QuotaClassOf } from '../../lib/model/quota';
import type { DeliveryPorts } from '../../lib/usecases/deliver-jobs';
import { oppo } from '../../lib/vendors/oppo';
import { quotaClassOf } from '../../lib/vendors/oppo/quota-class';
import { createOppoSender } from '../../lib/vendors/oppo/sender';
import type { CreateSender, Vendor } from '../../lib/vendors/vendor';
import { createXiaomiSender } from '../../lib/vendors/xiaomi/sender';
import type { SimulatedVendor } from '../../local/simulators/registry';
import { aGate, anAccessTokenStore } from '../vendors/support';
import { aDevice, aToken, NOW } from './builders';
import { type DeliveryRig, startDeliveryRig } from './delivery-rig';

const APP = 'app-1';

/** Containers of two vendors' senders, whose phones can be reached by both. */
export interface QuotaRig extends DeliveryRig {
  /** A container of OPPO's sender. */
  oppoContainer(): DeliveryPorts;
  /** A container of some vendor's sender. */
  containerOf(vendor: Vendor, parts: VendorParts): DeliveryPorts;
  /** What the certificate of a vendor states, from the next container on. */
  limit(
    vendor: SimulatedVendor,
    limits: CertificateLimits,
    classes?: Certificate['classes'],
  ): Promise<void>;
  /** What becomes of pushes without quota, from the next container on. */
  whenUsedUp(quotaUsedUp: AppSettings['quotaUsedUp']): Promise<void>;
  /** Stores users, each with a phone that has a token of Xiaomi's, as the user is called, and one of OPPO's. */
  phones(...accountIds: readonly string[]): Promise<void>;
  /** Titles in the tray of a user's phone, by vendor. */
  shown(accountId: string): { readonly xiaomi: number; readonly oppo: number };
  resultsOf(job: PushJob): Promise<readonly StoredResult[]>;
}

/** What a vendor's sender is made of. */
export interface VendorParts {
  readonly createSender: CreateSender;
  readonly quotaClassOf: QuotaClassOf;
}

/** The token of OPPO's that the phone of a user has. */
export function oppoTokenOf(accountId: string): string {
  return `CN_${Buffer.from(accountId).toString('hex').padEnd(32, '0')}`;
}

export async function startQuotaRig(): Promise<QuotaRig> {
  const rig = await startDeliveryRig();
  const { aws, simulators } = rig;
  const envelope = createEnvelope(aws.kms, aws.keyId);
  const http = createHttpClient();
  const ports = () => {
    const gate = aGate();
    return {
      // simulators know the true time, and OPPO's looks whether it is told that
      ...{ gate, clock: { now: () => Date.now() }, accessTokens: anAccessTokenStore() },
      http: createGatedHttpClient(http, gate, 1_000),
    };
  };
  // no limit but quotas
  const apart = () => ({
    gate: () => aGate(),
    apps: createAppStore(aws.dynamoDb, 'settings'),
  });

  const containerOf: QuotaRig['containerOf'] = (vendor, { createSender, quotaClassOf }) =>
    rig.container({
      ...apart(),
      ...{ vendor, quotaClassOf },
      sender: (certificate) => createSender(certificate, ports()),
    });

  const limit: QuotaRig['limit'] = async (vendor, limits, classes = {}) => {
    const authEndpoint = simulators.authEndpoint(vendor);
    await createCertificateStore(aws.dynamoDb, 'settings', envelope).put({
      ...{ name: `${vendor}-cert`, appKey: APP, vendor, limits, classes },
      credentials: { ...simulators.credentials(vendor) },
      package: simulators.packageName,
      endpoint: simulators.endpoint(vendor),
      ...(authEndpoint === undefined ? {} : { authEndpoint }),
    });
  };
  await limit('oppo', {});

  return {
    ...rig,
    limit,
    container: (changes = {}) =>
      rig.container({
        ...apart(),
        sender: (certificate) => createXiaomiSender(certificate, ports()),
        ...changes,
      }),
    containerOf,
    oppoContainer: () => containerOf(oppo, { createSender: createOppoSender, quotaClassOf }),
    async whenUsedUp(quotaUsedUp) {
      await createAppStore(aws.dynamoDb, 'settings').changeSettings(APP, { quotaUsedUp });
    },
    async phones(...accountIds) {
      const { accounts } = rig.container();
      const facts = { manufacturer: 'Xiaomi', package: simulators.packageName };
      for (const accountId of accountIds) {
        const tokens = {
          'xiaomi-cert': aToken({ token: accountId }),
          'oppo-cert': aToken({ vendor: 'oppo', token: oppoTokenOf(accountId) }),
        };
        const session = { state: 'logged-in', at: NOW } as const;
        const device = aDevice({ deviceId: 'd', facts, session, tokens });
        await accounts.update(APP, accountId, () => ({
          account: { appKey: APP, accountId, devices: { d: device } },
        }));
      }
    },
    shown: (accountId) => ({
      xiaomi: simulators.phones.look(accountId).tray.length,
      oppo: simulators.phones.look(oppoTokenOf(accountId)).tray.length,
    }),
    async resultsOf({ jobId }) {
      const root = jobId.split('.')[0] ?? jobId;
      return (await rig.container().jobs.read([root])).get(root)?.results ?? [];
    },
  };
}
