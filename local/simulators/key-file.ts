import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';

const fileSchema = v.record(v.string(), v.looseObject({}));

/** What one simulated vendor keeps. */
export interface VendorKeys {
  /** What was kept before; made and kept if there is nothing. */
  keep<Kept>(
    schema: v.GenericSchema<unknown, Kept>,
    make: () => Kept | Promise<Kept>,
  ): Promise<Kept>;
}

/** What simulated vendors know their customer by, kept from run to run; without a file it lasts one run. */
export class KeyFile {
  readonly #file: string | undefined;
  #kept: Readonly<Record<string, unknown>>;

  private constructor(file: string | undefined, kept: Readonly<Record<string, unknown>>) {
    this.#file = file;
    this.#kept = kept;
  }

  static async open(file?: string): Promise<KeyFile> {
    const text = file === undefined ? undefined : await readIfThere(file);
    return new KeyFile(file, text === undefined ? {} : v.parse(fileSchema, JSON.parse(text)));
  }

  of(vendor: string): VendorKeys {
    return { keep: (schema, make) => this.#keep(vendor, schema, make) };
  }

  async #keep<Kept>(
    vendor: string,
    schema: v.GenericSchema<unknown, Kept>,
    make: () => Kept | Promise<Kept>,
  ): Promise<Kept> {
    if (vendor in this.#kept) return v.parse(schema, this.#kept[vendor]);
    const made = await make();
    this.#kept = { ...this.#kept, [vendor]: made };
    if (this.#file !== undefined) {
      await mkdir(dirname(this.#file), { recursive: true });
      await writeFile(this.#file, `${JSON.stringify(this.#kept, null, 2)}\n`, { mode: 0o600 });
    }
    return made;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
