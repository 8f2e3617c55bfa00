import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createBacklogReader } from '../../lib/aws/queue-backlog';
import { type Aws, startAws } from '../support/aws';

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

test('what waits, what is delayed and what is with a sender counts, lane by lane', async () => {
  const oppo = { direct: aws.createQueue('direct'), bulk: aws.createQueue('bulk') };
  const put = (QueueUrl: string, DelaySeconds = 0) =>
    aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'job', DelaySeconds }));
  for (let job = 0; job < 3; job += 1) await put(oppo.direct);
  await put(oppo.direct, 900);
  await put(oppo.bulk);
  await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: oppo.direct }));

  const backlog = createBacklogReader(aws.sqs, { oppo });

  expect(await backlog.read('oppo')).toEqual({ direct: 4, bulk: 1 });
});

test('a vendor whose queues are not configured is an error that names it', async () => {
  await expect(createBacklogReader(aws.sqs, {}).read('oppo')).rejects.toThrow(
    'no direct queue is configured for oppo',
  );
});
