import { createServer, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export type ReceiptStatus = Readonly<Record<string, unknown>>;

export interface ReceiptPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly statuses: readonly ReceiptStatus[];
}

/** An address for Push Kit's receipts, and what came. */
export interface ReceiptInbox {
  readonly url: string;
  /** Waits for so many receipts since the last call, in however many posts, and makes sure that no more come. */
  take(count: number): Promise<readonly ReceiptPost[]>;
  close(): Promise<void>;
}

export async function openInbox(): Promise<ReceiptInbox> {
  let posts: ReceiptPost[] = [];
  const count = () => posts.reduce((sum, { statuses }) => sum + statuses.length, 0);
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { statuses } = JSON.parse(Buffer.concat(chunks).toString());
      posts.push({ path: req.url ?? '', headers: req.headers, statuses });
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end('{"code":"0","message":"success"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async take(expected) {
      for (let tries = 0; tries < 300 && count() < expected; tries++) await sleep(10);
      await sleep(60);
      const taken = posts;
      if (count() !== expected) throw new Error(`${count()} receipts instead of ${expected}`);
      posts = [];
      return taken;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
