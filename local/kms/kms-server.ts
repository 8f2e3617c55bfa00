import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { type Admit, startAwsJsonServer, unknownOperation } from '../dynamodb/aws-json-server';
import { parseInput } from '../dynamodb/parse-input';
import { ServiceError } from '../dynamodb/service-error';
import { KEY_BYTES, readKeyFile } from './key-file';
import { MasterKey } from './master-key';

/** Where to listen and where the key is. */
export interface KmsOptions {
  /** A free port by default. */
  readonly port?: number;
  /** File of the master key, made if it is not there; without one the key dies with the process. */
  readonly keyFile?: string;
  readonly admit?: Admit;
}

/** A running endpoint with the one key it holds. */
export interface RunningKms {
  readonly url: string;
  readonly keyId: string;
  readonly keyArn: string;
  close(): Promise<void>;
}

/**
 * Starts a KMS-compatible endpoint on loopback with one symmetric key: GenerateDataKey (AES_256), Encrypt,
 * Decrypt and DescribeKey. A ciphertext opens only with the encryption context it was made with.
 */
export async function startKms({ port = 0, keyFile, admit }: KmsOptions = {}): Promise<RunningKms> {
  const key = new MasterKey(
    keyFile === undefined ? randomBytes(KEY_BYTES) : await readKeyFile(keyFile),
  );
  const server = await startAwsJsonServer(
    {
      target: 'TrentService',
      contentType: 'application/x-amz-json-1.1',
      handle: async (operation, body) => {
        const run = OPERATIONS.get(operation);
        if (run === undefined) throw unknownOperation();
        return run(key, body);
      },
      admit,
    },
    port,
  );
  return { ...server, keyId: key.id, keyArn: arnOf(key) };
}

/** As much as KMS encrypts itself; larger texts are sealed with a data key. */
const MAX_PLAINTEXT_BYTES = 4_096;
const MAX_CIPHERTEXT_BYTES = 6_144;

function base64(maxBytes: number) {
  return v.pipe(
    v.string(),
    v.base64('no Base64'),
    v.check((text) => isWithin(Buffer.byteLength(text, 'base64'), maxBytes), 'wrong length'),
    v.transform((text) => Buffer.from(text, 'base64')),
  );
}

function isWithin(bytes: number, maxBytes: number): boolean {
  return bytes >= 1 && bytes <= maxBytes;
}

const Context = v.optional(v.record(v.string(), v.string()), {});
const DescribeKeyInput = v.object({ KeyId: v.string() });
const GenerateDataKeyInput = v.object({
  KeyId: v.string(),
  KeySpec: v.literal('AES_256'),
  EncryptionContext: Context,
});
const EncryptInput = v.object({
  KeyId: v.string(),
  Plaintext: base64(MAX_PLAINTEXT_BYTES),
  EncryptionContext: Context,
});
const DecryptInput = v.object({
  KeyId: v.optional(v.string()),
  CiphertextBlob: base64(MAX_CIPHERTEXT_BYTES),
  EncryptionContext: Context,
});

type Run = (key: MasterKey, body: object) => object;

const OPERATIONS: ReadonlyMap<string, Run> = new Map<string, Run>([
  ['GenerateDataKey', generateDataKey],
  ['Encrypt', encrypt],
  ['Decrypt', decrypt],
  ['DescribeKey', describeKey],
]);

function generateDataKey(key: MasterKey, body: object): object {
  const { KeyId, EncryptionContext } = parseInput(GenerateDataKeyInput, body);
  refuseOtherKey(key, KeyId);
  const dataKey = randomBytes(KEY_BYTES);
  return {
    KeyId: arnOf(key),
    Plaintext: dataKey.toString('base64'),
    CiphertextBlob: key.encrypt(dataKey, EncryptionContext).toString('base64'),
  };
}

function encrypt(key: MasterKey, body: object): object {
  const { KeyId, Plaintext, EncryptionContext } = parseInput(EncryptInput, body);
  refuseOtherKey(key, KeyId);
  return {
    KeyId: arnOf(key),
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    CiphertextBlob: key.encrypt(Plaintext, EncryptionContext).toString('base64'),
  };
}

function decrypt(key: MasterKey, body: object): object {
  const { KeyId, CiphertextBlob, EncryptionContext } = parseInput(DecryptInput, body);
  if (KeyId !== undefined) refuseOtherKey(key, KeyId);
  const plaintext = key.decrypt(CiphertextBlob, EncryptionContext);
  if (plaintext === undefined) throw new ServiceError('InvalidCiphertextException', '');
  return {
    KeyId: arnOf(key),
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    Plaintext: plaintext.toString('base64'),
  };
}

function describeKey(key: MasterKey, body: object): object {
  refuseOtherKey(key, parseInput(DescribeKeyInput, body).KeyId);
  return {
    KeyMetadata: {
      AWSAccountId: ACCOUNT,
      KeyId: key.id,
      Arn: arnOf(key),
      Enabled: true,
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeySpec: 'SYMMETRIC_DEFAULT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      KeyManager: 'CUSTOMER',
      Origin: 'AWS_KMS',
      MultiRegion: false,
    },
  };
}

const ACCOUNT = '000000000000';

function arnOf(key: MasterKey): string {
  return `arn:aws:kms:us-east-1:${ACCOUNT}:key/${key.id}`;
}

/** A key is named by its id or an ARN that ends with it; every alias names the one key there is. */
function refuseOtherKey(key: MasterKey, name: string): void {
  const isAlias = /^(arn:[^/]+:)?alias\//.test(name);
  if (isAlias || name === key.id || /^arn:.+:key\/(.+)$/.exec(name)?.[1] === key.id) return;
  throw new ServiceError('NotFoundException', `Key '${name}' does not exist`);
}
