import { createHttpClient } from '../../lib/http/http-client';
import type { Certificate } from '../../lib/model/certificate';
import { deliverJobs } from '../../lib/usecases/deliver-jobs';
import { createApnsSender } from '../../lib/vendors/apns/sender';
import { createFcmSender } from '../../lib/vendors/fcm/sender';
import { createHarmonySender } from '../../lib/vendors/harmony/sender';
import { createHonorSender } from '../../lib/vendors/honor/sender';
import { createHuaweiSender } from '../../lib/vendors/huawei/sender';
import { createMeizuSender } from '../../lib/vendors/meizu/sender';
import { createOppoSender } from '../../lib/vendors/oppo/sender';
import { vendors } from '../../lib/vendors/registry';
import type { CreateSender } from '../../lib/vendors/vendor';
import { SAVE_PATH } from '../../lib/vendors/vivo/message';
import { createVivoSender } from '../../lib/vendors/vivo/sender';
import { createXiaomiSender } from '../../lib/vendors/xiaomi/sender';
import { phoneOf, VENDORS, type Vendor } from '../../local/demo/phones';
import { type Simulators, startSimulators } from '../../local/simulators/simulators';
import { createDeliveryPorts } from '../in-memory/delivery-ports';
import { aJob } from '../loops/job';
import { exactly, type Part, type Row } from '../report/part';

const TOKENS = 1_000;
const INVOCATION_MS = 60_000;

const SENDERS: Readonly<Record<Vendor, CreateSender>> = {
  xiaomi: createXiaomiSender,
  huawei: createHuaweiSender,
  honor: createHonorSender,
  oppo: createOppoSender,
  vivo: createVivoSender,
  meizu: createMeizuSender,
  fcm: createFcmSender,
  apns: createApnsSender,
  harmony: createHarmonySender,
};

/** How many requests each vendor gets for equal pushes to 1,000 phones. */
export const requests: Part = {
  name: 'requests',
  async run() {
    const simulators = await startSimulators({
      keepRequests: 2 * TOKENS,
      ratePerSecond: Object.fromEntries(
        VENDORS.map((vendor) => [vendor, Number.POSITIVE_INFINITY]),
      ),
    });
    try {
      const rows: Row[] = [];
      for (const vendor of VENDORS) rows.push(await countRequests(vendor, simulators));
      return [{ key: 'vendorRequests', title: `Vendor requests for ${TOKENS} equal tokens`, rows }];
    } finally {
      await simulators.close();
    }
  },
};

/** Delivers one job to 1,000 phones of a vendor and counts what its simulator was asked. */
export async function countRequests(vendor: Vendor, simulators: Simulators): Promise<Row> {
  const { tokensPerRequest } = vendors[vendor].limits;
  const ports = createDeliveryPorts({
    vendor: vendors[vendor],
    createSender: SENDERS[vendor],
    certificate: certificateOf(vendor, simulators),
    http: createHttpClient(),
  });
  const tokens = Array.from({ length: TOKENS }, () => phoneOf(vendor).makeToken());
  const before = simulators[vendor].counters();
  const times = { claimLeaseMs: INVOCATION_MS, lastStartAt: Date.now() + INVOCATION_MS };
  await deliverJobs([aJob(vendor, tokens)], ports, times);
  const after = simulators[vendor].counters();
  const asked = after.requests - before.requests;
  // vivo takes the text of a request for many in one before it
  const saving = simulators[vendor].front.captured
    .last(asked)
    .filter(({ path }) => path.endsWith(SAVE_PATH)).length;
  return {
    figures: {
      vendor,
      'tokens per request': tokensPerRequest,
      requests: asked - saving,
      'to save the text': saving,
      delivered: after.targets - before.targets,
    },
    goals: [
      exactly('requests', Math.ceil(TOKENS / tokensPerRequest)),
      exactly('delivered', TOKENS),
    ],
  };
}

function certificateOf(vendor: Vendor, simulators: Simulators): Certificate {
  const authEndpoint = simulators.authEndpoint(vendor);
  return {
    name: vendor,
    appKey: 'bench',
    vendor,
    credentials: { ...simulators.credentials(vendor) },
    package: simulators.packageName,
    endpoint: simulators.endpoint(vendor),
    ...(authEndpoint === undefined ? {} : { authEndpoint }),
    receiptId: 'r'.repeat(22),
  };
}
