import type { HttpRequest } from '../model/vendor-ports';

/** How long an answer may take, and what the request counts for the vendor's rate. */
interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly weight?: number;
}

/** A POST of JSON. `body` is sent as it is, for what is signed must be what is sent. */
export function jsonPost(url: string, body: string, options: PostOptions): HttpRequest {
  return post(url, body, 'application/json; charset=utf-8', options);
}

/** A POST of a form, percent-encoded as browsers do. */
export function formPost(
  url: string,
  fields: readonly (readonly [string, string | undefined])[],
  options: PostOptions,
): HttpRequest {
  const form = new URLSearchParams();
  for (const [name, value] of fields) {
    if (value !== undefined) {
      form.append(name, value);
    }
  }
  return post(url, form.toString(), 'application/x-www-form-urlencoded;charset=UTF-8', options);
}

function post(
  url: string,
  body: string,
  contentType: string,
  { headers, timeoutMs, weight }: PostOptions,
): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { 'Content-Type': contentType, ...headers },
    body,
    timeoutMs,
    ...(weight === undefined ? {} : { weight }),
  };
}
