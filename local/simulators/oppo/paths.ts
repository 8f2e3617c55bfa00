import { type Refusal, refuse } from './codes';

/** The auth call (OPPO open platform, doc 11234). */
export const AUTH = '/server/v1/auth';
/** One message to one phone (doc 11238). */
export const UNICAST = '/server/v1/message/notification/unicast';
/** Up to 1,000 messages, each with its own text (doc 11238). */
export const UNICAST_BATCH = '/server/v1/message/notification/unicast_batch';

const SERVED: ReadonlySet<string> = new Set([AUTH, UNICAST, UNICAST_BATCH]);

/** What is wrong with the address or the HTTP method, if anything. */
export function findPathRefusal(method: string, path: string): Refusal | undefined {
  if (SERVED.has(path)) return method === 'POST' ? undefined : refuse(12);
  const [, server = '', version = '', ...call] = path.split('/');
  if (server !== 'server') return refuse(21);
  if (version === '') return refuse(22);
  if (!/^v\d+$/.test(version)) return refuse(23);
  if (version !== 'v1') return refuse(24);
  return refuse(call.join('') === '' ? 20 : 21);
}
