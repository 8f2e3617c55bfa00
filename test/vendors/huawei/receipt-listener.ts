import { createServer } from 'node:http';
import type { Receipt } from '../../../lib/model/receipt';
import type { ReceiptRequest } from '../../../lib/vendors/vendor';

/** The part of the service that Huawei posts receipts to. */
export interface ReceiptListener {
  readonly url: string;
  readonly receipts: Receipt[];
  /** Bodies whose signature was refused. */
  readonly refused: string[];
  /** Waits until `isDone`; the test's own time-out ends a wait in vain. */
  until(isDone: () => boolean): Promise<void>;
  close(): void;
}

export async function startReceiptListener(
  read: (request: ReceiptRequest) => readonly Receipt[],
  check: { readonly user: string; readonly secret: string },
): Promise<ReceiptListener> {
  const receipts: Receipt[] = [];
  const refused: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const headers = { 'x-huawei-callback-id': String(request.headers['x-huawei-callback-id']) };
    try {
      receipts.push(...read({ body, headers, receivedAt: Date.now(), check }));
    } catch {
      refused.push(body);
    }
    response.end('{"code":"0","message":"success"}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/r/abc`,
    receipts,
    refused,
    async until(isDone) {
      while (!isDone()) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
