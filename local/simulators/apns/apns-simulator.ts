import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import * as v from 'valibot';
import { jsonReply, readBody, writeReply } from '../exchange';
import { commonControl, Faults } from '../faults';
import type { Phones } from '../phones';
import { type Counters, VendorFront } from '../vendor-front';
import { obeyOrder, type VendorSimulator } from '../vendor-simulator';
import { ApnsProtocol } from './apns-protocol';
import { type ConnectionCounts, Connections } from './connections';
import { Devices } from './devices';
import { type ProviderKey, ProviderTokens } from './provider-tokens';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const tokens = v.optional(v.array(v.string()));

/** What `POST /apns/control` takes. */
const apnsControl = v.strictObject({
  ...commonControl,
  /** Reason of the failures asked for with `failNext`; its status follows unless one is given. */
  code: v.optional(v.string()),
  /** Epoch milliseconds that 410 answers tell; null: the moment of the answer. */
  deadSince: v.optional(v.nullable(count)),
  /** Tokens that get 410 ExpiredToken. */
  expiredTokens: tokens,
  /** Tokens of another app. */
  foreignTokens: tokens,
  /** Tokens of the other environment. */
  otherEnvironmentTokens: tokens,
  /** Notifications one device may get in a minute; null: no limit. */
  perDeviceQuota: v.optional(v.nullable(count)),
  /** True: every provider token seen so far is expired, and a new one may come at once. */
  expireProviderTokens: v.optional(v.boolean()),
  /** How long provider tokens are good. */
  providerTokenSeconds: v.optional(count),
  /** How long after a new provider token the next one may come; 0: at once. */
  providerTokenUpdateSeconds: v.optional(count),
  /** Answers carry `apns-unique-id`, as those of the sandbox do. */
  sandbox: v.optional(v.boolean()),
  /** True: every connection that is open now gets a GOAWAY. */
  goAway: v.optional(v.boolean()),
  /** So many of the next streams are refused (REFUSED_STREAM), which says that nothing was done. */
  refuseStreams: v.optional(count),
  /** Streams a new connection may have at once before its first good provider token. */
  streamsBeforeToken: v.optional(v.pipe(count, v.minValue(1))),
});
export type ApnsControl = v.InferOutput<typeof apnsControl>;

export interface ApnsOptions {
  readonly key: ProviderKey;
  /** Bundle id of the app. */
  readonly topic: string;
  readonly phones: Phones;
  readonly ratePerSecond: number;
  readonly keepRequests: number;
  readonly host: string;
}

export type ApnsCounters = Counters &
  ConnectionCounts & {
    readonly authRequests: 0;
    /** Different provider tokens that were taken. */
    readonly providerTokens: number;
  };

/** An Apple Push Notification service that runs here: HTTP/2 without TLS, on a port of its own. */
export class ApnsSimulator implements VendorSimulator {
  readonly front: VendorFront;
  readonly #tokens: ProviderTokens;
  readonly #devices: Devices;
  readonly #connections: Connections;
  readonly #settings = { sandbox: false };
  #ownEndpoint = '';

  private constructor({ key, topic, phones, host: _, ...options }: ApnsOptions) {
    const faults = new Faults();
    this.#tokens = new ProviderTokens(key);
    this.#devices = new Devices(faults);
    const protocol = new ApnsProtocol({
      topic,
      phones,
      tokens: this.#tokens,
      devices: this.#devices,
      settings: this.#settings,
    });
    this.front = new VendorFront(protocol, { ...options, faults });
    this.#connections = new Connections((req, res) => this.#answer(req, res));
  }

  static async start(options: ApnsOptions): Promise<ApnsSimulator> {
    const { host } = options;
    const simulator = new ApnsSimulator(options);
    const port = await simulator.#connections.listen(host);
    simulator.#ownEndpoint = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    return simulator;
  }

  get ownEndpoint(): string {
    return this.#ownEndpoint;
  }

  /** The common port speaks HTTP/1.1, which APNs does not. */
  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    await readBody(req);
    const error = `APNs speaks HTTP/2 only, and here at ${this.#ownEndpoint}`;
    writeReply(res, jsonReply(426, { error }, { upgrade: 'h2c' }));
  }

  obey(order: unknown): string | undefined {
    return obeyOrder(apnsControl, order, (change) => this.control(change));
  }

  control(change: ApnsControl): void {
    this.front.control(change);
    this.#controlDevices(change);
    const { providerTokenSeconds, providerTokenUpdateSeconds } = change;
    if (change.expireProviderTokens) this.#tokens.expireAll();
    if (providerTokenSeconds !== undefined) this.#tokens.lifeSeconds = providerTokenSeconds;
    if (providerTokenUpdateSeconds !== undefined) {
      this.#tokens.updateSeconds = providerTokenUpdateSeconds;
    }
    if (change.sandbox !== undefined) this.#settings.sandbox = change.sandbox;
    if (change.refuseStreams !== undefined) this.#connections.refuseStreams(change.refuseStreams);
    if (change.streamsBeforeToken !== undefined) {
      this.#connections.allowBeforeToken(change.streamsBeforeToken);
    }
    if (change.goAway) this.#connections.goAway();
  }

  counters(): ApnsCounters {
    return {
      ...this.front.counters(),
      authRequests: 0,
      providerTokens: this.#tokens.count,
      ...this.#connections.counts(),
    };
  }

  /** Ends all faults and settings, forgets provider tokens and starts counting anew. */
  reset(): void {
    this.front.reset();
    this.#tokens.reset();
    this.#devices.reset();
    this.#connections.reset();
    this.#settings.sandbox = false;
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  #controlDevices(change: ApnsControl): void {
    const { settings } = this.#devices;
    const { deadTokens, expiredTokens, foreignTokens, otherEnvironmentTokens } = change;
    if (deadTokens !== undefined) settings.deadTokens = lowerCase(deadTokens);
    if (expiredTokens !== undefined) settings.expiredTokens = lowerCase(expiredTokens);
    if (foreignTokens !== undefined) settings.foreignTokens = lowerCase(foreignTokens);
    if (otherEnvironmentTokens !== undefined) {
      settings.otherEnvironmentTokens = lowerCase(otherEnvironmentTokens);
    }
    if (change.deadSince !== undefined) settings.deadSince = change.deadSince ?? undefined;
    if (change.perDeviceQuota !== undefined) {
      settings.perDeviceQuota = change.perDeviceQuota ?? undefined;
    }
  }

  #answer(req: Http2ServerRequest, res: Http2ServerResponse): void {
    const { session } = req.stream;
    const outgoing = {
      writeHead: (status: number, headers: Readonly<Record<string, string | number>>) => {
        if (this.#tokens.hasTaken(req.headers.authorization)) this.#connections.trust(session);
        return res.writeHead(status, headers);
      },
      end: (body: string) => res.end(body),
      // an answer that is dropped takes its connection with it
      destroy: () => session?.destroy(),
    };
    this.front.handle(req, outgoing, req.url).catch(() => res.destroy());
  }
}

function lowerCase(list: readonly string[]): ReadonlySet<string> {
  return new Set(list.map((token) => token.toLowerCase()));
}
