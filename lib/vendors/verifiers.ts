import { type GenericSchema, parse } from 'valibot';
import type { AccessTokenStore } from '../model/access-token';
import type { Certificate } from '../model/certificate';
import type { SendOutcome } from '../model/send-outcome';
import type { Clock } from '../model/time';
import type { HttpClient } from '../model/vendor-ports';
import type { Fetched } from './access-tokens';
import { createApnsSender } from './apns/sender';
import { fcm } from './fcm';
import { fetchAccessToken } from './fcm/auth';
import { credentials as fcmCredentials } from './fcm/credentials';
import { createHarmonySender } from './harmony/sender';
import { honor } from './honor';
import { fetchAccessToken as fetchHonorToken } from './honor/auth';
import { credentials as honorCredentials } from './honor/credentials';
import { createHuaweiSender } from './huawei/sender';
import { createMeizuSender } from './meizu/sender';
import { oppo } from './oppo';
import { fetchAuthToken as fetchOppoToken } from './oppo/auth';
import { credentials as oppoCredentials } from './oppo/credentials';
import type { vendors } from './registry';
import { addressOf, type CreateSender, type SendRequest, type Vendor } from './vendor';
import { vivo } from './vivo';
import { fetchAuthToken as fetchVivoToken } from './vivo/auth';
import { credentials as vivoCredentials } from './vivo/credentials';
import { createXiaomiSender } from './xiaomi/sender';

/** What a vendor made of a certificate. */
export interface Verification {
  readonly result: 'accepted' | 'refused' | 'unknown';
  /** The vendor's own code and words, where there are any. */
  readonly code?: string;
  readonly text: string;
}

interface VerifyPorts {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** For APNs alone. */
  readonly accessTokens: AccessTokenStore;
}

type Verify = (certificate: Certificate, ports: VerifyPorts) => Promise<Verification>;

/** Asks the vendor whether it knows a certificate, without reaching any phone. */
export const verifiers: Readonly<Record<keyof typeof vendors, Verify>> = {
  xiaomi: bySending(createXiaomiSender, 'bm90LWEtcGhvbmU='),
  huawei: bySending(createHuaweiSender, 'not-a-phone'),
  honor: byAccessToken(honor, honorCredentials, fetchHonorToken),
  oppo: byAccessToken(oppo, oppoCredentials, fetchOppoToken),
  vivo: byAccessToken(vivo, vivoCredentials, fetchVivoToken),
  meizu: bySending(createMeizuSender, 'not-a-phone'),
  harmony: bySending(createHarmonySender, 'not-a-phone'),
  apns: bySending(createApnsSender, '0'.repeat(64), {
    // Apple calls a token of the other environment by the same word as no token at all
    meaningTheToken: ['BadDeviceToken'],
    // one of our own would count as a change of the provider token, and Apple refuses the senders' for 20 minutes
    sharesAccessTokens: true,
  }),
  fcm: byAccessToken(fcm, fcmCredentials, ({ serviceAccount }, address, ports) =>
    fetchAccessToken(serviceAccount, address, ports),
  ),
};

/** A message to a token that no phone has: the vendor looks at credentials first and then refuses the token. */
function bySending(
  createSender: CreateSender,
  token: string,
  {
    meaningTheToken = [],
    sharesAccessTokens = false,
  }: { readonly meaningTheToken?: readonly string[]; readonly sharesAccessTokens?: boolean } = {},
): Verify {
  return async (certificate, { http, clock, accessTokens: shared }) => {
    const accessTokens = sharesAccessTokens ? shared : NO_STORE;
    const sender = createSender(certificate, { http, clock, gate: OPEN, accessTokens });
    const [outcome] = await sender.send({ ...PROBE, tokens: [token] });
    if ('reason' in outcome && meaningTheToken.includes(outcome.reason.code)) return KNOWN;
    return verificationOf(outcome);
  };
}

/** By its access token alone, where the vendor issues one: that takes the credentials, and none of the sender's code. */
function byAccessToken<Credentials>(
  vendor: Vendor,
  schema: GenericSchema<unknown, Credentials>,
  fetchToken: (credentials: Credentials, address: string, ports: VerifyPorts) => Promise<Fetched>,
): Verify {
  return async (certificate, ports) => {
    const endpoint =
      vendor.authEndpoint === undefined
        ? (certificate.endpoint ?? vendor.endpoint)
        : (certificate.authEndpoint ?? vendor.authEndpoint);
    const credentials = parse(schema, certificate.credentials);
    const fetched = await fetchToken(credentials, addressOf(endpoint, ''), ports);
    return fetched.kind === 'issued' ? KNOWN : verificationOf(fetched.outcome);
  };
}

const KNOWN: Verification = { result: 'accepted', text: 'the vendor knows the credentials' };

function verificationOf(outcome: SendOutcome): Verification {
  switch (outcome.kind) {
    case 'accepted':
    case 'token-invalid':
    case 'rejected':
      return KNOWN;
    case 'unauthorized':
    case 'misconfigured':
      return { result: 'refused', ...outcome.reason };
    default:
      return { result: 'unknown', ...outcome.reason };
  }
}

const PROBE: Omit<SendRequest, 'tokens'> = {
  jobId: 'verification',
  notification: {
    title: '验证',
    body: '验证推送证书',
    notifyId: 1,
    dedupeKey: 'verification',
    urgency: 'normal',
    messageClass: 'im',
    parts: { nick: '验证', content: '验证推送证书', conversation: '验证' },
    data: {},
  },
  ttlSeconds: 60,
};

/** One request of a person who waits for its answer: it is not worth a share of the limit. */
const OPEN = {
  awaitRoom: () => Promise.resolve({ kind: 'ready' } as const),
  enter: () => Promise.resolve({ leave: () => undefined }),
  refuse: () => undefined,
  rest: () => Promise.resolve(),
};

/** What is verified may be wrong, so its access token is nobody else's. */
const NO_STORE = {
  get: () => Promise.resolve(undefined),
  claimRenewal: () => Promise.resolve(true),
  giveUp: () => Promise.resolve(),
  put: () => Promise.resolve(),
};
