import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { createSqs } from '../../lib/aws/clients';
import type { Rig } from './rig';

/** The queues that messages to the rig's phones pass. */
export interface VendorQueues {
  /** Messages and jobs that wait, are put off, or are being worked on. */
  waiting(): Promise<number>;
  dead(): Promise<number>;
}

const WAITING = ['MessageEventsQueue', 'XiaomiDirectQueue', 'XiaomiBulkQueue'];
const DEAD = ['MessageEventsDeadQueue', 'XiaomiDirectDeadQueue', 'XiaomiBulkDeadQueue'];
/** Together, everything that is in a queue. */
const COUNTS: readonly QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

export function openVendorQueues({ machine: { stack } }: Rig): VendorQueues {
  Object.assign(process.env, stack.awsEnvironment);
  const client = createSqs();
  async function countIn(queues: readonly string[]): Promise<number> {
    let count = 0;
    // one after the other, in the order of the way: what moves on is counted twice rather than never
    for (const queue of queues) {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: stack.queueUrl(queue),
          AttributeNames: [...COUNTS],
        }),
      );
      count += COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    }
    return count;
  }
  return { waiting: () => countIn(WAITING), dead: () => countIn(DEAD) };
}
