import * as v from 'valibot';
import { errorsIn } from './json-schema';

const content = v.record(v.string(), v.strictObject({ schema: v.looseObject({}) }));

/** One operation of an OpenAPI 3.1 document: what is not here is not used, and so not allowed. */
const operation = v.strictObject({
  summary: v.string(),
  parameters: v.optional(
    v.array(
      v.strictObject({
        name: v.string(),
        in: v.picklist(['path', 'query']),
        required: v.optional(v.boolean()),
        description: v.optional(v.string()),
        schema: v.looseObject({}),
      }),
    ),
    [],
  ),
  security: v.optional(v.array(v.record(v.string(), v.array(v.string())))),
  requestBody: v.optional(v.strictObject({ required: v.boolean(), content })),
  responses: v.record(
    v.pipe(v.string(), v.regex(/^([1-5]\d\d|default)$/)),
    v.strictObject({ description: v.string(), content: v.optional(content) }),
  ),
});

const openApi31 = v.strictObject({
  openapi: v.pipe(v.string(), v.regex(/^3\.1\.\d+$/)),
  info: v.strictObject({
    title: v.string(),
    version: v.string(),
    license: v.strictObject({ name: v.string() }),
  }),
  paths: v.record(
    v.pipe(v.string(), v.startsWith('/')),
    v.record(v.picklist(['get', 'put', 'post', 'delete', 'patch']), operation),
  ),
  components: v.strictObject({
    securitySchemes: v.record(
      v.string(),
      v.union([
        v.strictObject({ type: v.literal('http'), scheme: v.string(), bearerFormat: v.string() }),
        v.strictObject({ type: v.literal('apiKey'), in: v.literal('header'), name: v.string() }),
      ]),
    ),
    schemas: v.record(v.string(), v.looseObject({})),
  }),
});

export type Operation = v.InferOutput<typeof operation>;

/** A call by its route; path variables stand under their names. */
export interface Call {
  readonly route: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly token?: string | undefined;
  /** What it is signed with, instead of a token. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the service says of itself, to compare with what it does. */
export class DescribedApi {
  readonly document: v.InferOutput<typeof openApi31>;
  readonly operations: ReadonlyMap<string, Operation>;
  /** `<route> <status>` of every answer so far. */
  readonly seen = new Set<string>();
  readonly #url: string;

  constructor(url: string, document: unknown) {
    this.#url = url;
    this.document = v.parse(openApi31, document);
    this.operations = new Map(
      Object.entries(this.document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(
          ([method, one]) => [`${method.toUpperCase()} ${path}`, v.parse(operation, one)] as const,
        ),
      ),
    );
  }

  /** Makes a call, and answers its status and whatever in it is not as described. */
  async call({ route, path = {}, query = '', body, token, headers = {} }: Call) {
    const [method = '', template = ''] = route.split(' ');
    const described = this.operations.get(route);
    const address = template.replaceAll(/\{(\w+)\}/g, (_all, name) =>
      encodeURIComponent(path[name] ?? name),
    );
    const answer = await fetch(`${this.#url}${address}${query}`, {
      method,
      headers: {
        ...headers,
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const { status } = answer;
    this.seen.add(`${route} ${status}`);
    const problems = [
      ...this.#responseErrors(described, answer, await answer.text()),
      ...(status < 400 ? this.#requestErrors(described, body) : []),
      ...(status < 400 ? this.#queryErrors(described, query) : []),
    ];
    return { status, problems };
  }

  #responseErrors(described: Operation | undefined, answer: Response, text: string): string[] {
    const { status, headers } = answer;
    const responses = described?.responses ?? {};
    const own = responses[status] ?? (status >= 400 ? responses['default'] : undefined);
    if (own === undefined) return [`${status} is not described`];
    if (own.content === undefined) return text === '' ? [] : [`${status} has a body: ${text}`];
    const type = headers.get('content-type') ?? '';
    const schema = own.content[type]?.schema;
    if (schema === undefined) return [`${status} is of the type ${type}, which is not described`];
    return errorsIn(JSON.parse(text), schema, this.document);
  }

  #requestErrors(described: Operation | undefined, body: unknown): string[] {
    const schema = described?.requestBody?.content['application/json']?.schema;
    return schema === undefined ? [] : errorsIn(body, schema, this.document, 'request');
  }

  #queryErrors(described: Operation | undefined, query: string): string[] {
    return [...new URLSearchParams(query)].flatMap(([name, value]) => {
      const one = described?.parameters.find((each) => each.in === 'query' && each.name === name);
      if (one === undefined) return [`the parameter ${name} is not described`];
      return errorsIn(value, one.schema, this.document, name);
    });
  }
}
