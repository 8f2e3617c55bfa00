import { createServer, type Server } from 'node:http';
import { loadCredentials, type ServiceAccount, type XiaomiCredentials } from './credentials';
import { FcmSimulator } from './fcm/fcm-simulator';
import { Phones, type PhonesOptions } from './phones';
import { createRoutes } from './routes';
import { XiaomiSimulator } from './xiaomi/xiaomi-simulator';

/** The Android app that all simulated phones have. */
const PACKAGE_NAME = 'com.example.chat';

export type SimulatedVendor = 'xiaomi' | 'fcm';

/** What to store in a certificate, by vendor. */
export interface SimulatedCredentials {
  readonly xiaomi: XiaomiCredentials;
  readonly fcm: { readonly serviceAccount: ServiceAccount };
}

export interface SimulatorsOptions extends PhonesOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /**
   * Requests per second; `Infinity` for no limit. Defaults: Xiaomi 500, its lowest published tier
   * (devices with notifications on < 100,000); FCM 10,000, its default 600,000 a minute.
   */
  readonly ratePerSecond?: { readonly xiaomi?: number; readonly fcm?: number };
  /** Requests kept for `GET /<vendor>/requests`; default 200. */
  readonly keepRequests?: number;
  /** How long Xiaomi collects receipts before it posts them; default 1,000 ms. */
  readonly receiptDelayMs?: number;
  /** Where the credentials are kept so that they survive a restart. */
  readonly keyFile?: string;
}

/** Running simulators: vendors, and the phones behind them. */
export interface Simulators {
  readonly port: number;
  readonly url: string;
  readonly packageName: string;
  readonly phones: Phones;
  readonly xiaomi: XiaomiSimulator;
  readonly fcm: FcmSimulator;
  /** A certificate's `endpoint`. */
  endpoint(vendor: SimulatedVendor): string;
  /** A certificate's `authEndpoint`: the documented path `/token` follows. */
  authEndpoint(vendor: 'fcm'): string;
  credentials<V extends SimulatedVendor>(vendor: V): SimulatedCredentials[V];
  close(): Promise<void>;
}

/** Starts all vendors and their phones behind one plain HTTP/1.1 server. */
export async function startSimulators(options: SimulatorsOptions = {}): Promise<Simulators> {
  const { host = '127.0.0.1', keepRequests = 200, ratePerSecond = {} } = options;
  const stored = await loadCredentials(options.keyFile);
  const phones = new Phones(options);
  const xiaomi = new XiaomiSimulator({
    credentials: stored.xiaomi,
    packages: [PACKAGE_NAME],
    phones,
    keepRequests,
    ratePerSecond: ratePerSecond.xiaomi ?? 500,
    receiptDelayMs: options.receiptDelayMs ?? 1_000,
  });
  const fcm = new FcmSimulator({
    serviceAccount: stored.fcm.serviceAccount,
    packageName: PACKAGE_NAME,
    phones,
    keepRequests,
    ratePerSecond: ratePerSecond.fcm ?? 10_000,
  });
  const server = createServer({ keepAliveTimeout: 75_000 }, createRoutes({ phones, xiaomi, fcm }));
  const port = await listen(server, options.port ?? 0, host);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const credentials: SimulatedCredentials = {
    xiaomi: stored.xiaomi,
    fcm: {
      serviceAccount: {
        ...stored.fcm.serviceAccount,
        auth_uri: 'https://accounts.google.com/o/oauth2/auth',
        token_uri: `${url}/fcm/token`,
      },
    },
  };
  return {
    port,
    url,
    packageName: PACKAGE_NAME,
    phones,
    xiaomi,
    fcm,
    endpoint: (vendor) => `${url}/${vendor}`,
    authEndpoint: (vendor) => `${url}/${vendor}`,
    credentials: (vendor) => credentials[vendor],
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, xiaomi.close()]);
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
