import type { GenericSchema } from 'valibot';
import { appSettingsBody, certificateBody, verifyQuery } from './admin-schemas';
import * as answers from './answer-schemas';
import {
  changeDeviceBody,
  presenceBody,
  presenceEventsBody,
  registerDeviceBody,
  tokenBody,
} from './device-schemas';
import { cursorField } from './fields';
import { messageBody } from './message-schemas';
import { changedTeam, teamChangeBody, teamMembersBody } from './team-schemas';

/** One route of the API as its description tells it. */
export interface Operation {
  readonly route: string;
  readonly summary: string;
  readonly scope: 'device' | 'server' | 'admin' | 'none';
  readonly status: 200 | 202 | 204;
  readonly body?: GenericSchema;
  /** Absent where nothing is answered. */
  readonly answer?: GenericSchema;
  readonly query?: Readonly<Record<string, QueryParameter>>;
}

export interface QueryParameter {
  /** What it asks for. */
  readonly description: string;
  /** Any text if absent. */
  readonly schema?: GenericSchema;
}

const DEVICE = '/v1/accounts/{accountId}/devices/{deviceId}';
const TEAM = '/v1/teams/{teamId}/members';

/** Every route of the API, with the schema that validates its body. */
export const OPERATIONS: readonly Operation[] = [
  {
    route: `PUT ${DEVICE}`,
    summary: 'Log a device in and register its tokens',
    scope: 'device',
    status: 200,
    body: registerDeviceBody,
    answer: answers.registeredDevice,
  },
  {
    route: `PATCH ${DEVICE}`,
    summary: 'Change the switches of a device',
    scope: 'device',
    status: 200,
    body: changeDeviceBody,
    answer: answers.changedDevice,
  },
  {
    route: `PUT ${DEVICE}/tokens/{certificate}`,
    summary: 'Store a new or refreshed token',
    scope: 'device',
    status: 200,
    body: tokenBody,
    answer: answers.storedToken,
  },
  {
    route: `DELETE ${DEVICE}/tokens/{certificate}`,
    summary: 'Forget a token',
    scope: 'device',
    status: 204,
  },
  {
    route: `PUT ${DEVICE}/presence`,
    summary: 'Report foreground, background or disconnected',
    scope: 'device',
    status: 200,
    body: presenceBody,
    answer: answers.reportedPresence,
  },
  {
    route: `DELETE ${DEVICE}/session`,
    summary: 'Log a device out, or kick it',
    scope: 'device',
    status: 204,
    query: { reason: { description: '`kicked` for a kick; by a server only' } },
  },
  {
    route: 'POST /v1/presence',
    summary: 'Report presence events and node heartbeats',
    scope: 'server',
    status: 200,
    body: presenceEventsBody,
    answer: answers.reportedEvents,
  },
  {
    route: 'GET /v1/accounts/{accountId}',
    summary: 'Show an account and its devices',
    scope: 'device',
    status: 200,
    answer: answers.account,
  },
  {
    route: 'POST /v1/messages',
    summary: 'Send one message event, or a list of them',
    scope: 'server',
    status: 202,
    body: messageBody,
    answer: answers.decidedMessages,
  },
  {
    route: 'GET /v1/messages/{messageId}/trace',
    summary: 'Tell what became of a message',
    scope: 'server',
    status: 200,
    answer: answers.trace,
    query: {
      accountId: { description: 'Only of this account' },
      deviceId: { description: 'Only of this device' },
      cursor: {
        description: '`next` of the page before: a page has up to 1,000 devices',
        schema: cursorField,
      },
    },
  },
  {
    route: `PUT ${TEAM}`,
    summary: 'Say who is in a team',
    scope: 'server',
    status: 200,
    body: teamMembersBody,
    answer: changedTeam,
  },
  {
    route: `PATCH ${TEAM}`,
    summary: 'Add or remove members of a team',
    scope: 'server',
    status: 200,
    body: teamChangeBody,
    answer: changedTeam,
  },
  {
    route: `DELETE ${TEAM}`,
    summary: 'Forget a team',
    scope: 'server',
    status: 204,
  },
  {
    route: 'PUT /v1/certificates/{name}',
    summary: 'Store a certificate, unless its vendor refuses it',
    scope: 'admin',
    status: 200,
    body: certificateBody,
    answer: answers.configuredCertificate,
    query: {
      verify: {
        description: '`true` asks the vendor first: what it refuses is answered with 400',
        schema: verifyQuery,
      },
    },
  },
  {
    route: 'GET /v1/certificates/{name}',
    summary: 'Show a certificate without its secrets',
    scope: 'admin',
    status: 200,
    answer: answers.certificate,
  },
  {
    route: 'DELETE /v1/certificates/{name}',
    summary: 'Remove a certificate',
    scope: 'admin',
    status: 204,
  },
  {
    route: 'GET /v1/certificates',
    summary: 'List certificates',
    scope: 'admin',
    status: 200,
    answer: answers.certificates,
  },
  {
    route: 'GET /v1/app',
    summary: 'Show the settings of the app',
    scope: 'admin',
    status: 200,
    answer: answers.appSettings,
  },
  {
    route: 'PATCH /v1/app',
    summary: 'Change the settings of the app',
    scope: 'admin',
    status: 200,
    body: appSettingsBody,
    answer: answers.appSettings,
  },
  {
    route: 'POST /r/{id}',
    summary: 'Receipts of a vendor',
    scope: 'none',
    status: 200,
    answer: answers.receiptTaken,
  },
  {
    route: 'GET /health',
    summary: 'Whether the service is up',
    scope: 'none',
    status: 200,
    answer: answers.health,
  },
  {
    route: 'GET /openapi.json',
    summary: 'This document',
    scope: 'none',
    status: 200,
    answer: answers.openApi,
  },
];
