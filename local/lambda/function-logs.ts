import {
  createWriteStream,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  type WriteStream,
} from 'node:fs';
import { join } from 'node:path';

const DEFAULT_MAXIMUM_BYTES = 16 * 1024 * 1024;

/** Log files, one per function. */
export interface FunctionLogs {
  write(functionName: string, line: string): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

interface LogFile {
  stream: WriteStream;
  bytes: number;
}

/** Writes `<folder>/<function>.log`. A file that is full becomes `.log.1`, in place of the one before. */
export function openFunctionLogs(
  folder: string,
  maximumBytes: number = DEFAULT_MAXIMUM_BYTES,
): FunctionLogs {
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, LogFile>();

  function fileOf(functionName: string): LogFile {
    const path = join(folder, `${functionName}.log`);
    let file = files.get(functionName);
    if (file && file.bytes >= maximumBytes) {
      file.stream.end();
      renameSync(path, `${path}.1`);
      file = undefined;
    }
    if (!file) {
      const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      file = { stream: createWriteStream(path, { fd: openSync(path, 'a') }), bytes };
      files.set(functionName, file);
    }
    return file;
  }

  return {
    write(functionName, line) {
      const file = fileOf(functionName);
      file.bytes += Buffer.byteLength(line) + 1;
      file.stream.write(`${line}\n`);
    },
    async close() {
      await Promise.all(
        [...files.values()].map(
          ({ stream }) => new Promise<void>((resolve) => stream.end(() => resolve())),
        ),
      );
    },
  };
}
