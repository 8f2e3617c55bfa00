/** A route and what stands behind it. */
export interface Route<T> {
  /** `GET /v1/accounts/{accountId}`, `ANY /files/{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly target: T;
}

export interface MatchedRoute<T> extends Route<T> {
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Segment {
  readonly kind: 'text' | 'variable' | 'greedy';
  /** The text, or the variable's name. */
  readonly name: string;
}

interface CompiledRoute<T> extends Route<T> {
  readonly method: string;
  readonly segments: readonly Segment[];
}

const SPECIFICITY = { text: 0, variable: 1, greedy: 2 };

/**
 * Finds routes as an HTTP API does: the most specific one wins, then a method over `ANY`, and `$default` takes the rest.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export class RouteTable<T> {
  readonly #routes: readonly CompiledRoute<T>[];
  readonly #default: Route<T> | undefined;

  constructor(routes: readonly Route<T>[]) {
    this.#default = routes.find(({ routeKey }) => routeKey === '$default');
    this.#routes = routes
      .filter((route) => route !== this.#default)
      .map(compile)
      .sort(bySpecificity);
  }

  /** `path` is decoded. Undefined when there is not even a default route. */
  match(method: string, path: string): MatchedRoute<T> | undefined {
    const parts = path.split('/').slice(1);
    for (const { routeKey, target, ...route } of this.#routes) {
      if (route.method !== 'ANY' && route.method !== method) continue;
      const pathParameters = matchSegments(route.segments, parts);
      if (pathParameters) return { routeKey, target, pathParameters };
    }
    return this.#default && { ...this.#default, pathParameters: {} };
  }
}

function compile<T>(route: Route<T>): CompiledRoute<T> {
  const [method = '', path = ''] = route.routeKey.split(' ');
  return { ...route, method, segments: path.split('/').slice(1).map(readSegment) };
}

function readSegment(text: string): Segment {
  const [, name, plus] = /^\{([^+}]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: 'text', name: text };
  return { kind: plus ? 'greedy' : 'variable', name };
}

function bySpecificity(a: CompiledRoute<unknown>, b: CompiledRoute<unknown>): number {
  for (const [index, segment] of a.segments.entries()) {
    const other = b.segments[index];
    if (!other) return -1;
    const difference = SPECIFICITY[segment.kind] - SPECIFICITY[other.kind];
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const isGreedy = segments.at(-1)?.kind === 'greedy';
  if (isGreedy ? parts.length < segments.length : parts.length !== segments.length)
    return undefined;

  const pathParameters: Record<string, string> = {};
  for (const [index, { kind, name }] of segments.entries()) {
    const part = kind === 'greedy' ? parts.slice(index).join('/') : (parts[index] ?? '');
    if (kind === 'text' ? part !== name : part === '') return undefined;
    if (kind !== 'text') pathParameters[name] = part;
  }
  return pathParameters;
}
