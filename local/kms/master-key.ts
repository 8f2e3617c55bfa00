import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Names and values a ciphertext is bound to. */
export type EncryptionContext = Readonly<Record<string, string>>;

const ALGORITHM = 'aes-256-gcm';
/** First byte of every ciphertext: how the rest is to be read. */
const FORMAT = 1;
const ID_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + ID_BYTES + NONCE_BYTES;

/** A symmetric key that stays here: it seals and opens for others. */
export class MasterKey {
  /** A UUID that follows from the key, so the same key keeps its id. */
  readonly id: string;
  readonly #key: Buffer;
  readonly #idBytes: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
    this.#idBytes = createHash('sha256')
      .update('key id')
      .update(key)
      .digest()
      .subarray(0, ID_BYTES);
    this.id = this.#idBytes
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  /** Seals a text: format, key id, nonce, sealed bytes, tag. */
  encrypt(plaintext: Buffer, context: EncryptionContext): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const header = Buffer.concat([Buffer.of(FORMAT), this.#idBytes, nonce]);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce);
    cipher.setAAD(boundTo(header, context));
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([header, sealed, cipher.getAuthTag()]);
  }

  /** Opens what `encrypt` sealed; `undefined` for another key, another context, or a changed ciphertext. */
  decrypt(ciphertext: Buffer, context: EncryptionContext): Buffer | undefined {
    if (ciphertext.length < HEADER_BYTES + TAG_BYTES) return undefined;
    const header = ciphertext.subarray(0, HEADER_BYTES);
    if (
      !header.subarray(0, 1 + ID_BYTES).equals(Buffer.concat([Buffer.of(FORMAT), this.#idBytes]))
    ) {
      return undefined;
    }
    const nonce = header.subarray(1 + ID_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(header, context));
    decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
    const opened = decipher.update(ciphertext.subarray(HEADER_BYTES, -TAG_BYTES));
    try {
      return Buffer.concat([opened, decipher.final()]);
    } catch {
      return undefined;
    }
  }
}

/** The order of a context's names means nothing. */
function boundTo(header: Buffer, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(pairs))]);
}
