import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { appSettingsBody, certificateBody } from './admin-schemas';
import {
  changeDeviceBody,
  presenceBody,
  presenceEventsBody,
  registerDeviceBody,
  tokenBody,
} from './device-schemas';
import { messageBody, messageListBody } from './message-schemas';

interface Operation {
  readonly route: string;
  readonly summary: string;
  readonly scope: 'device' | 'server' | 'admin' | 'none';
  readonly status: 200 | 202 | 204;
  readonly body?: GenericSchema;
}

const DEVICE = '/v1/accounts/{accountId}/devices/{deviceId}';

/** Every route of the API, with the schema that validates its body. */
export const OPERATIONS: readonly Operation[] = [
  {
    route: `PUT ${DEVICE}`,
    summary: 'Log a device in and register its tokens',
    scope: 'device',
    status: 200,
    body: registerDeviceBody,
  },
  {
    route: `PATCH ${DEVICE}`,
    summary: 'Change the switches of a device',
    scope: 'device',
    status: 200,
    body: changeDeviceBody,
  },
  {
    route: `PUT ${DEVICE}/tokens/{certificate}`,
    summary: 'Store a new or refreshed token',
    scope: 'device',
    status: 200,
    body: tokenBody,
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
  },
  {
    route: `DELETE ${DEVICE}/session`,
    summary: 'Log a device out, or kick it',
    scope: 'device',
    status: 204,
  },
  {
    route: 'POST /v1/presence',
    summary: 'Report presence events and node heartbeats',
    scope: 'server',
    status: 200,
    body: presenceEventsBody,
  },
  {
    route: 'GET /v1/accounts/{accountId}',
    summary: 'Show an account and its devices',
    scope: 'device',
    status: 200,
  },
  {
    route: 'POST /v1/messages',
    summary: 'Send one message event, or a list of them',
    scope: 'server',
    status: 202,
    body: messageBody,
  },
  {
    route: 'GET /v1/messages/{messageId}/trace',
    summary: 'Tell what became of a message',
    scope: 'server',
    status: 200,
  },
  {
    route: 'PUT /v1/certificates/{name}',
    summary: 'Store a certificate',
    scope: 'admin',
    status: 200,
    body: certificateBody,
  },
  {
    route: 'GET /v1/certificates/{name}',
    summary: 'Show a certificate without its secrets',
    scope: 'admin',
    status: 200,
  },
  {
    route: 'DELETE /v1/certificates/{name}',
    summary: 'Remove a certificate',
    scope: 'admin',
    status: 204,
  },
  { route: 'GET /v1/certificates', summary: 'List certificates', scope: 'admin', status: 200 },
  { route: 'GET /v1/app', summary: 'Show the settings of the app', scope: 'admin', status: 200 },
  {
    route: 'PATCH /v1/app',
    summary: 'Change the settings of the app',
    scope: 'admin',
    status: 200,
    body: appSettingsBody,
  },
  { route: 'POST /r/{id}', summary: 'Receipts of a vendor', scope: 'none', status: 200 },
  { route: 'GET /health', summary: 'Whether the service is up', scope: 'none', status: 200 },
  { route: 'GET /openapi.json', summary: 'This document', scope: 'none', status: 200 },
];

/** The OpenAPI 3.1 document of the API, from the schemas that validate its calls. */
export function openApiDocument() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of OPERATIONS) {
    const [method = '', path = ''] = operation.route.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation, path) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Offline Push', version: '1', license: { name: 'MIT' } },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { MessageList: jsonSchema(messageListBody), Problem: PROBLEM },
    },
  };
}

function operationObject({ summary, scope, status, body }: Operation, path: string) {
  const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    summary,
    ...(variables.length > 0 ? { parameters: variables } : {}),
    ...(scope === 'none' ? {} : { security: [{ bearer: [scope] }] }),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: {
      [status]: { description: 'Done' },
      default: {
        description: 'A problem',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

function requestBody(schema: GenericSchema) {
  const own = jsonSchema(schema);
  const either =
    schema === messageBody ? { anyOf: [own, { $ref: '#/components/schemas/MessageList' }] } : own;
  return { required: true, content: { 'application/json': { schema: either } } };
}

function jsonSchema(schema: GenericSchema) {
  const { $schema: _dialect, ...rest } = toJsonSchema(schema, {
    errorMode: 'ignore',
    typeMode: 'input',
  });
  return rest;
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};
