import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { jsonReply, readBody, writeReply } from '../exchange';
import { commonControl, Faults } from '../faults';
import type { Phones } from '../phones';
import { type Counters, VendorFront } from '../vendor-front';
import { obeyOrder, type VendorSimulator } from '../vendor-simulator';
import { FcmProtocol } from './fcm-protocol';
import { LIFE_SECONDS, OAuth } from './oauth';

/** What `POST /fcm/control` takes. */
const fcmControl = v.strictObject({
  ...commonControl,
  /** FCM error code (`errorCode` in the details) of the failures asked for with `failNext`. */
  code: v.optional(v.string()),
  /** Tokens of another project, besides those that start with `foreign-`. */
  foreignTokens: v.optional(v.array(v.string())),
  /** True: every access token issued so far is expired. */
  expireAccessTokens: v.optional(v.boolean()),
  /** How long access tokens issued from now on are good. */
  accessTokenSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** So many of the next requests for an access token fail with 503. */
  failNextAuth: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
export type FcmControl = v.InferOutput<typeof fcmControl>;

export interface FcmOptions {
  readonly serviceAccount: {
    readonly project_id: string;
    readonly private_key_id: string;
    readonly private_key: string;
    readonly client_email: string;
  };
  readonly packageName: string;
  readonly phones: Phones;
  readonly ratePerSecond: number;
  readonly keepRequests: number;
}

export type FcmCounters = Counters & {
  /** Requests for an access token, refused ones included. */
  readonly authRequests: number;
};

/** A Firebase Cloud Messaging that runs here, with the token endpoint of its service account. */
export class FcmSimulator implements VendorSimulator {
  readonly front: VendorFront;
  readonly #oauth: OAuth;
  readonly #settings: { foreignTokens: ReadonlySet<string> } = { foreignTokens: new Set() };
  #authRequests = 0;
  #failNextAuth = 0;

  constructor({ serviceAccount, packageName, phones, ...options }: FcmOptions) {
    const faults = new Faults();
    this.#oauth = new OAuth({
      clientEmail: serviceAccount.client_email,
      privateKeyId: serviceAccount.private_key_id,
      privateKey: serviceAccount.private_key,
    });
    const protocol = new FcmProtocol({
      projectId: serviceAccount.project_id,
      packageName,
      phones,
      oauth: this.#oauth,
      faults,
      settings: this.#settings,
    });
    this.front = new VendorFront(protocol, { ...options, faults });
  }

  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    return path === '/token' ? this.#authorize(req, res) : this.front.handle(req, res, path);
  }

  async #authorize(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readBody(req);
    this.#authRequests++;
    const reply = this.#takeAuthFailure()
      ? jsonReply(503, { error: 'temporarily_unavailable' })
      : req.method === 'POST'
        ? this.#oauth.answer(body.toString(), Date.now())
        : jsonReply(405, { error: 'invalid_request', error_description: 'POST only' });
    this.front.captured.add(req, body, reply.status);
    writeReply(res, reply);
  }

  obey(order: unknown): string | undefined {
    return obeyOrder(fcmControl, order, (change) => this.control(change));
  }

  control(change: FcmControl): void {
    this.front.control(change);
    if (change.foreignTokens !== undefined) {
      this.#settings.foreignTokens = new Set(change.foreignTokens);
    }
    if (change.expireAccessTokens) this.#oauth.tokens.expireAll();
    if (change.accessTokenSeconds !== undefined) {
      this.#oauth.tokens.lifeSeconds = change.accessTokenSeconds;
    }
    if (change.failNextAuth !== undefined) this.#failNextAuth = change.failNextAuth;
  }

  counters(): FcmCounters {
    return { ...this.front.counters(), authRequests: this.#authRequests };
  }

  /** Ends all faults and settings and starts counting anew; access tokens stay good. */
  reset(): void {
    this.front.reset();
    this.#settings.foreignTokens = new Set();
    this.#oauth.tokens.lifeSeconds = LIFE_SECONDS;
    this.#authRequests = this.#failNextAuth = 0;
  }

  #takeAuthFailure(): boolean {
    if (this.#failNextAuth === 0) return false;
    this.#failNextAuth--;
    return true;
  }
}
