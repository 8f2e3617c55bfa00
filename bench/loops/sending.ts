import { createGatedHttpClient } from '../../lib/http/gated-http-client';
import { createHttpClient } from '../../lib/http/http-client';
import type { Certificate } from '../../lib/model/certificate';
import { chunk } from '../../lib/model/chunk';
import { deliverJobs } from '../../lib/usecases/deliver-jobs';
import { xiaomi } from '../../lib/vendors/xiaomi';
import { createXiaomiSender } from '../../lib/vendors/xiaomi/sender';
import { createDeliveryPorts, OPEN_GATE } from '../in-memory/delivery-ports';
import { aJob } from './job';
import type { Loop } from './loop';

const JOBS_OF_INVOCATION = 10;
const INVOCATION_MS = 10_000;
const CREDIT_WAIT_MS = 1_000;

/** What a sender does with 1-to-1 pushes, AWS and waiting for the limit left out: ten jobs an invocation, read as they come. */
export function createSending(certificate: Certificate, count: number): Loop {
  const ports = createDeliveryPorts({
    vendor: xiaomi,
    createSender: createXiaomiSender,
    certificate,
    http: createGatedHttpClient(createHttpClient(), OPEN_GATE, CREDIT_WAIT_MS),
  });
  let invocations: readonly (readonly string[])[] = [];
  return {
    prepare() {
      // what waited for some seconds would be decided again
      const bodies = Array.from({ length: count }, (_, index) =>
        JSON.stringify(aJob('xiaomi', [`bench-m${index}`])),
      );
      invocations = chunk(bodies, JOBS_OF_INVOCATION);
    },
    async run() {
      for (const bodies of invocations) {
        const jobs = bodies.map((body) => JSON.parse(body));
        const times = { claimLeaseMs: INVOCATION_MS, lastStartAt: Date.now() + INVOCATION_MS };
        const failed = await deliverJobs(jobs, ports, times);
        if (failed.length > 0) throw new Error('a job failed');
      }
    },
    close: () => undefined,
  };
}
