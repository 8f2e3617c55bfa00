import { Agent, request } from 'node:http';
import { createHttpClient } from '../../lib/http/http-client';
import type { Loop } from './loop';

/** The requests of one vendor, as a sender makes them. */
export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly count: number;
}

/** Bare: `node:http`; client: what senders use; fetch: Node's own. */
export type Poster = 'bare' | 'client' | 'fetch';

/** As many as jobs of an invocation. */
const IN_FLIGHT = 10;

/** Posts one body again and again and reads each answer. */
export function createPosting(poster: Poster, posting: Posting): Loop {
  const { one, close } = POSTERS[poster](posting);
  return {
    async run() {
      let left = posting.count;
      const worker = async () => {
        while (left > 0) {
          left -= 1;
          JSON.parse(await one());
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    },
    close,
  };
}

interface Sending {
  one(): Promise<string>;
  close(): void;
}

const POSTERS: Readonly<Record<Poster, (posting: Posting) => Sending>> = {
  bare({ url, headers, body }) {
    const agent = new Agent({ keepAlive: true });
    return {
      one: () =>
        new Promise((resolve, reject) => {
          const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('end', () => resolve(Buffer.concat(parts).toString()));
          });
          sent.on('error', reject);
          sent.end(body);
        }),
      close: () => agent.destroy(),
    };
  },
  client({ url, headers, body }) {
    const client = createHttpClient();
    return {
      async one() {
        const result = await client.send({ method: 'POST', url, headers, body, timeoutMs: 5_000 });
        return result.kind === 'response' ? result.body : '';
      },
      close: () => undefined,
    };
  },
  fetch: ({ url, headers, body }) => ({
    one: async () => (await fetch(url, { method: 'POST', headers, body })).text(),
    close: () => undefined,
  }),
};
