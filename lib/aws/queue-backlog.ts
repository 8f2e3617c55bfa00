import {
  GetQueueAttributesCommand,
  type QueueAttributeName,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { BacklogReader } from '../model/flow-state';
import type { Lane } from '../model/push-job';
import type { VendorId } from '../model/vendor-id';

/** Together, everything that is in a queue. */
const COUNTS: readonly QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

/** Counts what is in the vendor queues on SQS; one call a queue. */
export function createBacklogReader(
  client: SQSClient,
  urls: Readonly<Partial<Record<VendorId, Readonly<Record<Lane, string>>>>>,
): BacklogReader {
  async function countIn(vendor: VendorId, lane: Lane): Promise<number> {
    const QueueUrl = urls[vendor]?.[lane];
    if (QueueUrl === undefined) throw new Error(`no ${lane} queue is configured for ${vendor}`);
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
    );
    return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  return {
    async read(vendor) {
      const [direct, bulk] = await Promise.all([
        countIn(vendor, 'direct'),
        countIn(vendor, 'bulk'),
      ]);
      return { direct, bulk };
    },
  };
}
