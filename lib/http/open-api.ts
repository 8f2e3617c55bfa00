import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { problemDocument } from './answer-schemas';
import { messageBody, messageListBody } from './message-schemas';
import { OPERATIONS, type Operation } from './operations';

/** The headers of a call that is signed as NIM's are: all of them, or a bearer token. */
const SIGNATURE = ['AppKey', 'Nonce', 'CurTime', 'CheckSum'];
/** Those of a copy that NIM sends. */
const COPY_SIGNATURE = ['AppKey', 'CurTime', 'MD5', 'CheckSum'];

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
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        ...Object.fromEntries(
          [...SIGNATURE, 'MD5'].map((name) => [name, { type: 'apiKey', in: 'header', name }]),
        ),
      },
      schemas: {
        MessageList: jsonSchema(messageListBody),
        Problem: jsonSchema(problemDocument),
      },
    },
  };
}

function operationObject(operation: Operation, path: string) {
  const {
    summary,
    scope,
    status,
    body,
    form,
    isBodyOptional = false,
    answer,
    query = {},
  } = operation;
  const text = { type: 'string' };
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
      return { name, in: 'path', required: true, schema: text };
    }),
    ...Object.entries(query).map(([name, { description, schema }]) => {
      const own = schema === undefined ? text : jsonSchema(schema);
      return { name, in: 'query', description, schema: own };
    }),
  ];
  return {
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(scope === 'none' ? {} : { security: securityOf(scope) }),
    ...(body === undefined ? {} : { requestBody: requestBody(body, { form, isBodyOptional }) }),
    responses: {
      [status]: {
        description: 'Done',
        ...(answer === undefined
          ? {}
          : { content: { 'application/json': { schema: jsonSchema(answer) } } }),
      },
      default: {
        description: 'A problem',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

function securityOf(scope: Operation['scope']) {
  const all = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, []]));
  if (scope === 'copy') return [all(COPY_SIGNATURE)];
  return [{ bearer: [scope] }, ...(scope === 'admin' ? [] : [all(SIGNATURE)])];
}

function requestBody(
  schema: GenericSchema,
  {
    form,
    isBodyOptional,
  }: { readonly form: GenericSchema | undefined; readonly isBodyOptional: boolean },
) {
  const own = jsonSchema(schema);
  const either =
    schema === messageBody ? { anyOf: [own, { $ref: '#/components/schemas/MessageList' }] } : own;
  const content = {
    'application/json': { schema: either },
    ...(form && { 'application/x-www-form-urlencoded': { schema: jsonSchema(form) } }),
  };
  return { required: !isBodyOptional, content };
}

function jsonSchema(schema: GenericSchema) {
  const { $schema: _dialect, ...rest } = toJsonSchema(schema, {
    errorMode: 'ignore',
    typeMode: 'input',
  });
  return rest;
}
