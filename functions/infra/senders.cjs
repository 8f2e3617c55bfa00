const { deployment, publicUrl } = require('./names.cjs');
const settings = require('./sender-settings.cjs');
const { vendorsInService } = require('./vendors-in-service.cjs');

const LANES = ['direct', 'bulk'];

/** Logical id of one of a vendor's four queues. */
function queueId(vendor, lane, dead = '') {
  return `${vendor.logicalId}${lane === 'direct' ? 'Direct' : 'Bulk'}${dead && 'Dead'}Queue`;
}

/** One function per vendor, so one vendor's trouble never delays another's. */
function senderOf({ resolvedRegion, vendor }) {
  return {
    description: `Sends to ${vendor.id}`,
    timeout: settings.timeoutSeconds,
    // A waiting job goes back to the queue that triggered the sender, which Lambda would stop after
    // 16 rounds. The regions in China have no loop detection, and so no setting for it.
    ...(resolvedRegion.startsWith('cn-') ? {} : { recursiveLoop: 'Allow' }),
    environment: {
      CLAIM_LEASE_MS: settings.claimLeaseMs,
      PUBLIC_URL: publicUrl,
    },
    events: LANES.map((lane) => ({
      sqs: {
        arn: { 'Fn::GetAtt': [queueId(vendor, lane), 'Arn'] },
        batchSize: settings.batchSize,
        maximumBatchingWindow: settings.batchingWindowSeconds,
        maximumConcurrency: settings.maximumConcurrency[lane],
        functionResponseType: 'ReportBatchItemFailures',
      },
    })),
  };
}

function queuesOf(vendor) {
  return LANES.flatMap((lane) => [
    [
      queueId(vendor, lane),
      queue(`${vendor.id}-${lane}`, {
        VisibilityTimeout: settings.visibilitySeconds,
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
    return Object.fromEntries(
      vendorsInService().map((vendor) => [
        `send-${vendor.id}`,
        senderOf({ resolvedRegion, vendor }),
      ]),
    );
  },
  /** CloudFormation resources: four queues per vendor. */
  resources: { Resources: Object.fromEntries(vendorsInService().flatMap(queuesOf)) },
};
