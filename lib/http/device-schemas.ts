import * as v from 'valibot';
import { PLATFORMS } from '../model/account';
import {
  certificateNameField,
  filledField,
  idField,
  textField,
  timeField,
  tokenField,
  vendorField,
} from './fields';

/** Bodies of device calls. Fields we do not know are ignored and listed: a shipped app can't be fixed. */
export const registerDeviceBody = v.object({
  platform: v.picklist(PLATFORMS),
  manufacturer: v.optional(textField(128)),
  brand: v.optional(textField(128)),
  model: v.optional(textField(128)),
  osVersion: v.optional(textField(128)),
  romVersion: v.optional(textField(128)),
  googleServices: v.optional(v.boolean()),
  region: v.optional(textField(32)),
  package: v.optional(textField(256)),
  appVersion: v.optional(textField(128)),
  locale: v.optional(textField(64)),
  timeZone: v.optional(textField(64)),
  textSet: v.optional(textField(64)),
  autoSelectPushType: v.optional(v.boolean()),
  supportedVendors: v.optional(
    v.pipe(v.array(vendorField), v.maxLength(20, 'must have at most 20 entries')),
  ),
  tokens: v.optional(
    v.pipe(
      v.array(v.object({ certificate: certificateNameField, token: tokenField })),
      v.maxLength(20, 'must have at most 20 entries'),
    ),
    [],
  ),
});

export const tokenBody = v.object({ token: tokenField });

const leaseField = v.pipe(
  v.number(),
  v.integer('must be whole seconds'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(86_400, 'must be at most 86400'),
);

export const presenceBody = v.object({
  state: v.picklist(['foreground', 'background', 'disconnected']),
  at: v.optional(timeField),
  badge: v.optional(
    v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(0, 'must not be negative')),
  ),
  leaseSeconds: v.optional(leaseField, 400),
});

const epochField = v.pipe(
  v.union([filledField(128), v.number()]),
  v.transform((epoch) => String(epoch)),
);

const heartbeat = v.strictObject({ node: idField, epoch: epochField, at: v.optional(timeField) });

const presenceEvent = v.strictObject({
  accountId: idField,
  deviceId: idField,
  event: v.picklist(['login', 'logout', 'kick', 'foreground', 'background', 'disconnect']),
  at: v.optional(timeField),
  node: v.optional(idField),
  epoch: v.optional(epochField),
  platform: v.optional(v.picklist(PLATFORMS)),
});

/** `POST /v1/presence`: what happened to devices, and which nodes are alive. */
export const presenceEventsBody = v.strictObject({
  /** The node that sends this call: a heartbeat, and the witness of events that name none. */
  node: v.optional(idField),
  epoch: v.optional(epochField),
  at: v.optional(timeField),
  heartbeats: v.optional(
    v.pipe(v.array(heartbeat), v.maxLength(500, 'must have at most 500 entries')),
    [],
  ),
  events: v.optional(
    v.pipe(v.array(presenceEvent), v.maxLength(500, 'must have at most 500 entries')),
    [],
  ),
});
