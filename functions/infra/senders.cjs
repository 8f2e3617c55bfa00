const { deployment, publicUrl } = require('./names.cjs');
const { wholeNumber } = require('./parameters.cjs');
const settings = require('./sender-settings.cjs');
const { vendorsInService } = require('./vendors-in-service.cjs');

const LANES = Object.keys(settings.lanes);
/** Fewer AWS refuses for SQS. */
const FEWEST_POLLERS = 2;
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const SENDERS_A_POLLER = 10;

/** Logical id of one of a vendor's four queues. */
function queueId(vendor, lane, dead = '') {
  return `${vendor.logicalId}${lane === 'direct' ? 'Direct' : 'Bulk'}${dead && 'Dead'}Queue`;
}

/** One function per vendor, so one vendor's trouble never delays another's. */
function senderOf({ resolvedRegion, vendor, concurrency }) {
  return {
    description: `Sends to ${vendor.id}`,
    timeout: settings.timeoutSeconds,
    // A waiting job goes back to the queue that triggered the sender, which Lambda would stop after
    // 16 rounds. The regions in China have no loop detection, and so no setting for it.
    ...(resolvedRegion.startsWith('cn-') ? {} : { recursiveLoop: 'Allow' }),
    environment: {
      CLAIM_LEASE_MS: settings.claimLeaseMs,
      PUBLIC_URL: publicUrl,
      MOST_SENDERS: concurrency.most,
      DIRECT_BATCH_SIZE: settings.lanes.direct.batchSize(vendor.limits),
      BULK_BATCH_SIZE: settings.lanes.bulk.batchSize(vendor.limits),
    },
    events: LANES.map((lane) => ({
      sqs: {
        arn: { 'Fn::GetAtt': [queueId(vendor, lane), 'Arn'] },
        batchSize: settings.lanes[lane].batchSize(vendor.limits),
        maximumBatchingWindow: settings.lanes[lane].batchingWindowSeconds,
        ...concurrency[lane],
        functionResponseType: 'ReportBatchItemFailures',
      },
    })),
  };
}

/** How many senders may run for each queue; nothing for queues with pollers of their own, which say so themselves. */
async function readConcurrency(resolveVariable) {
  const direct = await wholeNumber(resolveVariable, settings.lanes.direct.concurrency);
  const bulk = await wholeNumber(resolveVariable, settings.lanes.bulk.concurrency);
  const pollers = await wholeNumber(resolveVariable, settings.directPollers);
  return {
    direct: pollers > 0 ? {} : { maximumConcurrency: direct },
    bulk: { maximumConcurrency: bulk },
    /** Senders of a vendor that may run side by side. */
    most: bulk + (pollers > 0 ? SENDERS_A_POLLER * Math.max(pollers, FEWEST_POLLERS) : direct),
    pollers,
  };
}

/** The packager knows no pollers: they are added to the event sources it makes. */
function withPollers(vendor, pollers) {
  const eventSourceId = `SendDash${vendor.id}EventSourceMappingSQS${queueId(vendor, 'direct')}`;
  const count = Math.max(pollers, FEWEST_POLLERS);
  const config = { MinimumPollers: count, MaximumPollers: count };
  return [eventSourceId, { Properties: { ProvisionedPollerConfig: config } }];
}

function queuesOf(vendor) {
  return LANES.flatMap((lane) => [
    [
      queueId(vendor, lane),
      queue(`${vendor.id}-${lane}`, {
        VisibilityTimeout: settings.lanes[lane].visibilitySeconds,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': [queueId(vendor, lane, 'dead'), 'Arn'] },
          maxReceiveCount: settings.maxReceiveCount,
        },
      }),
    ],
    [queueId(vendor, lane, 'dead'), queue(`${vendor.id}-${lane}-dead`, {})],
  ]);
}

function queue(name, properties) {
  return {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: `${deployment}-${name}`,
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: settings.retentionSeconds,
      ...properties,
    },
  };
}

module.exports = {
  LANES,
  queueId,
  /** osls functions `send-<vendor>`. */
  functions: async ({ resolveVariable }) => {
    const resolvedRegion = await resolveVariable("opt:region, ''");
    const concurrency = await readConcurrency(resolveVariable);
    return Object.fromEntries(
      vendorsInService().map((vendor) => [
        `send-${vendor.id}`,
        senderOf({ resolvedRegion, vendor, concurrency }),
      ]),
    );
  },
  /** CloudFormation resources: four queues per vendor. */
  resources: async ({ resolveVariable }) => {
    const { pollers } = await readConcurrency(resolveVariable);
    const vendors = vendorsInService();
    return {
      Resources: Object.fromEntries(vendors.flatMap(queuesOf)),
      ...(pollers > 0 && {
        extensions: Object.fromEntries(vendors.map((vendor) => withPollers(vendor, pollers))),
      }),
    };
  },
};
