import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { createGatedHttpClient } from '../../lib/http/gated-http-client';
import { createHttpClient } from '../../lib/http/http-client';
import type { AccessToken, AccessTokenKey, AccessTokenStore } from '../../lib/model/access-token';
import type { Certificate } from '../../lib/model/certificate';
import type { Notification } from '../../lib/model/notification';
import type { FlowGate } from '../../lib/model/vendor-ports';
import type { SenderPorts, SendRequest } from '../../lib/vendors/vendor';

export function aNotification(change: Partial<Notification> = {}): Notification {
  return {
    title: '订单 已发货',
    body: '包裹 A&B 100%',
    notifyId: 7,
    dedupeKey: 'kAbCdEfGhIj1',
    urgency: 'high',
    messageClass: 'im',
    parts: { nick: '张三', content: '包裹 A&B 100%', conversation: '张三' },
    data: { id: '42', k: 'a b+c' },
    ...change,
  };
}

export function aSendRequest(change: Partial<SendRequest> = {}): SendRequest {
  return {
    jobId: 'job-42',
    notification: aNotification(),
    tokens: ['regA=='],
    ttlSeconds: 86_400,
    ...change,
  };
}

/** A gate that gives `passes` passes, all of them unless told, and counts. */
export function aGate(
  passes = Number.POSITIVE_INFINITY,
): FlowGate & { entered: number; left: number } {
  const gate = {
    entered: 0,
    left: 0,
    awaitRoom: () => Promise.resolve({ kind: 'ready' } as const),
    refuse: () => undefined,
    rest: () => Promise.resolve(),
    enter() {
      if (gate.entered >= passes) {
        return Promise.resolve(undefined);
      }
      gate.entered += 1;
      return Promise.resolve({
        leave() {
          gate.left += 1;
        },
      });
    },
  };
  return gate;
}

/** A store of access tokens that lasts as long as the process. */
export function anAccessTokenStore(): AccessTokenStore {
  const kept = new Map<string, { token?: AccessToken; claimedUntil: number }>();
  const at = (key: AccessTokenKey) => {
    const name = JSON.stringify(key);
    const entry = kept.get(name) ?? { claimedUntil: 0 };
    kept.set(name, entry);
    return entry;
  };
  return {
    get: async (key) => at(key).token,
    async claimRenewal(key, until, now) {
      if (at(key).claimedUntil >= now) return false;
      at(key).claimedUntil = until;
      return true;
    },
    async giveUp(key, until) {
      at(key).claimedUntil = until;
    },
    async put(key, token) {
      Object.assign(at(key), { token, claimedUntil: 0 });
    },
  };
}

/** The ports a sender function gives a sender. */
export function somePorts(
  gate: FlowGate = aGate(),
  accessTokens: AccessTokenStore = anAccessTokenStore(),
): SenderPorts {
  return {
    http: createGatedHttpClient(createHttpClient(), gate, 1_000),
    gate,
    clock: { now: () => Date.now() },
    accessTokens,
  };
}

export const XIAOMI_CREDENTIALS = {
  appId: '2882303761517000001',
  appKey: '5271700000001',
  appSecret: 'APPSECRET0123456789',
};

export function aXiaomiCertificate(change: Partial<Certificate> = {}): Certificate {
  return {
    name: 'xiaomi cert',
    appKey: 'app',
    vendor: 'xiaomi',
    credentials: XIAOMI_CREDENTIALS,
    package: 'com.example.shop',
    receiptId: 'r'.repeat(22),
    ...change,
  };
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const SERVICE_ACCOUNT = {
  type: 'service_account',
  project_id: 'demo-proj',
  private_key_id: '0123456789abcdef',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  client_email: 'push@demo-proj.iam.gserviceaccount.com',
  token_uri: 'https://oauth2.googleapis.com/token',
};

export function anFcmCertificate(change: Partial<Certificate> = {}): Certificate {
  return {
    name: 'fcm cert',
    appKey: 'app',
    vendor: 'fcm',
    credentials: { serviceAccount: SERVICE_ACCOUNT },
    receiptId: 'f'.repeat(22),
    ...change,
  };
}

export interface Captured {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Answers every request with what `answer` says; `undefined` breaks the connection, `silence` never ends. */
export interface VendorServer {
  readonly url: string;
  readonly requests: Captured[];
  answer: (request: Captured) => Answer | 'silence' | undefined;
  close(): void;
}

export async function startVendorServer(): Promise<VendorServer> {
  const server: Server = createServer(async (request) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const { method = '', url: path = '', headers, rawHeaders } = request;
    const captured = { method, path, headers, rawHeaders, body };
    vendor.requests.push(captured);
    const answer = vendor.answer(captured);
    if (answer === undefined) {
      request.socket.destroy();
      return;
    }
    if (answer !== 'silence') {
      writeRaw(request.socket, answer);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const vendor: VendorServer = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    answer: () => ({ status: 200 }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return vendor;
}

/** Writes any status at all, those Node's server refuses included. */
function writeRaw(socket: Socket, { status, headers = {}, body = '' }: Answer): void {
  const all = {
    'Content-Type': 'application/json',
    ...headers,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} Some Words\r\n${lines.join('')}\r\n${body}`);
}
