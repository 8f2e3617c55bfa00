import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder of handler modules, removed by `remove`. */
export interface Handlers {
  readonly folder: string;
  file(name: string): string;
  remove(): Promise<void>;
}

/** Writes one module per name; each source is the body of an ES module that exports `handler`. */
export async function writeHandlers(sources: Readonly<Record<string, string>>): Promise<Handlers> {
  const folder = await mkdtemp(join(tmpdir(), 'handlers-'));
  const file = (name: string) => join(folder, `${name}.mjs`);
  await Promise.all(Object.entries(sources).map(([name, source]) => writeFile(file(name), source)));
  return { folder, file, remove: () => rm(folder, { recursive: true, force: true }) };
}
