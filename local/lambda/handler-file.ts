import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A handler: the module's file and the name of its export. */
export interface HandlerFile {
  readonly file: string;
  readonly exportName: string;
  /** The file's name without its ending: `read-trace`. */
  readonly moduleName: string;
}

const ENDINGS = ['.mjs', '.js', '.cjs'];

/**
 * Finds what a function's `Handler` names (`dist/functions/read-trace.handler`): a path from the package's root, where
 * `distFolder` lies, or from `distFolder` itself.
 */
export function findHandlerFile(handler: string, distFolder: string): HandlerFile {
  const dot = handler.lastIndexOf('.');
  const module = handler.slice(0, dot);
  const roots = [dirname(resolve(distFolder)), resolve(distFolder)];
  const candidates = roots.flatMap((root) => ENDINGS.map((ending) => join(root, module) + ending));
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file === undefined)
    throw new Error(`no module for ${handler} in ${distFolder}: is it built?`);
  return { file, exportName: handler.slice(dot + 1), moduleName: basename(module) };
}
