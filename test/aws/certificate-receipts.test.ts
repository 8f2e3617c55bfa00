import { createAppRegistry } from '../../lib/aws/app-registry';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope } from '../../lib/aws/envelope';
import type { Certificate } from '../../lib/model/certificate';
import type { CertificateStore } from '../../lib/model/ports';
import { type Aws, holdClock, startAws } from '../support/aws';

const RECEIPTS = { secret: 'geheimnis-0123456789', user: 'push-callback' };

const clock = holdClock();
let aws: Aws;
let store: CertificateStore;
beforeAll(async () => {
  aws = await startAws();
  const envelope = createEnvelope(aws.kms, aws.keyId);
  await createAppRegistry(aws.dynamoDb, 'settings', envelope).create('app-1', 'a secret');
  store = createCertificateStore(aws.dynamoDb, 'settings', envelope);
});
afterAll(() => {
  clock.release();
  return aws.close();
});

function aCertificate(changes: Partial<Certificate> = {}): Omit<Certificate, 'receiptId'> {
  return {
    appKey: 'app-1',
    name: 'honor 证书',
    vendor: 'honor',
    credentials: { appId: '1', clientId: '2', clientSecret: '3' },
    ...changes,
  };
}

test('what receipts are checked with is known to the sender and to the receiver, and is shown to nobody', async () => {
  const certificate = aCertificate({ receipts: RECEIPTS });

  const entry = await store.put(certificate);
  const calls = await aws.wire.watch(() => store.open('app-1', 'honor', certificate.name));

  const { receiptId } = entry;
  expect(await store.open('app-1', 'honor', certificate.name)).toEqual({
    ...certificate,
    receiptId,
  });
  expect(await store.byReceiptId(receiptId)).toEqual({
    appKey: 'app-1',
    vendor: 'honor',
    certificate: certificate.name,
    check: RECEIPTS,
  });
  expect(calls.map(({ operation }) => operation)).toEqual(['GetItem', 'Decrypt']);
  expect(entry).toMatchObject({ receiptsChecked: true });
  expect(`${JSON.stringify(entry)}${await aws.textIn('settings')}`).not.toContain(RECEIPTS.secret);
});

test('a certificate put again without it has none, for both', async () => {
  const certificate = aCertificate({ name: 'again' });
  await store.put({ ...certificate, receipts: RECEIPTS });

  const { receiptId } = await store.put(certificate);

  expect(await store.open('app-1', 'honor', 'again')).toEqual({ ...certificate, receiptId });
  expect(await store.byReceiptId(receiptId)).not.toHaveProperty('check');
});
