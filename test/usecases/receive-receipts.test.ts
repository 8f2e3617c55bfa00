import { createAccountStore } from '../../lib/aws/account-store';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { createJobStore } from '../../lib/aws/job-store';
import { createTelemetry } from '../../lib/aws/telemetry';
import { createTokenLossCounter } from '../../lib/aws/token-losses';
import { type ReceiptPorts, receiveReceipts } from '../../lib/usecases/receive-receipts';
import { type Aws, startAws } from '../support/aws';

let aws: Aws;
let ports: ReceiptPorts;
let receiptId: string;
beforeAll(async () => {
  aws = await startAws();
  const envelope = createEnvelope(aws.kms, aws.keyId);
  const certificates = createCertificateStore(aws.dynamoDb, 'settings', envelope);
  await createAppRegistry(aws.dynamoDb, 'settings', envelope).create('app-1', 'a secret');
  const entry = await certificates.put({
    name: 'vivo',
    appKey: 'app-1',
    vendor: 'vivo',
    credentials: {},
  });
  ({ receiptId } = entry);
  ports = {
    certificates,
    accounts: createAccountStore(aws.dynamoDb, 'devices'),
    jobs: createJobStore(aws.dynamoDb, 'deliveries'),
    losses: createTokenLossCounter(aws.dynamoDb, 'flow'),
    clock: { now: () => Date.now() },
    telemetry: createTelemetry(),
  };
});
afterAll(() => aws.close());

const receive = (id: string, body: string) => receiveReceipts(id, { body, headers: {} }, ports);

test.each(['', 'a', 'a'.repeat(21), 'a'.repeat(23), 'x'.repeat(3_000), `${'a'.repeat(21)}/`])(
  'an address that was never given out is refused without a look (%#)',
  async (id) => {
    const calls = await aws.wire.watch(() =>
      expect(receive(id, '{}')).rejects.toMatchObject({ status: 404 }),
    );

    expect(calls).toEqual([]);
  },
);

test('one that might have been given out is looked for', async () => {
  const calls = await aws.wire.watch(() =>
    expect(receive('a'.repeat(22), '{}')).rejects.toMatchObject({ status: 404 }),
  );

  expect(calls.map(({ operation }) => operation)).toEqual(['GetItem']);
});

test('what cannot be an echo of our job id is passed over, its neighbours are kept', async () => {
  const posted = {
    t1: { targets: 'token-1', param: 'x'.repeat(3_000) },
    t2: { targets: 'token-2', param: 'a-job-of-ours' },
  };

  await receive(receiptId, JSON.stringify(posted));

  const stored = await aws.textIn('deliveries');
  expect(stored).toContain('job/a-job-of-ours');
  expect(stored).not.toContain('xxx');
});
