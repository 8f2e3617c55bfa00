import type { GenericSchema } from 'valibot';
import { ACCOUNT_OPERATIONS } from './account-operations';
import { certificateBody, verifyQuery } from './admin-schemas';
import * as answers from './answer-schemas';
import { appSettingsBody } from './app-schemas';
import { cursorField } from './fields';
import { FLOW_OPERATIONS } from './flow-operations';
import { messageBody } from './message-schemas';
import { NIM_OPERATIONS } from './nim-operations';
import { notificationBody } from './notification-schemas';
import { READ_OPERATIONS } from './read-operations';
import { RECALL_OPERATIONS } from './recall-operations';
import { changedTeam, teamChangeBody, teamMembersBody } from './team-schemas';

/** One route of the API as its description tells it. */
export interface Operation {
  readonly route: string;
  readonly summary: string;
  /** `copy`: signed as NIM signs its message copies. */
  readonly scope: 'device' | 'server' | 'admin' | 'copy' | 'none';
  readonly status: 200 | 202 | 204;
  readonly body?: GenericSchema;
  /** Without a body the call is good as well. */
  readonly isBodyOptional?: true;
  /** The fields of a form that may be sent instead. */
  readonly form?: GenericSchema;
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

const TEAM = '/v1/teams/{teamId}/members';

/** Every route of the API, with the schema that validates its body. */
export const OPERATIONS: readonly Operation[] = [
  ...ACCOUNT_OPERATIONS,
  ...READ_OPERATIONS,
  ...RECALL_OPERATIONS,
  ...NIM_OPERATIONS,
  {
    route: 'POST /v1/messages',
    summary: 'Send one message event, or a list of them',
    scope: 'server',
    status: 202,
    body: messageBody,
    answer: answers.decidedMessages,
  },
  {
    route: 'POST /v1/notifications',
    summary: 'Send a custom system notification',
    scope: 'server',
    status: 202,
    body: notificationBody,
    answer: answers.decidedMessage,
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
  ...FLOW_OPERATIONS,
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
