import { createServer, type Server } from 'node:http';
import { KeyFile } from './key-file';
import { Phones, type PhonesOptions } from './phones';
import { type SimulatedVendor, simulatorKinds, vendors } from './registry';
import { createRoutes, type RoutedVendor } from './routes';
import type { SimulatorKind, StartedSimulator, VendorSimulator } from './vendor-simulator';

/** The Android app that all simulated phones have. */
const PACKAGE_NAME = 'com.example.chat';

type Kinds = typeof simulatorKinds;

type StartedOf<Vendor extends SimulatedVendor> = Awaited<ReturnType<Kinds[Vendor]['start']>>;

/** What to store in a certificate, by vendor. */
export type SimulatedCredentials = {
  readonly [Vendor in SimulatedVendor]: ReturnType<StartedOf<Vendor>['credentials']>;
};

type RunningSimulators = {
  readonly [Vendor in SimulatedVendor]: StartedOf<Vendor>['simulator'];
};

export interface SimulatorsOptions extends PhonesOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Requests (or tokens) per second; `Infinity` for no limit. The default is each vendor's own. */
  readonly ratePerSecond?: Partial<Record<SimulatedVendor, number>>;
  /** Requests kept for `GET /<vendor>/requests`; default 200. */
  readonly keepRequests?: number;
  /** How long vendors collect receipts before they post them; default 1,000 ms. */
  readonly receiptDelayMs?: number;
  /** Where the credentials are kept so that they survive a restart. */
  readonly keyFile?: string;
}

/** Running simulators: vendors, each under its name, and the phones behind them. */
export interface Simulators extends RunningSimulators {
  readonly vendors: readonly SimulatedVendor[];
  readonly port: number;
  readonly url: string;
  readonly packageName: string;
  readonly phones: Phones;
  /** A certificate's `endpoint`. */
  endpoint(vendor: SimulatedVendor): string;
  /** A certificate's `authEndpoint`; undefined where the vendor issues no access tokens. */
  authEndpoint(vendor: SimulatedVendor): string | undefined;
  credentials<Vendor extends SimulatedVendor>(vendor: Vendor): SimulatedCredentials[Vendor];
  /** Tells a vendor's console where receipts go, where it has that setting. */
  useReceiptAddress(vendor: SimulatedVendor, url: string): void;
  close(): Promise<void>;
}

/** Starts all vendors and their phones; those that speak HTTP/1.1 share one port. */
export async function startSimulators(options: SimulatorsOptions = {}): Promise<Simulators> {
  const { host = '127.0.0.1', keepRequests = 200, receiptDelayMs = 1_000 } = options;
  const keys = await KeyFile.open(options.keyFile);
  const phones = new Phones(options);
  const started = new Map<string, Started>();
  for (const vendor of vendors) {
    const kind: SimulatorKind<VendorSimulator, unknown> = simulatorKinds[vendor];
    const ratePerSecond = options.ratePerSecond?.[vendor] ?? kind.defaultRatePerSecond;
    const context = { phones, packageName: PACKAGE_NAME, keepRequests, receiptDelayMs, host };
    const one = await kind.start(keys.of(vendor), { ...context, ratePerSecond });
    started.set(vendor, { ...one, kind, isRootPath: (path) => kind.isRootPath?.(path) ?? false });
  }
  const server = createServer({ keepAliveTimeout: 75_000 }, createRoutes(phones, started));
  const closeVendors = () =>
    Promise.all([...started.values()].map((one) => one.simulator.close?.()));
  const port = await listen(server, options.port ?? 0, host).catch(async (error: unknown) => {
    await closeVendors();
    throw error;
  });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const of = (vendor: string): Started => {
    const found = started.get(vendor);
    if (found === undefined) throw new Error(`${vendor} is not simulated`);
    return found;
  };
  // the registry's own entries, each started by its own kind
  const running = Object.fromEntries(
    [...started].map(([vendor, { simulator }]) => [vendor, simulator]),
  ) as unknown as RunningSimulators;
  return {
    ...running,
    vendors,
    port,
    url,
    packageName: PACKAGE_NAME,
    phones,
    endpoint: (vendor) => of(vendor).simulator.ownEndpoint ?? `${url}/${vendor}`,
    authEndpoint: (vendor) => (of(vendor).kind.hasAuthEndpoint ? `${url}/${vendor}` : undefined),
    credentials: <Vendor extends SimulatedVendor>(vendor: Vendor) =>
      of(vendor).credentials(url) as SimulatedCredentials[Vendor],
    useReceiptAddress: (vendor, address) => of(vendor).simulator.useReceiptAddress?.(address),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, closeVendors()]);
    },
  };
}

interface Started extends RoutedVendor, StartedSimulator<VendorSimulator, unknown> {
  readonly kind: SimulatorKind<VendorSimulator, unknown>;
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
