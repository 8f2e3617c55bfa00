import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes of a master key. */
export const KEY_BYTES = 32;

/**
 * Reads the master key from its file, which is made on first use and readable by its owner only. Never
 * overwrites: a key file of another size is refused, since everything sealed with the lost key is lost too.
 */
export async function readKeyFile(file: string): Promise<Buffer> {
  const key = (await readIfThere(file)) ?? (await createKeyFile(file));
  if (key.length !== KEY_BYTES)
    throw new Error(`${file} holds ${key.length} bytes and is no key file`);
  return key;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Writes a draft and links it into place, so that the file is never seen half written and the first one stays. */
async function createKeyFile(file: string): Promise<Buffer> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(randomBytes(KEY_BYTES));
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
  return readFile(file);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
