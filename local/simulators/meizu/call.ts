import type { VendorRequest } from '../exchange';
import { parseForm } from '../strict-form';
import { type Refusal, refuse } from './codes';
import { signParameters } from './signature';

export interface MeizuApp {
  readonly appId: string;
  readonly appSecret: string;
}

/** The parameters of a call whose signature is right, or why it is refused. */
export type Call =
  | { readonly ok: true; readonly parameters: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly refusal: Refusal };

const PARAMETERS: ReadonlySet<string> = new Set(['appId', 'pushIds', 'messageJson', 'sign']);

/** Reads a call and checks who makes it. Source: github.com/MEIZUPUSH/PushAPI, README, "接口签名规范". */
export function readCall({ headers, body }: VendorRequest, app: MeizuApp): Call {
  const contentType = (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
  if (!/^application\/x-www-form-urlencoded(;charset="?utf-8"?)?$/.test(contentType)) {
    return refused(1005, 'Content-Type must be a UTF-8 form');
  }
  const form = parseForm(body);
  if (!form.ok) return refused(1005, form.problem);
  const parameters = new Map<string, string>();
  for (const [name, [value = '', ...more]] of form.fields) {
    if (!PARAMETERS.has(name)) return refused(1005, `${name}: no such parameter`);
    if (more.length > 0) return refused(1005, `${name} is given more than once`);
    parameters.set(name, value);
  }
  const appId = parameters.get('appId');
  if (!appId) return refused(110004, 'appId');
  if (appId !== app.appId) return refused(110000);
  const sign = parameters.get('sign');
  if (!sign) return refused(110004, 'sign');
  if (sign !== signParameters(parameters, app.appSecret)) return refused(1006);
  return { ok: true, parameters };
}

function refused(code: number, detail?: string): Call {
  return { ok: false, refusal: refuse(code, detail) };
}
