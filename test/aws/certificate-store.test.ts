import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createAppStore } from '../../lib/aws/app-store';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope, type Envelope } from '../../lib/aws/envelope';
import type { Certificate } from '../../lib/model/certificate';
import { ConflictError } from '../../lib/model/errors';
import type { CertificateStore } from '../../lib/model/ports';
import type { VendorId } from '../../lib/model/vendor-id';
import { type Aws, after, holdClock, refuseWith, startAws } from '../support/aws';

const SECRET = 'geheimnis-0123456789';

const clock = holdClock();
let aws: Aws;
let envelope: Envelope;
let store: CertificateStore;
beforeAll(async () => {
  aws = await startAws();
  envelope = createEnvelope(aws.kms, aws.keyId);
  const registry = createAppRegistry(aws.dynamoDb, 'settings', envelope);
  await registry.create('app-1', 'a secret');
  await registry.create('app-2', 'a secret');
});
afterAll(() => {
  clock.release();
  return aws.close();
});
beforeEach(() => {
  store = createCertificateStore(aws.dynamoDb, 'settings', envelope);
});

function aCertificate(changes: Partial<Certificate> = {}): Omit<Certificate, 'receiptId'> {
  return {
    appKey: 'app-1',
    name: 'vivo 证书',
    vendor: 'vivo',
    credentials: { appId: '1', appKey: 'key', appSecret: SECRET },
    package: 'com.example.chat',
    endpoint: { cn: 'https://api-push.vivo.com.cn' },
    limits: { ratePerSecond: 500 },
    classes: { im: { category: 'IM' } },
    ...changes,
  };
}

async function directory(appKey = 'app-1') {
  return (await createAppStore(aws.dynamoDb, 'settings').get(appKey))?.certificates ?? {};
}

async function item(pk: string, sk: string) {
  const { Item } = await aws.aside.send(new GetCommand({ TableName: 'settings', Key: { pk, sk } }));
  return Item;
}

test('a certificate opens as it was put, and its entry tells all but the credentials', async () => {
  const certificate = aCertificate({ authEndpoint: 'https://auth.vivo.com.cn' });

  const entry = await store.put(certificate);

  const { credentials: _secret, appKey: _app, ...open } = certificate;
  const { receiptId } = entry;
  expect(entry).toEqual({ ...open, receiptId });
  expect(receiptId).toMatch(/^[\w-]{22}$/);
  expect(await store.open('app-1', 'vivo', open.name)).toEqual({ ...certificate, receiptId });
  expect((await directory())[open.name]).toEqual(entry);
});

test('a certificate put again has new credentials and the receipt id it had', async () => {
  const { receiptId } = await store.put(aCertificate({ name: 'renewed' }));
  await store.put(aCertificate({ name: 'between' }));

  const entry = await store.put(aCertificate({ name: 'renewed', credentials: { appId: '2' } }));

  expect(entry.receiptId).toBe(receiptId);
  expect((await store.open('app-1', 'vivo', 'renewed'))?.credentials).toEqual({ appId: '2' });
});

test('no two certificates share a receipt id', async () => {
  const entries = [
    await store.put(aCertificate({ name: 'one' })),
    await store.put(aCertificate({ name: 'two' })),
    await store.put(aCertificate({ name: 'one', appKey: 'app-2' })),
  ];

  expect(new Set(entries.map(({ receiptId }) => receiptId)).size).toBe(3);
});

test('a receipt id leads to its certificate, another to none', async () => {
  const { receiptId } = await store.put(aCertificate({ name: '回执' }));

  expect(await store.byReceiptId(receiptId)).toEqual({
    appKey: 'app-1',
    vendor: 'vivo',
    certificate: '回执',
  });
  expect(await store.byReceiptId('A'.repeat(22))).toBeUndefined();
});

test('a removed certificate is gone with its entry, its item and its receipt id', async () => {
  const { receiptId } = await store.put(aCertificate({ name: 'removed' }));

  expect(await store.remove('app-1', 'removed')).toBe(true);

  expect(await store.open('app-1', 'vivo', 'removed')).toBeUndefined();
  expect(await store.byReceiptId(receiptId)).toBeUndefined();
  expect(await directory()).not.toHaveProperty('removed');
  expect(await item('certificate/vivo/app-1', 'removed')).toBeUndefined();
  expect(await store.remove('app-1', 'removed')).toBe(false);
});

