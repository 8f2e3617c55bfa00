import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createFlowControl } from '../../lib/aws/flow-control';
import { createQuotaStore } from '../../lib/aws/quota-store';
import { createGatedHttpClient } from '../../lib/http/gated-http-client';
import { createHttpClient } from '../../lib/http/http-client';
import type { Certificate } from '../../lib/model/certificate';
import type { PushJob } from '../../lib/model/push-job';
import type { QuotaClassOf } from '../../lib/model/quota';
import type { FlowGate } from '../../lib/model/vendor-ports';
import { createDeviceRates } from '../../lib/rules/device-rates';
import { deliverJobs } from '../../lib/usecases/deliver-jobs';
import { createFlowPauses } from '../../lib/usecases/flow-pauses';
import { createFlowReport } from '../../lib/usecases/report-flow';
import { largestRequest } from '../../lib/usecases/send-pushes';
import { createTokenGuard, type TokenGuard } from '../../lib/usecases/token-guard';
import type { CreateSender, Vendor, VendorSender } from '../../lib/vendors/vendor';
import {
  accessTokens,
  accounts,
  acks,
  apps,
  certificates,
  clock,
  dynamoDb,
  environment,
  jobs,
  lazy,
  losses,
  queue,
  telemetry,
  unread,
} from './container';

/** No request begins with less of the invocation left: the longest send, its settling, and a reserve. */
const RESERVE_MS = 7_000;
const CREDIT_WAIT_MS = 1_000;

/** What every sender function shares: a batch of jobs in, those that our own side failed out. */
export function senderFunction(
  vendor: Vendor,
  createSender: CreateSender,
  quotaClassOf?: QuotaClassOf,
) {
  const http = lazy(createHttpClient);
  const flow = lazy(() => createFlowControl(dynamoDb(), environment().FLOW_TABLE));
  const flowReport = lazy(() => createFlowReport(vendor.id, { telemetry: telemetry(), clock }));
  const senders = new Map<string, { readonly text: string; readonly sender: VendorSender }>();

  function gate(certificate: Certificate, { lane }: PushJob): FlowGate {
    const limit = {
      vendor: vendor.id,
      appKey: certificate.appKey,
      certificate: certificate.name,
      ratePerSecond: certificate.limits?.ratePerSecond ?? vendor.limits.ratePerSecond,
      largestRequest: largestRequest(certificate, vendor),
    };
    return counted(flowReport().watch(certificate, lane, flow().gate(limit, lane)), vendor);
  }

  const quotas = lazy(() =>
    createQuotaStore(dynamoDb(), environment().FLOW_TABLE, clock, flowReport().countQuota),
  );
  const deviceRates = lazy(() => {
    const containers = environment().MOST_SENDERS;
    return { counts: createDeviceRates(containers), containers };
  });

  const pauses = lazy(() => createFlowPauses(vendor, clock, Math.random));
  const guards = new Map<string, TokenGuard>();
  function guard(certificate: Certificate): TokenGuard {
    const key = `${certificate.appKey}/${certificate.name}`;
    const made = guards.get(key) ?? createTokenGuard(certificate, { losses: losses(), clock });
    guards.set(key, made);
    return made;
  }

  /** One sender per certificate and lane for the life of the container, until the certificate changes. */
  function sender(certificate: Certificate, job: PushJob): VendorSender {
    const key = `${certificate.appKey}/${certificate.name}/${job.lane}`;
    const text = JSON.stringify(certificate);
    const kept = senders.get(key);
    if (kept?.text === text) return kept.sender;
    const own = gate(certificate, job);
    const made = createSender(certificate, {
      http: createGatedHttpClient(http(), own, CREDIT_WAIT_MS),
      gate: own,
      clock,
      accessTokens: accessTokens(),
    });
    senders.set(key, { text, sender: made });
    return made;
  }

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const records = event.Records.map((record) => ({ record, job: readJob(record.body) }));
    const { PUBLIC_URL: publicUrl, CLAIM_LEASE_MS: claimLeaseMs } = environment();
    const failed = await deliverJobs(
      records.map(({ job }) => job),
      {
        vendor,
        accounts: accounts(),
        apps: apps(),
        certificates: certificates(),
        jobs: jobs(),
        acks: acks(),
        unread: unread(),
        queue: queue(),
        telemetry: telemetry(),
        clock,
        random: Math.random,
        gate,
        sender,
        guard,
        pauses: pauses(),
        ...(quotaClassOf === undefined ? {} : { quotaClassOf }),
        quotas: quotas(),
        deviceRates: deviceRates(),
        ...(publicUrl ? { publicUrl } : {}),
      },
      { claimLeaseMs, lastStartAt: Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS },
    );
    await flow().endWork(isFullBatch(records.map(({ job }) => job)));
    flowReport().report();
    telemetry().flush();
    return {
      batchItemFailures: records
        .filter(({ job }) => failed.includes(job))
        .map(({ record }) => ({ itemIdentifier: record.messageId })),
    };
  };
}

/** A batch that is not full was all there was in the queue: the next may be long in coming. */
function isFullBatch(jobs: readonly PushJob[]): boolean {
  const { DIRECT_BATCH_SIZE, BULK_BATCH_SIZE } = environment();
  return jobs.length >= (jobs[0]?.lane === 'bulk' ? BULK_BATCH_SIZE : DIRECT_BATCH_SIZE);
}

/** Jobs are written by this service only, into queues that only it may write to. */
function readJob(body: string): PushJob {
  return JSON.parse(body) as PushJob;
}

function counted(gate: FlowGate, vendor: Vendor): FlowGate {
  return {
    ...gate,
    async enter(weight, maxWaitMs) {
      const pass = await gate.enter(weight, maxWaitMs);
      if (pass !== undefined) telemetry().count('VendorRequests', 1, { vendor: vendor.id });
      return pass;
    },
  };
}
