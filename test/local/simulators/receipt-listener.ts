import { createServer, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ReceivedPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An address receipts can go to, and what came. */
export interface ReceiptListener {
  readonly url: string;
  /** Waits for so many posts since the last call, makes sure that no more come, and answers their bodies. */
  take(count: number): Promise<readonly unknown[]>;
  /** The posts of the last `take`. */
  readonly taken: readonly ReceivedPost[];
  close(): Promise<void>;
}

export async function listenForReceipts(): Promise<ReceiptListener> {
  const posts: ReceivedPost[] = [];
  let taken: readonly ReceivedPost[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      posts.push({ path: req.url ?? '', headers: req.headers, body });
      res.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get taken() {
      return taken;
    },
    async take(count) {
      for (let tries = 0; tries < 200 && posts.length < count; tries++) await sleep(10);
      // longer than simulators under test collect receipts
      await sleep(300);
      taken = posts.splice(0);
      if (taken.length !== count) throw new Error(`${taken.length} posts instead of ${count}`);
      return taken.map(({ body }) => JSON.parse(body));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