test('what is not there can’t be removed, put or opened', async () => {
  expect(await store.remove('app-1', 'constructor')).toBe(false);
  expect(await store.remove('nobody', 'vivo')).toBe(false);
  expect(await store.open('app-1', 'vivo', 'nothing')).toBeUndefined();
  await expect(store.put(aCertificate({ appKey: 'nobody' }))).rejects.toThrow('no app nobody');
});

test('a certificate opens for its own vendor and app only', async () => {
  await store.put(aCertificate({ name: 'mine' }));

  expect(await store.open('app-1', 'oppo', 'mine')).toBeUndefined();
  expect(await store.open('app-2', 'vivo', 'mine')).toBeUndefined();
});

test('a certificate that changes its vendor keeps its receipt id and leaves nothing behind', async () => {
  const { receiptId } = await store.put(aCertificate({ name: 'changing' }));

  await store.put(aCertificate({ name: 'changing', vendor: 'oppo' }));

  expect(await item('certificate/vivo/app-1', 'changing')).toBeUndefined();
  expect((await store.open('app-1', 'oppo', 'changing'))?.vendor).toBe('oppo');
  expect(await store.byReceiptId(receiptId)).toMatchObject({ vendor: 'oppo' });
});

test.each<[string, VendorId, string, string]>([
  ['another vendor', 'oppo', 'app-1', 'copied'],
  ['another app', 'vivo', 'app-2', 'copied'],
  ['another name', 'vivo', 'app-1', 'copy'],
])('a certificate copied to %s does not open there', async (_where, vendor, appKey, name) => {
  await store.put(aCertificate({ name: 'copied' }));
  const original = await item('certificate/vivo/app-1', 'copied');
  const Item = { ...original, pk: `certificate/${vendor}/${appKey}`, sk: name };
  await aws.aside.send(new PutCommand({ TableName: 'settings', Item }));

  await expect(store.open(appKey, vendor, name)).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
});

test('no credential is in what is stored', async () => {
  await store.put(aCertificate({ name: 'sealed' }));

  const text = await aws.textIn('settings');

  expect(text).toContain('"name":"sealed"');
  expect(text).not.toContain('appSecret');
  for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
    expect(text).not.toContain(Buffer.from(SECRET).toString(encoding));
  }
});

test('two certificates put at once are both kept', async () => {
  aws.wire.next(
    'TransactWriteItems',
    after(() => store.put(aCertificate({ name: 'quick' }))),
  );

  await store.put(aCertificate({ name: 'slow' }));

  expect(Object.keys(await directory())).toEqual(expect.arrayContaining(['quick', 'slow']));
});

test('one certificate put twice at once has one receipt id', async () => {
  aws.wire.next(
    'TransactWriteItems',
    after(() => store.put(aCertificate({ name: 'double' }))),
  );

  const { receiptId } = await store.put(aCertificate({ name: 'double' }));

  expect((await directory())['double']?.receiptId).toBe(receiptId);
  expect((await store.open('app-1', 'vivo', 'double'))?.receiptId).toBe(receiptId);
});

test('an app that keeps changing is a conflict, for putting and for removing', async () => {
  await store.put(aCertificate({ name: 'contended' }));
  const lost = refuseWith('TransactionCanceledException', {
    CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
  });

  for (let tries = 0; tries < 8; tries++) aws.wire.next('TransactWriteItems', lost);
  await expect(store.put(aCertificate())).rejects.toThrow(ConflictError);
  for (let tries = 0; tries < 8; tries++) aws.wire.next('TransactWriteItems', lost);
  await expect(store.remove('app-1', 'contended')).rejects.toThrow(ConflictError);
});

test('a sender opens a certificate once in ten seconds, with one read and one call to KMS', async () => {
  await store.put(aCertificate({ name: 'busy' }));
  const open = async () => {
    const calls = await aws.wire.watch(() => store.open('app-1', 'vivo', 'busy'));
    return calls.map(({ operation }) => operation);
  };

  expect(await open()).toEqual(['GetItem', 'Decrypt']);
  clock.pass(9_999);
  expect(await open()).toEqual([]);
  clock.pass(1);
  expect(await open()).toEqual(['GetItem', 'Decrypt']);
});

test('a certificate put after a sender asked for it is there at once', async () => {
  expect(await store.open('app-1', 'vivo', 'awaited')).toBeUndefined();

  await store.put(aCertificate({ name: 'awaited' }));

  expect(await store.open('app-1', 'vivo', 'awaited')).toBeDefined();
});
