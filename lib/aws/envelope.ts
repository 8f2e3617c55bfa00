import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';

/**
 * What a sealed value is bound to; opening it under another context fails, and IAM can tell
 * contexts apart, so a sender can open its own vendor's certificates and nothing else.
 */
export type SealContext =
  | { readonly purpose: 'secret'; readonly app: string; readonly name: string }
  | {
      /** A certificate's credentials, what its receipts are checked with, an access token made from it. */
      readonly purpose: 'certificate' | 'receipt' | 'access-token';
      readonly app: string;
      readonly vendor: string;
      readonly name: string;
    };

/** A value sealed under its own data key; base64 throughout. */
export interface Sealed {
  readonly dataKey: string;
  readonly iv: string;
  readonly tag: string;
  readonly text: string;
}

/** Seals and opens texts with data keys from KMS. */
export interface Envelope {
  seal(text: string, context: SealContext): Promise<Sealed>;
  /** Fails when the value was sealed for another context or was altered. */
  open(sealed: Sealed, context: SealContext): Promise<string>;
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
/** Named when opening, or a tag cut down to four guessable bytes would do. */
const TAG_BYTES = 16;

/** Envelope encryption: AES-256-GCM here, the data key sealed by one KMS key. */
export function createEnvelope(client: KMSClient, keyId: string): Envelope {
  return {
    async seal(text, context) {
      const { Plaintext, CiphertextBlob } = await client.send(
        new GenerateDataKeyCommand({
          KeyId: keyId,
          KeySpec: 'AES_256',
          EncryptionContext: { ...context },
        }),
      );
      if (Plaintext === undefined || CiphertextBlob === undefined) {
        throw new Error('KMS gave no data key');
      }
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, Plaintext, iv);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      Plaintext.fill(0);
      return {
        dataKey: Buffer.from(CiphertextBlob).toString('base64'),
        iv: iv.toString('base64'),
        tag: cipher.getAuthTag().toString('base64'),
        text: sealed.toString('base64'),
      };
    },

    async open(sealed, context) {
      const { Plaintext } = await client.send(
        new DecryptCommand({
          CiphertextBlob: Buffer.from(sealed.dataKey, 'base64'),
          EncryptionContext: { ...context },
        }),
      );
      if (Plaintext === undefined) throw new Error('KMS opened no data key');
      const iv = Buffer.from(sealed.iv, 'base64');
      const decipher = createDecipheriv(ALGORITHM, Plaintext, iv, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
      const text = Buffer.concat([
        decipher.update(Buffer.from(sealed.text, 'base64')),
        decipher.final(),
      ]).toString('utf8');
      Plaintext.fill(0);
      return text;
    },
  };
}
