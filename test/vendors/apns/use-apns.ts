import type { Certificate } from '../../../lib/model/certificate';
import { createSenderWithin } from '../../../lib/vendors/apns/sender';
import type { SenderPorts, VendorSender } from '../../../lib/vendors/vendor';
import { somePorts } from '../support';
import { anApnsCertificate, type Http2VendorServer, startHttp2VendorServer } from './support';

type ServerOptions = NonNullable<Parameters<typeof startHttp2VendorServer>[0]>;

/** What tests of connections work with. */
export interface ApnsTest {
  /** This test's own. */
  readonly server: Http2VendorServer;
  /** Puts a server of another kind in its place. */
  restart(options: ServerOptions): Promise<void>;
  /** A certificate nobody has a connection for yet. */
  aFreshCertificate(change?: Partial<Certificate>): Certificate;
  sender(certificate?: Certificate, ports?: SenderPorts, deadlineMs?: number): VendorSender;
}

/** Starts a server for each test of a file, and ends it. */
export function useApns(): ApnsTest {
  let server: Http2VendorServer | undefined;
  let certificates = 0;

  beforeEach(async () => {
    server = await startHttp2VendorServer();
  });
  afterEach(() => server?.close());

  function running(): Http2VendorServer {
    if (server === undefined) throw new Error('a server runs only within a test');
    return server;
  }

  function aFreshCertificate(change: Partial<Certificate> = {}): Certificate {
    certificates += 1;
    return anApnsCertificate({ name: `fresh ${certificates}`, endpoint: running().url, ...change });
  }

  return {
    get server() {
      return running();
    },
    async restart(options) {
      server?.close();
      server = await startHttp2VendorServer(options);
    },
    aFreshCertificate,
    sender: (certificate = aFreshCertificate(), ports = somePorts(), deadlineMs = 3_000) =>
      createSenderWithin(deadlineMs, certificate, ports),
  };
}
