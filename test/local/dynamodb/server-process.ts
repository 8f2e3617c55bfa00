import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

/** A store in a process of its own, to be killed. */
export interface ServerProcess {
  readonly url: string;
  /** Ends the process as a crash would: nothing is flushed, nothing closed. */
  kill(): Promise<void>;
}

const PROGRAM = `
  import { startDynamoDb } from './local/dynamodb/dynamodb-server';
  const { url } = await startDynamoDb({ folder: process.env.STORE_FOLDER });
  console.log(url);
`;

/** Starts a store on a folder in another process. */
export async function startServerProcess(folder: string): Promise<ServerProcess> {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, loader: 'ts', resolveDir: process.cwd() },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['dynalite'],
  });
  const server = spawn(process.execPath, ['--input-type=module', '-'], {
    env: { ...process.env, STORE_FOLDER: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  server.stdin.end(outputFiles[0]?.text);
  const [url] = await once(createInterface(server.stdout), 'line');
  return { url: String(url), kill: () => kill(server) };
}

async function kill(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}
