import { createHash } from 'node:crypto';
import type { Simulators } from '../../../../local/simulators/simulators';
import { type Answer, call } from '../calls';

export const NOTIFY = '/garcia/api/server/push/varnished/pushByPushId';

/** Groups of a notification, each with its fields. */
export type Groups = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** A notification that is right in every respect, with some groups changed or left out (undefined). */
export function aNotification(change: Groups = {}): Groups {
  return {
    noticeBarInfo: { noticeMsgType: 1, title: '订单已发货', content: '您的订单 A-1001 已发货' },
    clickTypeInfo: { clickType: 0 },
    pushTimeInfo: { offLine: 1, validTime: 24 },
    ...change,
  };
}

/** Signs as the vendor's document says, here in one line of its own. */
export function sign(fields: Readonly<Record<string, string>>, secret: string): string {
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('');
  return createHash('md5').update(`${text}${secret}`).digest('hex');
}

export interface PostOptions {
  readonly path?: string;
  readonly method?: string;
  readonly contentType?: string;
  /** Fields added, replaced or left out (undefined) before signing. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  /** Replaces the signature; null: none. */
  readonly sign?: string | null;
  readonly secret?: string;
}

/** Sends a notification to some pushIds (comma joined). */
export function postMeizu(
  simulators: Simulators,
  message: Groups | string = aNotification(),
  pushIds = 'RA1',
  options: PostOptions = {},
): Promise<Answer> {
  const { appId, appSecret } = simulators.credentials('meizu');
  const messageJson = typeof message === 'string' ? message : JSON.stringify(message);
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries({ appId, pushIds, messageJson, ...options.fields })) {
    if (value !== undefined) fields[name] = value;
  }
  const body = new URLSearchParams(fields);
  const signature = options.sign ?? sign(fields, options.secret ?? appSecret);
  if (options.sign !== null) body.set('sign', signature);
  return postMeizuBody(simulators, body.toString(), options);
}

export function postMeizuBody(
  simulators: Simulators,
  body: string,
  { path = NOTIFY, method = 'POST', contentType }: PostOptions = {},
): Promise<Answer> {
  return call(`${simulators.endpoint('meizu')}${path}`, {
    method,
    ...(method === 'GET' ? {} : { body }),
    headers: { 'content-type': contentType ?? 'application/x-www-form-urlencoded;charset=UTF-8' },
  });
}
