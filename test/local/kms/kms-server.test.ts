import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { type RunningKms, startKms } from '../../../local/kms/kms-server';

const CONTEXT = { app: 'demo', purpose: 'certificate', name: 'vivo 证书', vendor: 'vivo' };

function createClient(kms: RunningKms): KMSClient {
  const credentials = { accessKeyId: 'anybody', secretAccessKey: 'anything' };
  return new KMSClient({ endpoint: kms.url, region: 'cn-north-1', credentials, maxAttempts: 1 });
}

let kms: RunningKms;
let client: KMSClient;
beforeAll(async () => {
  kms = await startKms();
  client = createClient(kms);
});
afterAll(async () => {
  client.destroy();
  await kms.close();
});

function encrypt(Plaintext: Uint8Array, EncryptionContext: Record<string, string> = CONTEXT) {
  return client.send(new EncryptCommand({ KeyId: kms.keyId, Plaintext, EncryptionContext }));
}

function decrypt(CiphertextBlob: Uint8Array | undefined, EncryptionContext = {}) {
  return client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
}

test('a data key comes in the clear and sealed, and opens in its context', async () => {
  const made = await client.send(
    new GenerateDataKeyCommand({
      KeyId: kms.keyId,
      KeySpec: 'AES_256',
      EncryptionContext: CONTEXT,
    }),
  );
  expect(made.Plaintext).toHaveLength(32);
  expect(made.KeyId).toBe(`arn:aws:kms:us-east-1:000000000000:key/${kms.keyId}`);
  const reordered = Object.fromEntries(Object.entries(CONTEXT).toReversed());
  const opened = await decrypt(made.CiphertextBlob, reordered);
  expect(opened.Plaintext).toEqual(made.Plaintext);
  expect(opened.KeyId).toBe(made.KeyId);
});

test.each([
  ['another value', { ...CONTEXT, vendor: 'oppo' }],
  ['a name more', { ...CONTEXT, extra: '' }],
  ['a name less', { app: 'demo', purpose: 'certificate', name: 'vivo 证书' }],
  ['names and values run together differently', { app: 'demo', purpose: 'certificate,name' }],
  ['none', {}],
])('a context with %s opens nothing', async (_, context) => {
  const { CiphertextBlob } = await encrypt(Buffer.from('secret'));
  await expect(decrypt(CiphertextBlob, context)).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
});

test('whatever is sealed opens, unless a single bit of it changed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.dictionary(fc.string({ minLength: 1 }), fc.string(), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      fc.nat(),
      async (plaintext, context, position) => {
        const { CiphertextBlob = new Uint8Array() } = await encrypt(plaintext, context);
        const { Plaintext } = await decrypt(CiphertextBlob, context);
        expect(Buffer.from(Plaintext ?? []).equals(plaintext)).toBe(true);
        const changed = Uint8Array.from(CiphertextBlob);
        const index = position % changed.length;
        changed[index] = (changed[index] ?? 0) ^ 1;
        await expect(decrypt(changed, context)).rejects.toMatchObject({
          name: 'InvalidCiphertextException',
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('the same text is never sealed alike', async () => {
  const [one, two] = await Promise.all([encrypt(Buffer.from('a')), encrypt(Buffer.from('a'))]);
  expect(one.CiphertextBlob).not.toEqual(two.CiphertextBlob);
});

test('a key of another server opens nothing', async () => {
  const other = await startKms();
  const stranger = createClient(other);
  const { CiphertextBlob } = await encrypt(Buffer.from('secret'));
  const theirs = new DecryptCommand({ CiphertextBlob, EncryptionContext: CONTEXT });
  await expect(stranger.send(theirs)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  stranger.destroy();
  await other.close();
});

test('the key answers to its id, its ARN and any alias', async () => {
  const describe = async (KeyId: string) => {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    return KeyMetadata?.KeyId;
  };
  const arn = `arn:aws-cn:kms:cn-north-1:000000000000:key/${kms.keyId}`;
  for (const name of [kms.keyId, arn, 'alias/offline-push-local']) {
    expect(await describe(name)).toBe(kms.keyId);
  }
  for (const name of ['another', `${arn}x`, 'arn:aws:kms:x:0:key/another']) {
    await expect(describe(name)).rejects.toMatchObject({ name: 'NotFoundException' });
  }
});

test('texts over 4 KB are refused, without a word of them', async () => {
  await expect(encrypt(Buffer.alloc(4_096, 'x'))).resolves.toHaveProperty('CiphertextBlob');
  const secret = Buffer.alloc(4_097, 'hush');
  const error: unknown = await encrypt(secret).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'ValidationException' });
  expect(String(error)).not.toContain(secret.toString('base64').slice(0, 8));
});

describe('the key file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'offline-push-kms-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Starts a server on the file and answers what `use` makes of it. */
  async function withKey<Result>(keyFile: string, use: (kms: RunningKms) => Promise<Result>) {
    const server = await startKms({ keyFile });
    try {
      return await use(server);
    } finally {
      await server.close();
    }
  }

  test('is made once, for its owner only, and opens what was sealed before', async () => {
    const keyFile = join(folder, 'deep', 'key');
    const sealed = await withKey(keyFile, async (first) => {
      const sealing = createClient(first);
      const { CiphertextBlob } = await sealing.send(
        new EncryptCommand({ KeyId: first.keyId, Plaintext: Buffer.from('kept') }),
      );
      return { keyId: first.keyId, CiphertextBlob };
    });
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['key']);
    await withKey(keyFile, async (second) => {
      expect(second.keyId).toBe(sealed.keyId);
      const { Plaintext } = await createClient(second).send(
        new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }),
      );
      expect(Buffer.from(Plaintext ?? []).toString()).toBe('kept');
    });
  });

  test('is the same for all who start at once', async () => {
    const keyFile = join(folder, 'key');
    const ids = await Promise.all(
      Array.from({ length: 5 }, () => withKey(keyFile, async ({ keyId }) => keyId)),
    );
    expect(new Set(ids).size).toBe(1);
  });

  test('of a wrong size is refused and left as it is', async () => {
    const keyFile = join(folder, 'key');
    await writeFile(keyFile, 'too short');
    await expect(startKms({ keyFile })).rejects.toThrow('is no key file');
    expect(await readFile(keyFile, 'utf8')).toBe('too short');
  });
});
