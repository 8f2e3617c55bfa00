import { sign } from 'node:crypto';
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import type { Simulators } from '../../../../local/simulators/simulators';

export const DEVICE = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0';

/** An alert with custom data. */
export const PAYLOAD = {
  orderId: 'A-1001',
  aps: { alert: { title: 'Order shipped', body: 'A-1001' }, badge: 3, sound: 'default' },
};

export interface PushAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: unknown;
}

export interface TokenChange {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly privateKey?: string;
  /** Form of the signature; JWTs have the raw one. */
  readonly encoding?: 'ieee-p1363' | 'der';
}

/** A provider token Apple would take, with some parts changed. */
export function signProviderToken(simulators: Simulators, change: TokenChange = {}): string {
  const { teamId, keyId, privateKey } = simulators.credentials('apns');
  const header = { alg: 'ES256', kid: keyId, ...change.header };
  const claims = { iss: teamId, iat: Math.floor(Date.now() / 1_000), ...change.claims };
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = {
    key: change.privateKey ?? privateKey,
    dsaEncoding: change.encoding ?? ('ieee-p1363' as const),
  };
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

/** One connection to the simulated APNs. */
export class ApnsClient {
  readonly session: ClientHttp2Session;
  readonly goAways: string[] = [];
  token: string;

  constructor(simulators: Simulators) {
    this.token = signProviderToken(simulators);
    this.session = connect(simulators.endpoint('apns'));
    this.session.on('error', () => undefined);
    this.session.on('goaway', (_code: number, _last: number, data?: Uint8Array) => {
      if (data) this.goAways.push(Buffer.from(data).toString());
    });
  }

  /** Sends the right request with some headers changed or left out (undefined); rejects when the stream breaks. */
  push(
    change: Readonly<Record<string, string | readonly string[] | undefined>> = {},
    body: unknown = PAYLOAD,
  ): Promise<PushAnswer> {
    const headers: OutgoingHttpHeaders = {};
    const all = {
      ':method': 'POST',
      ':path': `/3/device/${DEVICE}`,
      authorization: `bearer ${this.token}`,
      'apns-topic': 'com.example.chat',
      'apns-push-type': 'alert',
      'apns-priority': '10',
      ...change,
    };
    for (const [name, value] of Object.entries(all)) {
      if (value !== undefined) headers[name] = typeof value === 'string' ? value : [...value];
    }
    return new Promise((resolve, reject) => {
      const stream = this.session.request(headers);
      const chunks: Buffer[] = [];
      let answer: Readonly<Record<string, unknown>> | undefined;
      stream.on('response', (response) => {
        answer = response;
      });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('close', () => {
        const text = Buffer.concat(chunks).toString();
        if (answer === undefined) return reject(new Error(`no answer, code ${stream.rstCode}`));
        const json: unknown = text === '' ? undefined : JSON.parse(text);
        resolve({ status: Number(answer[':status']), headers: answer, text, json });
      });
      stream.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
    });
  }

  /** The right request to another device. */
  pushTo(device: string): Promise<PushAnswer> {
    return this.push({ ':path': `/3/device/${device}` });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.session.destroyed) return resolve();
      this.session.close(resolve);
    });
  }
}
