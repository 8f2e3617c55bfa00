import fc from 'fast-check';
import {
  createEnvelope,
  type Envelope,
  type SealContext,
  type Sealed,
} from '../../lib/aws/envelope';
import { startKms } from '../../local/kms/kms-server';
import { type Aws, refuseWith, startAws } from '../support/aws';

const SECRET: SealContext = { purpose: 'secret', app: 'app-1', name: 'app-1' };
const CERTIFICATE: SealContext = {
  purpose: 'certificate',
  app: 'app-1',
  vendor: 'vivo',
  name: encodeURIComponent('vivo 证书'),
};

let aws: Aws;
let envelope: Envelope;
beforeAll(async () => {
  aws = await startAws();
  envelope = createEnvelope(aws.kms, aws.keyId);
});
afterAll(() => aws.close());

test('whatever is sealed opens again in its context', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 3_000 }),
      fc.constantFrom(SECRET, CERTIFICATE),
      async (text, context) => {
        // what is no Unicode has no bytes to seal
        const wellFormed = text.toWellFormed();
        expect(await envelope.open(await envelope.seal(wellFormed, context), context)).toBe(
          wellFormed,
        );
      },
    ),
    { numRuns: 30 },
  );
});

test.each<[string, SealContext]>([
  ['another app', { ...CERTIFICATE, app: 'app-2' }],
  ['another vendor', { ...CERTIFICATE, vendor: 'oppo' }],
  ['another name', { ...CERTIFICATE, name: 'vivo' }],
  ['another purpose', { purpose: 'secret', app: 'app-1', name: CERTIFICATE.name }],
])('a value sealed for one certificate does not open for %s', async (_what, context) => {
  const sealed = await envelope.seal('credentials', CERTIFICATE);

  await expect(envelope.open(sealed, context)).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
});

test.each(['dataKey', 'iv', 'tag', 'text'] as const)(
  'a bit changed in the %s is noticed',
  async (part) => {
    const sealed = await envelope.seal('a secret of some length', SECRET);
    const bytes = Buffer.from(sealed[part], 'base64');
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);

    const changed: Sealed = { ...sealed, [part]: bytes.toString('base64') };

    await expect(envelope.open(changed, SECRET)).rejects.toThrow();
  },
);

test.each([0, 4, 8, 12, 15])('a tag cut down to %i bytes is refused', async (bytes) => {
  const sealed = await envelope.seal('a secret', SECRET);
  const tag = Buffer.from(sealed.tag, 'base64').subarray(0, bytes).toString('base64');

  await expect(envelope.open({ ...sealed, tag }, SECRET)).rejects.toThrow(/tag/);
});

test('parts of two sealed values do not make a third', async () => {
  const [one, two] = await Promise.all([
    envelope.seal('the first secret', SECRET),
    envelope.seal('the other secret', SECRET),
  ]);

  await expect(envelope.open({ ...one, text: two.text }, SECRET)).rejects.toThrow();
  await expect(envelope.open({ ...one, dataKey: two.dataKey }, SECRET)).rejects.toThrow();
});

test('every value is sealed under a data key of its own, and equal values look unlike', async () => {
  const calls = await aws.wire.watch(async () => {
    const sealed = [await envelope.seal('same', SECRET), await envelope.seal('same', SECRET)];
    for (const part of ['dataKey', 'iv', 'text', 'tag'] as const) {
      expect(sealed[0]?.[part]).not.toBe(sealed[1]?.[part]);
    }
  });

  expect(calls.map(({ operation }) => operation)).toEqual(['GenerateDataKey', 'GenerateDataKey']);
});

test('the text itself never goes to KMS, only what it is bound to', async () => {
  const calls = await aws.wire.watch(async () => {
    await envelope.open(await envelope.seal('geheimnis', CERTIFICATE), CERTIFICATE);
  });

  expect(calls.map(({ body }) => body['EncryptionContext'])).toEqual([CERTIFICATE, CERTIFICATE]);
  expect(JSON.stringify(calls)).not.toContain('geheimnis');
  expect(JSON.stringify(calls)).not.toContain(Buffer.from('geheimnis').toString('base64'));
});

test('a refusal of KMS is passed on, whether sealing or opening', async () => {
  const sealed = await envelope.seal('a secret', SECRET);
  const refusal = refuseWith('AccessDeniedException');

  aws.wire.next('GenerateDataKey', refusal);
  await expect(envelope.seal('a secret', SECRET)).rejects.toThrow('refused');
  aws.wire.next('Decrypt', refusal);
  await expect(envelope.open(sealed, SECRET)).rejects.toThrow('refused');
});

test('a value sealed under a key that is gone does not open', async () => {
  const sealed = await envelope.seal('a secret', SECRET);
  const other = await startKms();
  aws.wire.next('Decrypt', async (body) => {
    const answer = await fetch(other.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'TrentService.Decrypt' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: Object(await answer.json()) };
  });

  await expect(envelope.open(sealed, SECRET)).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
  await other.close();
});
