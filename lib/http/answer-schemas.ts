import * as v from 'valibot';
import { REASONS } from '../model/reason';
import { VENDOR_IDS } from '../model/vendor-id';
import { shownOfAccount, shownOfDevice } from './account-answers';
import { certificateBody } from './admin-schemas';
import { shownSettings } from './app-schemas';
import { registerDeviceBody } from './device-schemas';

/** Answers of the API, for its description: what is answered is made by the use cases and never parsed. */
const { package: packageName, endpoint, authEndpoint, limits, classes } = certificateBody.entries;
const {
  platform,
  tokens: _tokens,
  autoSelectPushType: _optional,
  ...facts
} = registerDeviceBody.entries;

const time = v.pipe(v.number(), v.integer());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const vendor = v.picklist(VENDOR_IDS);
const reason = v.picklist(REASONS);
const appState = v.picklist(['foreground', 'background']);
const warnings = v.optional(v.array(v.string()));

const channel = v.strictObject({
  vendor: v.nullable(vendor),
  pushType: count,
  certificate: v.nullable(v.string()),
});
const channelAnswer = {
  channel,
  recommendation: v.strictObject({
    vendor: v.nullable(vendor),
    certificate: v.nullable(v.string()),
  }),
};

export const registeredDevice = v.strictObject({
  ...channelAnswer,
  hadToken: v.boolean(),
  lastDeviceId: v.nullable(v.string()),
  deviceKey: v.string(),
  warnings,
});

export const storedToken = v.strictObject({ ...channelAnswer, warnings });

export const reportedPresence = v.strictObject({ applied: v.boolean(), warnings });

export const reportedEvents = v.strictObject({
  heartbeats: count,
  events: v.array(
    v.strictObject({
      result: v.picklist(['applied', 'older', 'unknown-device', 'session-ended', 'conflict']),
    }),
  ),
});

export const account = v.strictObject({
  accountId: v.string(),
  ...shownOfAccount,
  devices: v.array(
    v.strictObject({
      ...facts,
      deviceId: v.string(),
      platform,
      autoSelectPushType: v.boolean(),
      pushEnabled: v.boolean(),
      ...shownOfDevice,
      session: v.strictObject({
        state: v.picklist(['logged-in', 'logged-out', 'kicked']),
        at: time,
      }),
      presence: v.strictObject({
        state: v.picklist(['foreground', 'background', 'disconnected']),
        appState,
        at: v.nullable(time),
      }),
      channel,
      tokens: v.array(
        v.strictObject({
          certificate: v.string(),
          vendor,
          fingerprint: v.string(),
          registeredAt: time,
        }),
      ),
    }),
  ),
});

const decision = v.picklist(['push', 'skip']);
const counts = v.record(v.string(), count);

export const decidedMessage = v.strictObject({
  messageId: v.string(),
  duplicate: v.boolean(),
  warnings: v.optional(
    v.pipe(v.array(v.string()), v.description('What was left out, for a vendor would refuse it')),
  ),
  /** Up to 100 recipients, in a call whose answer stays below 4 MB. */
  recipients: v.optional(
    v.array(
      v.strictObject({
        accountId: v.string(),
        reachable: v.boolean(),
        reason: v.optional(reason),
        devices: v.array(
          v.strictObject({
            deviceId: v.string(),
            decision,
            reason,
            vendor: v.optional(vendor),
            certificate: v.optional(
              v.pipe(v.string(), v.description('Of a skip for shadow: where it would have gone')),
            ),
          }),
        ),
      }),
    ),
  ),
  counts: v.optional(
    v.pipe(
      counts,
      v.description('By reason; instead of recipients, above 100 of them or 4 MB of answer a call'),
    ),
  ),
  reachable: v.optional(v.pipe(count, v.description('Beside counts: how many recipients are'))),
});

export const decidedMessages = v.union([
  decidedMessage,
  v.strictObject({ messages: v.array(decidedMessage) }),
]);

/** What became of a decision. */
const story = {
  job: v.optional(v.strictObject({ jobId: v.string(), vendor, queuedAt: time })),
  outcomes: v.array(
    v.strictObject({
      kind: v.string(),
      code: v.optional(v.string()),
      text: v.optional(v.string()),
      region: v.optional(v.string()),
      at: time,
    }),
  ),
  receipts: v.array(v.strictObject({ kind: v.string(), at: time })),
};

export const trace = v.strictObject({
  messageId: v.string(),
  counts: v.optional(counts),
  devices: v.array(
    v.strictObject({
      accountId: v.string(),
      deviceId: v.string(),
      decision,
      reason,
      decidedAt: time,
      ...story,
      recall: v.optional(
        v.pipe(
          v.strictObject({
            action: v.picklist(['push', 'withdraw', 'none']),
            reason,
            decidedAt: time,
            ...story,
          }),
          v.description('What a recall of the message did on the device'),
        ),
      ),
    }),
  ),
  next: v.optional(
    v.pipe(v.string(), v.description('There are more devices: the cursor of the next page')),
  ),
});

export const certificate = v.strictObject({
  name: v.string(),
  vendor,
  receiptId: v.string(),
  package: packageName,
  endpoint,
  authEndpoint,
  limits,
  classes,
  /** Receipts are checked with what the certificate holds for that, which is not shown. */
  receiptsChecked: v.optional(v.literal(true)),
});

export const configuredCertificate = v.strictObject({
  ...certificate.entries,
  /** What the settings lead to without being wrong, such as the vendor's restricted class. */
  warnings: v.array(v.string()),
  /** With `verify=true`. A certificate that the vendor refuses is not stored, but answered with 400. */
  verification: v.optional(
    v.strictObject({
      result: v.picklist(['accepted', 'unknown']),
      code: v.optional(v.string()),
      text: v.string(),
    }),
  ),
});

export const certificates = v.strictObject({ certificates: v.array(certificate) });

export const appSettings = v.strictObject({
  appKey: v.string(),
  ...shownSettings,
});

/** In the vendor's own form. */
export const receiptTaken = v.strictObject({
  code: v.picklist([0, '0']),
  message: v.optional(v.string()),
  errno: v.optional(v.string()),
  errmsg: v.optional(v.string()),
});

export const health = v.strictObject({ status: v.literal('ok') });

export const openApi = v.looseObject({ openapi: v.string() });

/** A refusal, RFC 9457. */
export const problemDocument = v.strictObject({
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  detail: v.string(),
  requestId: v.string(),
  errors: v.optional(
    v.array(
      v.strictObject({
        path: v.string(),
        message: v.string(),
        code: v.optional(v.pipe(v.number(), v.description("NIM's number for it"))),
      }),
    ),
  ),
});
